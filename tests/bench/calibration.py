"""What a calibration to a few questions is worth where the shipped refusal model is off.

    FOOTNOTE_BENCH=... python -m tests.bench.calibration [--questions 40 100] [--turns]

The examples are those of ``fit_refusal``. Of each corpus half of the groups (articles, sites,
questions) give an owner's questions, as many answerable as not; the other half is asked. Eight such
draws, averaged. ``helps`` says how often the product itself would use what was fitted; where it
would not, the shipped model is asked. ``--turns`` prints the fits of other priors instead.
"""

import argparse
import random
from collections.abc import Sequence

import numpy as np
from sklearn.metrics import log_loss, roc_auc_score

from assistant import calibration
from assistant.evaluation.abstention import calibration_error
from assistant.evaluation.calibrating import Seen, fit_and_expect
from assistant.refusal import RefusalModel, shipped_model
from tests.bench.refusal_examples import Example, collect

DRAWS = 8
TURNS = (0.001, 0.15, 0.3, 0.5, 0.75)  # the first is next to none
_FIGURES = ("answered", "refused", "AUROC", "log loss", "ECE")


def drawn(
    examples: Sequence[Example], count: int, seed: int
) -> tuple[list[calibration.Example], list[Example]] | None:
    """Return so many questions of one half of the groups, and all of the other; None if too few."""
    rng = random.Random(seed)
    groups = sorted({each.group for each in examples})
    rng.shuffle(groups)
    own = set(groups[: len(groups) // 2])
    chosen: list[Example] = []
    for answered in (True, False):
        kind = [each for each in examples if each.group in own and each.answered is answered]
        if len(kind) < count // 2:
            return None
        chosen += rng.sample(kind, count // 2)
    return [_asked(each) for each in chosen], [each for each in examples if each.group not in own]


def _asked(each: Example) -> calibration.Example:
    return calibration.Example(each.question, each.answered, each.passages, each.features)


def figures(model: RefusalModel, asked: Sequence[Example]) -> list[float]:
    """Return ``_FIGURES`` of a model with its own threshold."""
    found = np.array([model.confidence(each.features, each.passages) for each in asked])
    labels = np.array([each.answered for each in asked])
    return [
        float(np.mean(found[labels] >= model.threshold)),
        float(np.mean(found[~labels] < model.threshold)),
        float(roc_auc_score(labels, found)),
        float(log_loss(labels, found)),
        calibration_error(found, labels),
    ]


def in_use(own: Sequence[calibration.Example], plain: RefusalModel) -> tuple[bool, RefusalModel]:
    """Return whether the product would use what it fits to these questions, and what it uses."""
    fitted = fit_and_expect([Seen(each, None, "fit") for each in own], plain)
    return fitted.helps, fitted.model if fitted.helps else plain


def report(examples: Sequence[Example], count: int, *, turns: bool) -> None:
    """Print the lines of so many questions of a corpus, or that it has too few."""
    plain = shipped_model()
    draws = [found for seed in range(DRAWS) if (found := drawn(examples, count, seed))]
    if not draws:
        print(f"  too few questions for {count}")
        return
    if not turns:
        used = [in_use(own, plain) for own, _ in draws]
        helps = sum(each for each, _ in used)
        models = zip(used, draws, strict=True)
        found = [figures(model, asked) for (_, model), (_, asked) in models]
        _line(f"  {count} questions, helps in {helps} of {len(draws)}", found)
        return
    for turn in TURNS:
        calibration.TURN = turn
        found = [figures(calibration.calibrated(own, plain), asked) for own, asked in draws]
        _line(f"  {count} questions, turn {turn}", found)


def _line(title: str, found: Sequence[Sequence[float]]) -> None:
    means = zip(_FIGURES, np.mean(found, axis=0), strict=True)
    print(f"{title:36} " + "  ".join(f"{name} {value:.3f}" for name, value in means))


def main() -> None:
    """Print every corpus."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", type=int, nargs="+", default=[40, 100])
    parser.add_argument("--turns", action="store_true", help="fits with other priors")
    options = parser.parse_args()
    examples = collect(again=False)
    for name in dict.fromkeys(each.corpus for each in examples):
        own = [each for each in examples if each.corpus == name]
        halves = [found for seed in range(DRAWS) if (found := drawn(own, 0, seed))]
        _line(f"{name}, shipped", [figures(shipped_model(), asked) for _, asked in halves])
        for count in options.questions:
            report(own, count, turns=options.turns)


if __name__ == "__main__":
    main()
