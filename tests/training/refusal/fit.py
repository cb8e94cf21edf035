"""Fit the refusal model that is shipped, and report it on questions that it was not fitted on.

    FOOTNOTE_BENCH=... python -m tests.training.refusal.fit [--again] [--write] [--ablate]
        [--report [--against FILE]]

Fitted to whether what would be quoted answers, which a visitor asks, and not to whether the sources
do: a question that they answer and that would be answered with something else is one to refuse. On
a mixture that looks like visitors: golden questions (the fitting split), questions to small sites,
the same where all sites are one corpus, answerable questions of squad2_dev_half and medquad_liveqa
with and without their gold documents, and a small share of adversarial ones; of each only what the
reader was not trained on. Reported by cross-validation with disjoint articles (squad2), sites or
questions, and with ``--report`` on the reporting split of the golden questions and on what had no
part in the fit: sites that came later, the same as one corpus, and parts of squad2_dev_half and
medquad_liveqa as small ones. Each kind apart, beside the plain cross-encoder score.
"""

import argparse
import json
import random
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.evaluation.metrics.abstention import calibration_error
from assistant.evaluation.metrics.intervals import proportion_text
from assistant.refusal.fitting import balanced_threshold
from assistant.refusal.model import FEATURES, NO_EVIDENCE, RefusalModel, Weights, largeness
from tests.training.refusal.examples import SEED, Example, collect

FOLDS = 5
# Share of each corpus in the loss, whatever the number of its questions.
SHARES = {"golden": 0.4, "visitors": 0.2, "among sites": 0.1, "squad2": 0.18, "liveqa": 0.12}
# What had no part in the fit.
APART = ("later sites", "sites together", "articles", "fifths")
# Of the candidates .03, .1, .3 and 1 the one with the lowest cross-validated log loss.
INVERSE_PENALTY = 0.3
# The share of answerable questions that the cross-encoder's gate may lose.
IRRELEVANT = 0.03
# Passages of the smallest and of the largest corpus fitted on.
SMALL, LARGE = 32, 4093


def fit(examples: list[Example], threshold: float = 0.5) -> RefusalModel:
    """Return the model that fits the examples."""
    features = np.array([[example.features[name] for name in FEATURES] for example in examples])
    share = np.array([[largeness(e.passages, SMALL, LARGE)] for e in examples])
    table = np.hstack([features, share, share * features])
    labels = np.array([example.right for example in examples])
    centres, scales = table.mean(axis=0), table.std(axis=0) + 1e-9
    counts = {name: sum(e.corpus == name for e in examples) for name in SHARES}
    weights = np.array([SHARES[e.corpus] / counts[e.corpus] for e in examples])
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=5000)
    model.fit((table - centres) / scales, labels, sample_weight=weights * len(examples))
    raw = model.coef_[0] / scales
    bias = float(model.intercept_[0] - raw @ centres)
    passage = features[:, FEATURES.index("passage")]
    gate = _quantile(passage[labels], weights[labels], IRRELEVANT)
    own, extra_bias, extra = np.split(raw, [len(FEATURES), len(FEATURES) + 1])
    return RefusalModel(
        threshold=threshold,
        irrelevant_below=gate,
        irrelevant=round(float(labels[passage < gate].mean()), 2),
        small_passages=SMALL,
        large_passages=LARGE,
        small=_weights(bias, own),
        large=_weights(bias + float(extra_bias[0]), own + extra),
    )


def _quantile(values: np.ndarray, weights: np.ndarray, share: float) -> float:
    """Return the value below which so much of the weight lies, to two places."""
    order = np.argsort(values)
    reached = np.cumsum(weights[order]) >= share * weights.sum()
    return round(float(values[order][reached][0]), 2)


def _weights(bias: float, values: np.ndarray) -> Weights:
    named = {name: round(float(value), 4) for name, value in zip(FEATURES, values, strict=True)}
    return Weights(round(bias, 4), named)


def probabilities(model: RefusalModel, examples: list[Example]) -> np.ndarray:
    """Return one probability an example."""
    return np.array([model.probability(e.features, e.passages) for e in examples])


def cross_validated(examples: list[Example], *, gated: bool = True) -> np.ndarray:
    """Return out-of-fold probabilities; a group is never on both sides."""
    return unseen(examples, examples, gated=gated)


def unseen(fitting: list[Example], asked: list[Example], *, gated: bool = True) -> np.ndarray:
    """Return one probability an example asked, by a model fitted to nothing of its group."""
    groups = sorted({example.group for example in fitting})
    random.Random(SEED).shuffle(groups)
    fold = {group: number % FOLDS for number, group in enumerate(groups)}
    models: dict[int | None, RefusalModel] = {None: fit(fitting)}  # for groups that are in no fold
    for number in range(FOLDS):
        models[number] = fit([e for e in fitting if fold[e.group] != number])
    if not gated:
        models = {n: replace(each, irrelevant_below=NO_EVIDENCE) for n, each in models.items()}
    return np.array([models[fold.get(e.group)].probability(e.features, e.passages) for e in asked])


def balanced(examples: list[Example], found: np.ndarray) -> float:
    """Return the threshold, to four places, that does as well by both kinds of golden questions.

    As for an owner's, see ``balanced_threshold``. On fitting questions, out of fold: neither the
    reporting split nor another corpus has a say, since visitors to an owner's pages are most like
    the golden questions.
    """
    own = np.array([e.corpus == "golden" for e in examples])
    right = np.array([e.right for e in examples])
    return round(balanced_threshold(found[own], right[own]), 4)


def report(title: str, examples: list[Example], found: np.ndarray, threshold: float) -> None:
    """Print what is answered, and how each unanswerable kind is told from the answerable ones."""
    passage = np.array([example.features["passage"] for example in examples])
    labels = np.array([example.answerable for example in examples])
    right = np.array([example.right for example in examples])
    print(
        f"\n{title}: {labels.sum()} answerable, {(~labels).sum()} not; threshold {threshold:.2f}; "
        f"calibration error {calibration_error(found, labels):.3f}; "
        f"AUROC of right {roc_auc_score(right, found):.3f}"
    )
    print(
        f"  answered {proportion_text(found[labels] >= threshold)}, "
        f"right {proportion_text((right & (found >= threshold))[labels])}, "
        f"wrong {np.mean((~right & (found >= threshold))[labels]):.3f}, "
        f"refused {proportion_text(found[~labels] < threshold)}"
    )
    for kind in sorted({e.kind for e in examples}):
        chosen = np.array([e.kind == kind for e in examples])
        if labels[chosen].all():
            answered = found[chosen] >= threshold
            print(
                f"  {kind:14} answered {np.mean(answered):.3f} of {chosen.sum()}, "
                f"right {np.mean(answered & right[chosen]):.3f}"
            )
            continue
        told = (chosen & ~labels) | labels
        print(
            f"  {kind:14} refused  {np.mean(found[chosen & ~labels] < threshold):.3f} of "
            f"{(chosen & ~labels).sum()}; AUROC {roc_auc_score(labels[told], found[told]):.3f} "
            f"(the cross-encoder alone {roc_auc_score(labels[told], passage[told]):.3f})"
        )


def ablate(examples: list[Example]) -> None:
    """Print the AUROC of each unanswerable kind without the gate, and without each feature."""
    kinds = sorted({(e.corpus, e.kind) for e in examples if not e.answerable})
    print("AUROC, cross-validated: " + ", ".join(" ".join(each) for each in kinds))
    trials = {"all": cross_validated(examples), "no gate": cross_validated(examples, gated=False)}
    for name in FEATURES:
        if name != "passage":  # the gate's own
            without = [replace(e, features=e.features | {name: 0.0}) for e in examples]
            trials[f"no {name}"] = cross_validated(without)
    labels = np.array([e.answerable for e in examples])
    for title, found in trials.items():
        areas = []
        for corpus, kind in kinds:
            told = np.array(
                [e.corpus == corpus and (e.answerable or e.kind == kind) for e in examples]
            )
            areas.append(f"{roc_auc_score(labels[told], found[told]):.3f}")
        print(f"  {title:12} " + " ".join(areas))


def thresholds(examples: list[Example], found: np.ndarray, chosen: float) -> None:
    """Print what is answered and what is refused at some thresholds."""
    labels = np.array([e.answerable for e in examples])
    print("threshold: answered / refused of " + ", ".join(SHARES))
    for threshold in sorted({0.35, 0.42, 0.48, 0.54, 0.62, 0.7, chosen}):
        shares = []
        for corpus in SHARES:
            own = np.array([e.corpus == corpus for e in examples])
            answered = np.mean(found[own & labels] >= threshold)
            shares.append(f"{answered:.3f} / {np.mean(found[own & ~labels] < threshold):.3f}")
        print(f"  {threshold:.2f}  " + "  ".join(shares))


def main() -> None:
    """Fit, report, and with ``--write`` ship."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--again", action="store_true", help="compute all features anew")
    parser.add_argument("--write", action="store_true", help="ship what was fitted")
    parser.add_argument("--report", action="store_true", help="report on what had no part too")
    parser.add_argument("--ablate", action="store_true", help="fit without each feature as well")
    parser.add_argument("--against", type=Path, help="report other weights beside, of this file")
    options = parser.parse_args()
    examples = collect(again=options.again)
    fitting = [e for e in examples if e.split == "fit"]
    found = cross_validated(fitting)
    threshold = balanced(fitting, found)
    for corpus in SHARES:
        chosen = [i for i, e in enumerate(fitting) if e.corpus == corpus]
        title = f"{corpus}, cross-validated"
        report(title, [fitting[i] for i in chosen], found[chosen], threshold)
    if options.ablate:
        ablate(fitting)
        thresholds(fitting, found, threshold)
    model = fit(fitting, threshold)
    if options.write:
        Path("assistant/refusal/refusal.json").write_text(
            json.dumps(asdict(model), indent=2) + "\n"
        )
    if options.report:
        reporting = [e for e in examples if e.split == "report"]
        title = "golden, reporting split"
        report(title, reporting, probabilities(model, reporting), threshold)
        for corpus in APART:
            apart = [e for e in examples if e.corpus == corpus]
            sizes = sorted({e.passages for e in apart})
            title = f"{corpus}, not fitted on, {sizes[0]} to {sizes[-1]} passages"
            report(title, apart, unseen(fitting, apart), threshold)
    if options.against:
        other = TypeAdapter(RefusalModel).validate_json(options.against.read_bytes())
        for corpus in ("golden", *APART):
            asked = [e for e in examples if e.corpus == corpus and e.split != "fit"]
            title = f"{corpus} by {options.against.name}"
            report(title, asked, probabilities(other, asked), other.threshold)


if __name__ == "__main__":
    main()
