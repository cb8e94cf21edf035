"""What an evaluation found: figures in sections, curves, and the questions that went wrong.

Owns the shape of the result, for the table, for ``--json`` and for the pictures. Only what applies
is in it: a figure that cannot be said of the questions at hand is absent.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.evaluation.metrics.abstention import ReliabilityPoint, RiskPoint
from assistant.evaluation.metrics.intervals import Estimate
from assistant.evaluation.metrics.verdicts import Tally, Verdict, badness


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure by name."""

    name: str
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Section:
    """Figures that belong together."""

    name: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """Risk against coverage, and reliability, over one set of questions."""

    name: str
    risk_coverage: tuple[RiskPoint, ...]
    reliability: tuple[ReliabilityPoint, ...]


@dataclass(frozen=True, slots=True)
class Miss:
    """A question that did not get what it calls for, and what it got."""

    id: str
    kind: str
    split: str
    question: str
    verdict: Verdict
    expected: str
    status: str
    confidence: float | None
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The whole result. ``asked`` of ``questions`` were; the rest was left out by a limit.

    ``tally`` is ``None`` where nothing says what a right answer would be. ``unmarked`` counts the
    answers that were taken for right because nothing says what in the documents is. ``missed`` has
    the worst first; ``unlisted`` counts the mistakes that are not in it.
    """

    index_id: str
    measured_on: str
    asked: int
    questions: int
    tally: Tally | None
    unmarked: int
    settings: Mapping[str, Any]
    models: Mapping[str, Any]
    sections: tuple[Section, ...]
    curves: tuple[Curve, ...]
    missed: tuple[Miss, ...]
    unlisted: int


def worst_first(missed: Iterable[Miss]) -> tuple[Miss, ...]:
    """Return mistakes in the order in which an owner should look at them."""
    return tuple(sorted(missed, key=lambda each: badness(each.verdict, each.confidence)))


def section(name: str, figures: Mapping[str, Estimate | None]) -> Section:
    """Return a section of the figures that apply."""
    kept = [Figure(each, estimate) for each, estimate in figures.items() if estimate is not None]
    return Section(name, tuple(kept))


def thinned(points: Sequence[RiskPoint], most: int = 200) -> tuple[RiskPoint, ...]:
    """Return at most so many points of a curve, evenly spaced and with the last one."""
    step = max(1, -(-len(points) // most))
    return tuple(points[::-step][::-1])
