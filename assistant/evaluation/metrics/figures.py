"""Figures and curves from questions that were asked: retrieval, confidence, length, time. Pure.

Owns which figures there are and what they are called. Knows nothing of where questions come from.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.evaluation.metrics import abstention, ranking
from assistant.evaluation.metrics.abstention import Bools, Floats
from assistant.evaluation.metrics.intervals import Estimate, Rows, bootstrap, mean, proportion
from assistant.evaluation.metrics.ranking import Grades
from assistant.evaluation.metrics.report import Curve, Section, section, thinned
from assistant.schemas import AskResponse

DECLINED = frozenset({"refused", "redirected"})  # statuses that suit what cannot be answered
COVERAGES = (0.80, 0.90, 0.95)
_Told = Callable[[Floats, Bools], float | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was answered, and whether the sources, as they were then, answer it."""

    kind: str
    answerable: bool
    answer: AskResponse


def retrieval(name: str, ranked: Sequence[tuple[Sequence[str], Grades]]) -> Section:
    """Return retrieval figures of rankings, each with the grades of its query."""
    measures: dict[str, Callable[[Sequence[str], Grades], float | None]] = {
        "nDCG@10": lambda found, grades: ranking.ndcg(found, grades, 10),
        "MRR": ranking.reciprocal_rank,
        "success@1": lambda found, grades: ranking.success(found, grades, 1),
        "success@3": lambda found, grades: ranking.success(found, grades, 3),
        "recall@10": lambda found, grades: ranking.recall(found, grades, 10),
        "recall@50": lambda found, grades: ranking.recall(found, grades, 50),
    }
    return section(
        name, {each: mean([of(*one) for one in ranked]) for each, of in measures.items()}
    )


def refusal(name: str, asked: Sequence[Asked]) -> Section:
    """Return how answerable and unanswerable questions are told apart, and with what calibration.

    Of coverage: that share of the answerable questions is answered. Calibration counts both kinds
    as one half.
    """
    rows = _rows(asked)
    measures: dict[str, _Told] = {"AUROC of confidence": abstention.auroc}
    for coverage in COVERAGES:
        measures[f"refused at {coverage:.0%} coverage"] = _refused_at(coverage)
    measures |= {
        "AURC (less is better)": abstention.aurc,
        "calibration error (ECE)": abstention.calibration_error,
        "Brier score": abstention.brier,
    }
    return section(name, {each: bootstrap(_on_rows(of), rows) for each, of in measures.items()})


def answered(asked: Sequence[Asked]) -> Estimate | None:
    """Return the share of the answerable questions that the product answers."""
    return share([each.answer.status == "answered" for each in asked if each.answerable])


def refused(asked: Sequence[Asked]) -> Estimate | None:
    """Return the share of the unanswerable questions that are refused or go to a person."""
    return share([each.answer.status in DECLINED for each in asked if not each.answerable])


def curve(name: str, asked: Sequence[Asked]) -> Curve | None:
    """Return the curves of questions of both kinds, or ``None`` where there is only one."""
    confidence, answerable = _columns(_rows(asked))
    if answerable.all() or not answerable.any():
        return None
    return Curve(
        name,
        thinned(abstention.risk_coverage(confidence, answerable)),
        tuple(abstention.reliability(confidence, answerable)),
    )


def length_and_time(asked: Sequence[Asked]) -> dict[str, Estimate | None]:
    """Return how long answers are, and the median time that any answer took."""
    shown = [each.answer for each in asked if each.answer.status == "answered"]
    times = np.array([each.answer.timing_ms.total for each in asked], dtype=np.float64)
    return {
        "sentences an answer": mean([float(len(each.sentences)) for each in shown]),
        "words an answer": mean(
            [float(sum(len(s.text.split()) for s in each.sentences)) for each in shown]
        ),
        "median milliseconds": bootstrap(lambda drawn: float(np.median(drawn)), times),
    }


def share(outcomes: Sequence[bool]) -> Estimate | None:
    """Return a share with Wilson's interval, or ``None`` of nothing."""
    return proportion(outcomes) if outcomes else None


def by_kind(asked: Sequence[Asked]) -> Mapping[str, list[Asked]]:
    """Return, for each kind of unanswerable question, these beside all answerable ones."""
    sought = [each for each in asked if each.answerable]
    kinds = sorted({each.kind for each in asked if not each.answerable})
    return {
        kind: [*sought, *(each for each in asked if not each.answerable and each.kind == kind)]
        for kind in kinds
    }


def _rows(asked: Sequence[Asked]) -> Rows:
    """Return confidence and answerability, shape ``(n, 2)``, where there is a confidence."""
    return np.array(
        [
            (each.answer.confidence, each.answerable)
            for each in asked
            if each.answer.confidence is not None
        ],
        dtype=np.float64,
    ).reshape(-1, 2)


def _columns(rows: Rows) -> tuple[Floats, Bools]:
    return rows[:, 0], rows[:, 1] > 0


def _on_rows(measure: _Told) -> Callable[[Rows], float | None]:
    return lambda rows: measure(*_columns(rows))


def _refused_at(coverage: float) -> _Told:
    return lambda confidence, answerable: abstention.refusal_at_coverage(
        confidence, answerable, coverage
    )
