"""How well confidence tells what the sources answer from what they do not. Pure.

Every function takes ``confidence``, shape ``(n,)``, a number a question, and ``answerable``, shape
``(n,)``, whether the sources do answer it. What cannot be said, such as how two kinds are told
apart where there is only one, is ``None``. No result depends on the order of the questions.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
BINS = 10


@dataclass(frozen=True, slots=True)
class ReliabilityPoint:
    """One bin of questions: its mean confidence, the share answerable, its share of the mass."""

    confidence: float
    answerable: float
    mass: float


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """What is answered if the most confident ``coverage`` is, and the share wrong among it."""

    coverage: float
    risk: float


def auroc(confidence: Floats, answerable: Bools) -> float | None:
    """Return how often an answerable question has more confidence than one that is not.

    Equal confidence counts half (Mann and Whitney, 1947). ``None`` unless both kinds are there.
    """
    positives, negatives = int(answerable.sum()), int((~answerable).sum())
    if not positives or not negatives:
        return None
    _, place, counts = np.unique(confidence, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    above = float(ranks[answerable].sum()) - positives * (positives + 1) / 2
    return above / (positives * negatives)


def refusal_at_coverage(confidence: Floats, answerable: Bools, coverage: float) -> float | None:
    """Return the share of unanswerable questions refused while ``coverage`` of the others is kept.

    The threshold is the highest one at which at least that share of the answerable questions is
    answered (``confidence >= threshold``). ``None`` unless both kinds are there.
    """
    kept, others = np.sort(confidence[answerable])[::-1], confidence[~answerable]
    if not len(kept) or not len(others):
        return None
    # Less a hair, because 0.8 * 5 is more than 4 in floating point for some shares.
    threshold = kept[math.ceil(coverage * len(kept) - 1e-9) - 1]
    return float(np.mean(others < threshold))


def risk_coverage(confidence: Floats, answerable: Bools) -> list[RiskPoint]:
    """Return the risk at every coverage ``1/n … 1``, the most confident questions first.

    Risk is the share of the questions answered that the sources do not answer (El-Yaniv and
    Wiener, JMLR 2010). Among equal confidences it is the mean over their orders.
    """
    risks = _risks(confidence, answerable).tolist()
    return [RiskPoint(rank / len(risks), risk) for rank, risk in enumerate(risks, start=1)]


def aurc(confidence: Floats, answerable: Bools) -> float | None:
    """Return the area under the risk-coverage curve: the mean risk over its points.

    As Geifman and El-Yaniv, NeurIPS 2017, sum it. To be compared only where the share of
    unanswerable questions is the same, for it grows with that. ``None`` unless both kinds are
    there.
    """
    if answerable.all() or not answerable.any():
        return None
    return float(_risks(confidence, answerable).mean())


def _risks(confidence: Floats, answerable: Bools) -> Floats:
    order = np.argsort(-confidence, kind="stable")
    _, starts, counts = np.unique(-confidence[order], return_index=True, return_counts=True)
    wrong = np.add.reduceat((~answerable[order]).astype(np.float64), starts)
    errors = np.cumsum(np.repeat(wrong / counts, counts))
    risks: Floats = errors / np.arange(1, len(errors) + 1)
    return risks


def balanced(answerable: Bools) -> Floats | None:
    """Return a weight a question, so that both kinds weigh one half. ``None`` unless both are."""
    share = float(answerable.mean()) if len(answerable) else 0.0
    if share in {0.0, 1.0}:
        return None
    weights: Floats = np.where(answerable, 0.5 / answerable.sum(), 0.5 / (~answerable).sum())
    return weights


def reliability(confidence: Floats, answerable: Bools) -> list[ReliabilityPoint]:
    """Return ten bins of equal mass, least confident first, both kinds weighing one half.

    Equal confidences share a bin, that of the middle of their mass; an empty bin is left out. No
    bins unless both kinds are there.
    """
    weights = balanced(answerable)
    if weights is None:
        return []
    _, place = np.unique(confidence, return_inverse=True)
    # Counted in whole units, so that what lies between two bins goes to the same in any order.
    units = np.where(answerable, (~answerable).sum(), answerable.sum())
    ends = np.concatenate(([0], np.cumsum(np.bincount(place, units).astype(np.int64))))
    bins = (BINS * (ends[:-1] + ends[1:]) // (2 * ends[-1]))[place]
    sums = np.array([np.bincount(bins, weights * each) for each in (1, confidence, answerable)])
    mass, sure, answers = sums[:, sums[0] > 0]
    rows = np.column_stack([sure / mass, answers / mass, mass]).tolist()
    return [ReliabilityPoint(*row) for row in rows]


def calibration_error(confidence: Floats, answerable: Bools) -> float | None:
    """Return the expected calibration error: how far the bins of ``reliability`` are off.

    Equal-mass bins as in Nguyen and O'Connor, EMNLP 2015. ``None`` unless both kinds are there.
    """
    points = reliability(confidence, answerable)
    if not points:
        return None
    return math.fsum(each.mass * abs(each.confidence - each.answerable) for each in points)


def brier(confidence: Floats, answerable: Bools) -> float | None:
    """Return the mean squared error of confidence (Brier, 1950), both kinds weighing one half."""
    weights = balanced(answerable)
    if weights is None:
        return None
    return float(np.sum(weights * (confidence - answerable) ** 2))


def log_loss(probability: Floats, answerable: Bools) -> float | None:
    """Return the mean negative logarithm of what was given to the truth, in nats.

    Both kinds weigh one half; what was given counts as 1e-12 at the least.
    """
    weights = balanced(answerable)
    if weights is None:
        return None
    given = np.where(answerable, probability, 1 - probability)
    return float(-np.sum(weights * np.log(np.maximum(given, 1e-12))))
