"""What a refusal model gets right, on questions that it was not fitted on. Pure.

Owns which figures an owner is told before a calibration is used, and whether it helps. Knows
nothing of how a model is fitted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.calibration import Example
from assistant.evaluation import abstention
from assistant.evaluation.abstention import Bools, Floats
from assistant.evaluation.figures import share
from assistant.evaluation.intervals import Rows, bootstrap
from assistant.evaluation.report import Section, section
from assistant.refusal import RefusalModel


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a refusal model makes of a question.

    ``holds`` says whether what would be quoted answers it, ``None`` that nobody knows what does.
    """

    answerable: bool
    probability: float
    confidence: float
    answered: bool
    holds: bool | None


def outcome(model: RefusalModel, example: Example, holds: bool | None) -> Outcome:
    """Return what a model makes of an example."""
    seen = (example.features, example.passages)
    confidence = model.confidence(*seen)
    answered = model.answers(confidence)
    return Outcome(example.answerable, model.probability(*seen), confidence, answered, holds)


def expected(name: str, outcomes: Sequence[Outcome]) -> Section:
    """Return shares right, and how well probabilities tell what is answerable from what is not."""
    known = [each for each in outcomes if each.holds is not None]
    rows = np.array(
        [(each.probability, each.confidence, each.answerable) for each in outcomes],
        dtype=np.float64,
    ).reshape(-1, 3)
    return section(
        name,
        {
            "answered": share([each.answered for each in outcomes if each.answerable]),
            "answered right": share([each.answered and bool(each.holds) for each in known]),
            "refused right": share([not each.answered for each in outcomes if not each.answerable]),
            "AUROC of confidence": bootstrap(_of(1, abstention.auroc), rows),
            "calibration error (ECE)": bootstrap(_of(1, abstention.calibration_error), rows),
            "log loss": bootstrap(_of(0, abstention.log_loss), rows),
        },
    )


def is_better(calibrated: Section, shipped: Section) -> bool:
    """Say whether a calibrated model is expected to do better than the shipped one.

    It has the lower log loss, and the smaller of the shares answered and refused, which a threshold
    is chosen for, does not fall. Both sections are of the same questions of both kinds.
    """
    new, old = (
        {each.name: each.estimate.value for each in found.figures}
        for found in (calibrated, shipped)
    )
    smaller_new, smaller_old = (min(each["answered"], each["refused right"]) for each in (new, old))
    return new["log loss"] < old["log loss"] and smaller_new >= smaller_old


def _of(
    column: int, measure: Callable[[Floats, Bools], float | None]
) -> Callable[[Rows], float | None]:
    return lambda rows: measure(rows[:, column], rows[:, 2] > 0)
