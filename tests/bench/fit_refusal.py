"""Fit the refusal model that is shipped, and report it on questions that it was not fitted on.

    FOOTNOTE_BENCH=... python -m tests.bench.fit_refusal [--again] [--write] [--report] [--ablate]

Fitted on a mixture that looks like visitors: golden questions (the fitting split), questions to
small sites, answerable questions of squad2_dev_half and medquad_liveqa with and without their
gold documents, and a small share of adversarial ones; of each only what the reader was not trained
on. Reported by cross-validation with disjoint articles (squad2), sites or questions, and on the
reporting split of the golden questions, each kind apart, beside the plain cross-encoder score.
"""

import json
import math
import random
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.evaluation.benchmark import document_id
from assistant.evaluation.golden import read_golden
from assistant.evidence import gather
from assistant.models import open_models
from assistant.refusal import FEATURES, Examiner, RefusalModel, Weights, largeness
from assistant.settings import Settings
from tests.bench.corpora import GOLDEN, INDEXES, Corpus, bench, rows, sites
from tests.bench.reader.split import held_out

SEED = 20
FOLDS = 5
# Share of each corpus in the loss, whatever the number of its questions.
SHARES = {"golden": 0.4, "visitors": 0.25, "squad2": 0.2, "liveqa": 0.15}
# Of the candidates .03, .1, .3 and 1 the one with the lowest cross-validated log loss.
INVERSE_PENALTY = 0.3
# The share of answerable questions that the cross-encoder's gate may lose.
IRRELEVANT = 0.03
# Passages of the smallest and of the largest corpus fitted on.
SMALL, LARGE = 32, 4093


@dataclass
class Example:
    """One question with its features: where it is from, its kind, group for folds, and label."""

    corpus: str
    kind: str
    group: str
    split: str
    answered: bool
    question: str
    passages: int
    features: dict[str, float]


class Source:
    """Turns questions over one corpus into features, with documents taken away at will."""

    def __init__(self, name: str) -> None:
        self.models = open_models(Settings())
        self.corpus = Corpus(name, self.models.reranker)
        self.examiner = Examiner(self.corpus.generation.encoder, self.models.reranker)

    @property
    def size(self) -> int:
        return len(self.corpus.generation.vectors)

    def features(self, question: str, without: frozenset[str] = frozenset()) -> dict[str, float]:
        read = self.corpus.read(question, without)
        return self.examiner.features(gather(self.models.reader, question, read))


def golden() -> Iterator[Example]:
    """The project's own questions, both splits; only ``fit`` is fitted on."""
    source = Source("seeds")
    for row in read_golden(GOLDEN):
        if row.split == "fit" and not held_out("golden", row.id):
            continue
        question = source.corpus.alone(row)
        yield Example(
            *("golden", row.kind, row.id, row.split, row.answerable, question),
            source.size,
            source.features(question),
        )


def visitors() -> Iterator[Example]:
    """Questions to small sites on quite other subjects, none of which the reader has seen."""
    for folder in sites():
        if not held_out("visitors", folder.name):
            continue
        source = Source(folder.name)
        for row in source.corpus.golden(folder / "questions.jsonl"):
            place = ("visitors", row.kind, folder.name, "fit")
            features = source.features(row.question)
            yield Example(*place, row.answerable, row.question, source.size, features)


def squad2(answerable: int = 220, adversarial: int = 120) -> Iterator[Example]:
    """Answerable questions with and without their paragraph, and adversarial ones."""
    source = Source("squad2_dev_half")
    folder = bench("squad2_dev_half")
    article = {row["id"]: row["title"] for row in rows(folder / "corpus.jsonl")}
    queries = rows(folder / "queries.jsonl")
    pool = [row for row in queries if held_out("squad2", article[row["doc"]])]
    random.Random(SEED).shuffle(pool)
    for row in [row for row in pool if row["answerable"]][:answerable]:
        gold = frozenset({document_id(row["doc"])})
        place = ("squad2", "answerable", article[row["doc"]], "fit")
        yield Example(*place, True, row["text"], source.size, source.features(row["text"]))
        place = ("squad2", "gold removed", article[row["doc"]], "fit")
        yield Example(*place, False, row["text"], source.size, source.features(row["text"], gold))
    for row in [row for row in pool if not row["answerable"]][:adversarial]:
        place = ("squad2", "adversarial", article[row["doc"]], "fit")
        yield Example(*place, False, row["text"], source.size, source.features(row["text"]))


def liveqa() -> Iterator[Example]:
    """Real consumer questions with and without the documents judged to answer them."""
    source = Source("medquad_liveqa")
    folder = bench("medquad_liveqa")
    judged: dict[str, set[str]] = {}
    for line in (folder / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
        query, document, grade = line.split("\t")
        if int(grade) > 0:
            judged.setdefault(query, set()).add(document_id(document))
    for row in rows(folder / "queries.jsonl"):
        if row["answerable"]:
            place = ("liveqa", "answerable", row["id"], "fit")
            yield Example(*place, True, row["text"], source.size, source.features(row["text"]))
        gold = frozenset(judged.get(row["id"], ()))
        place = ("liveqa", "gold removed", row["id"], "fit")
        yield Example(*place, False, row["text"], source.size, source.features(row["text"], gold))


def collect() -> list[Example]:
    """Compute the features of every example; without ``--again`` read those of earlier runs."""
    examples = []
    for source in (golden, visitors, squad2, liveqa):
        kept = INDEXES / f"refusal-{source.__name__}.jsonl"
        if "--again" in sys.argv or not kept.exists():
            found = list(source())
            kept.write_text("".join(json.dumps(asdict(example)) + "\n" for example in found))
        examples.extend(Example(**row) for row in rows(kept))
        sys.stderr.write(f"{source.__name__}: {len(examples)} questions so far\n")
    return examples


def fit(examples: list[Example], threshold: float = 0.5) -> RefusalModel:
    """Return the model that fits the examples."""
    features = np.array([[example.features[name] for name in FEATURES] for example in examples])
    share = np.array([[largeness(e.passages, SMALL, LARGE)] for e in examples])
    table = np.hstack([features, share, share * features])
    labels = np.array([example.answered for example in examples])
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
    groups = sorted({example.group for example in examples})
    random.Random(SEED).shuffle(groups)
    fold = {group: number % FOLDS for number, group in enumerate(groups)}
    found = np.zeros(len(examples))
    for number in range(FOLDS):
        inside = [e for e in examples if fold[e.group] != number]
        outside = [i for i, e in enumerate(examples) if fold[e.group] == number]
        model = fit(inside)
        if not gated:
            model = replace(model, irrelevant_below=-math.inf)
        found[outside] = probabilities(model, [examples[i] for i in outside])
    return found


def balanced(examples: list[Example], found: np.ndarray) -> float:
    """Return the threshold, to two places, that does as well by both kinds of golden questions.

    The largest for which the smaller of the two shares, answered and refused, is largest. On
    fitting questions, out of fold: neither the reporting split nor another corpus has a say, since
    visitors to an owner's pages are most like the golden questions.
    """
    own = np.array([e.corpus == "golden" for e in examples])
    labels = np.array([e.answered for e in examples])
    shares = {
        hundredth / 100: min(
            np.mean(found[own & labels] >= hundredth / 100),
            np.mean(found[own & ~labels] < hundredth / 100),
        )
        for hundredth in range(1, 100)
    }
    return max(shares, key=lambda threshold: (shares[threshold], threshold))


def report(title: str, examples: list[Example], found: np.ndarray, threshold: float) -> None:
    """Print, for each kind of unanswerable question, how it is told from the answerable ones."""
    passage = np.array([example.features["passage"] for example in examples])
    labels = np.array([example.answered for example in examples])
    print(f"\n{title}: {labels.sum()} answerable, {(~labels).sum()} not; threshold {threshold:.2f}")
    for kind in sorted({e.kind for e in examples}):
        chosen = np.array([e.kind == kind for e in examples])
        if labels[chosen].all():
            print(
                f"  {kind:14} answered {np.mean(found[chosen] >= threshold):.3f} of {chosen.sum()}"
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
    kinds = sorted({(e.corpus, e.kind) for e in examples if not e.answered})
    print("AUROC, cross-validated: " + ", ".join(" ".join(each) for each in kinds))
    trials = {"all": cross_validated(examples), "no gate": cross_validated(examples, gated=False)}
    for name in FEATURES:
        if name != "passage":  # the gate's own
            without = [replace(e, features=e.features | {name: 0.0}) for e in examples]
            trials[f"no {name}"] = cross_validated(without)
    labels = np.array([e.answered for e in examples])
    for title, found in trials.items():
        areas = []
        for corpus, kind in kinds:
            told = np.array(
                [e.corpus == corpus and (e.answered or e.kind == kind) for e in examples]
            )
            areas.append(f"{roc_auc_score(labels[told], found[told]):.3f}")
        print(f"  {title:12} " + " ".join(areas))


def thresholds(examples: list[Example], found: np.ndarray, chosen: float) -> None:
    """Print what is answered and what is refused at some thresholds."""
    labels = np.array([e.answered for e in examples])
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
    examples = collect()
    fitting = [e for e in examples if e.split == "fit"]
    found = cross_validated(fitting)
    threshold = balanced(fitting, found)
    for corpus in SHARES:
        chosen = [i for i, e in enumerate(fitting) if e.corpus == corpus]
        title = f"{corpus}, cross-validated"
        report(title, [fitting[i] for i in chosen], found[chosen], threshold)
    if "--ablate" in sys.argv:
        ablate(fitting)
        thresholds(fitting, found, threshold)
    model = fit(fitting, threshold)
    if "--write" in sys.argv:
        Path("assistant/refusal.json").write_text(json.dumps(asdict(model), indent=2) + "\n")
    if "--report" in sys.argv:
        reporting = [e for e in examples if e.split == "report"]
        title = "golden, reporting split"
        report(title, reporting, probabilities(model, reporting), threshold)


if __name__ == "__main__":
    main()
