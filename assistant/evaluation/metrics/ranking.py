"""How well a ranking puts the judged documents first: nDCG, recall, reciprocal rank, success. Pure.

As trec_eval reckons them (gain is the grade itself; relevant is a grade of 1 or more), checked
against it in the tests. Each returns ``None`` for a query without a relevant document: there is
nothing to find, and a nought would say that something was missed.
"""

import math
from collections.abc import Mapping, Sequence

Grades = Mapping[str, int]  # judged documents of one query; what is not judged has grade 0


def ndcg(ranking: Sequence[str], grades: Grades, k: int) -> float | None:
    """Return the normalised discounted cumulative gain of the first ``k`` documents.

    Gain by grade, discount ``log2(rank + 1)``: Järvelin and Kekäläinen, TOIS 2002.
    """
    ideal = _dcg(sorted(grades.values(), reverse=True)[:k])
    if ideal == 0:
        return None
    return _dcg([grades.get(document, 0) for document in ranking[:k]]) / ideal


def recall(ranking: Sequence[str], grades: Grades, k: int) -> float | None:
    """Return the share of the relevant documents that stand among the first ``k``."""
    wanted = relevant(grades)
    return len(wanted.intersection(ranking[:k])) / len(wanted) if wanted else None


def reciprocal_rank(ranking: Sequence[str], grades: Grades) -> float | None:
    """Return one over the rank of the first relevant document; 0 if none was found."""
    wanted = relevant(grades)
    if not wanted:
        return None
    ranks = (rank for rank, document in enumerate(ranking, start=1) if document in wanted)
    return 1 / next(ranks, math.inf)


def success(ranking: Sequence[str], grades: Grades, k: int) -> float | None:
    """Return 1 if a relevant document stands among the first ``k``, else 0."""
    wanted = relevant(grades)
    return float(bool(wanted.intersection(ranking[:k]))) if wanted else None


def relevant(grades: Grades) -> frozenset[str]:
    """Return the documents judged to be relevant."""
    return frozenset(document for document, grade in grades.items() if grade > 0)


def first_of_each(documents: Sequence[str]) -> list[str]:
    """Fold a ranking of passages into one of documents: a document's first passage counts."""
    return list(dict.fromkeys(documents))


def _dcg(gains: Sequence[int]) -> float:
    return math.fsum(max(gain, 0) / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))
