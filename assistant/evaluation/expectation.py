"""What a refusal model gets right, on questions that it was not fitted on. Pure.

Owns which figures an owner is told before a calibration is used, and whether it helps. Knows
nothing of how a model is fitted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.evaluation.metrics import abstention
from assistant.evaluation.metrics.abstention import Bools, Floats
from assistant.evaluation.metrics.figures import share
from assistant.evaluation.metrics.intervals import Rows, bootstrap
from assistant.evaluation.metrics.report import Section, section
from assistant.evaluation.metrics.verdicts import Verdict, verdict
from assistant.refusal.fitting import Example
from assistant.refusal.model import RefusalModel


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a refusal model makes of a question.

    ``right`` says that an answer would be, as far as it is known; ``holds`` whether what would be
    quoted answers it, ``None`` that nobody knows what does.
    """

    right: bool
    probability: float
    confidence: float
    answered: bool
    holds: bool | None

    @property
    def answerable(self) -> bool:
        """Whether the sources answer, if not with what would be quoted."""
        return self.right or self.holds is False

    @property
    def verdict(self) -> Verdict:
        """What would become of the question."""
        right = self.right if self.answerable else not self.answered
        return verdict(answerable=self.answerable, answered=self.answered, right=right)


def outcome(model: RefusalModel, example: Example, holds: bool | None) -> Outcome:
    """Return what a model makes of an example."""
    seen = (example.features, example.passages)
    confidence = model.confidence(*seen)
    answered = model.answers(confidence)
    return Outcome(example.right, model.probability(*seen), confidence, answered, holds)


def expected(name: str, outcomes: Sequence[Outcome]) -> Section:
    """Return shares right and wrong, and how well probabilities tell what would be answered right.

    ``answered right`` and ``answered wrong`` are shares of the answerable questions of which it is
    known what answers them.
    """
    known = [each for each in outcomes if each.holds is not None]
    rows = np.array(
        [(each.probability, each.confidence, each.right) for each in outcomes],
        dtype=np.float64,
    ).reshape(-1, 3)
    return section(
        name,
        {
            "answered": share([each.answered for each in outcomes if each.answerable]),
            "answered right": share([each.answered and bool(each.holds) for each in known]),
            "answered wrong": share([each.answered and not each.holds for each in known]),
            "refused right": share([not each.answered for each in outcomes if not each.answerable]),
            "AUROC of confidence": bootstrap(_of(1, abstention.auroc), rows),
            "calibration error (ECE)": bootstrap(_of(1, abstention.calibration_error), rows),
            "log loss": bootstrap(_of(0, abstention.log_loss), rows),
        },
    )


def is_better(calibrated: Sequence[Outcome], in_use: Sequence[Outcome]) -> bool:
    """Say whether a calibrated model is expected to do better than the one in use.

    It has the lower log loss, and the smaller of two shares, which a threshold is chosen for, does
    not fall: answered of what would be answered right, refused of all else. Both are outcomes of
    the same questions. Raises ``ValueError`` if none of them is right, or all are.
    """
    new, old = (_loss_and_smaller_share(each) for each in (calibrated, in_use))
    return new[0] < old[0] and new[1] >= old[1]


def _loss_and_smaller_share(outcomes: Sequence[Outcome]) -> tuple[float, float]:
    right = np.array([each.right for each in outcomes])
    answered = np.array([each.answered for each in outcomes])
    loss = abstention.log_loss(np.array([each.probability for each in outcomes]), right)
    if loss is None:
        raise ValueError("the questions are of one kind: nothing is told apart")
    return loss, min(float(np.mean(answered[right])), float(np.mean(~answered[~right])))


def _of(
    column: int, measure: Callable[[Floats, Bools], float | None]
) -> Callable[[Rows], float | None]:
    return lambda rows: measure(rows[:, column], rows[:, 2] > 0)
