"""Estimates with their 95 % intervals: Wilson's for shares, the bootstrap for anything else. Pure.

Owns how sure a figure is. Knows nothing of what it is a figure of.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.float64]
_Z = 1.959963984540054  # the standard normal's 97.5th percentile
_RESAMPLES = 1000
_SEED = 20


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, the bounds of its 95 % interval, and how many questions it was measured on."""

    value: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        """Show the figure to three places with its interval."""
        return f"{self.value:.3f} ({self.low:.3f}-{self.high:.3f})"


def wilson(right: int, total: int) -> tuple[float, float]:
    """Return the bounds of a share's 95 % interval (Wilson, JASA 1927). ``total`` above 0."""
    share = right / total
    centre = share + _Z * _Z / (2 * total)
    spread = _Z * math.sqrt(share * (1 - share) / total + _Z * _Z / (4 * total * total))
    scale = 1 + _Z * _Z / total
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def proportion(outcomes: Sequence[bool]) -> Estimate:
    """Return the share of outcomes that hold, with Wilson's interval; at least one outcome."""
    right, total = sum(outcomes), len(outcomes)
    return Estimate(right / total, *wilson(right, total), total)


def proportion_text(outcomes: Sequence[bool]) -> str:
    """Return a share with its counts and interval, for people."""
    return f"{sum(outcomes)}/{len(outcomes)} = {proportion(outcomes)}"


def bootstrap(statistic: Callable[[Rows], float | None], rows: Rows) -> Estimate | None:
    """Return a statistic of the rows with its percentile interval (Efron, 1979), seeded.

    ``rows`` has shape ``(n, …)``, a question a row. Rows are drawn with replacement 1,000 times; a
    draw on which the statistic is not defined (``None``, say an AUROC without a negative) is left
    out. The interval holds the figure. ``None`` if it is not defined on the rows themselves.
    """
    value = statistic(rows) if len(rows) else None
    if value is None:
        return None
    random = np.random.default_rng(_SEED)
    drawn = [statistic(rows[random.integers(0, len(rows), len(rows))]) for _ in range(_RESAMPLES)]
    low, high = np.percentile([each for each in drawn if each is not None], [2.5, 97.5])
    # A draw repeats questions, which makes a binned measure look worse than it is: of few questions
    # every draw may lie on one side of the figure.
    return Estimate(value, min(value, float(low)), max(value, float(high)), len(rows))


def mean(values: Sequence[float | None]) -> Estimate | None:
    """Return the mean with its bootstrap interval; ``None`` values do not count."""
    rows = np.array([value for value in values if value is not None], dtype=np.float64)
    return bootstrap(lambda drawn: float(drawn.mean()), rows)
