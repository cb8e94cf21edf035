"""Retrieval figures: worked by hand, and as trec_eval has them."""

import math

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import RR, R, Success, nDCG

from assistant.evaluation.metrics.ranking import (
    first_of_each,
    ndcg,
    recall,
    reciprocal_rank,
    relevant,
    success,
)

GRADES = {"a": 3, "b": 2, "c": 1, "d": 0}
DOCUMENTS = "abcdefgh"


def test_ndcg_by_hand() -> None:
    """Gains 1, 0, 3 against the ideal 3, 2, 1, each divided by log2(rank + 1)."""
    ideal = 3 + 2 / math.log2(3) + 1 / 2
    assert ndcg(["c", "x", "a", "b"], GRADES, 3) == pytest.approx((1 + 3 / 2) / ideal)
    assert ndcg(["a", "b", "c"], GRADES, 10) == pytest.approx(1)
    assert ndcg(["x"], GRADES, 10) == 0
    assert ndcg(["a"], GRADES, 1) == pytest.approx(1)


def test_recall_reciprocal_rank_and_success_by_hand() -> None:
    """Relevant are a, b and c; d is judged and is not."""
    ranking = ["d", "b", "x", "a"]
    assert recall(ranking, GRADES, 2) == pytest.approx(1 / 3)
    assert recall(ranking, GRADES, 4) == pytest.approx(2 / 3)
    assert reciprocal_rank(ranking, GRADES) == 0.5
    assert reciprocal_rank(["x", "d"], GRADES) == 0
    assert [success(ranking, GRADES, k) for k in (1, 2)] == [0, 1]
    assert relevant(GRADES) == {"a", "b", "c"}


@pytest.mark.parametrize("grades", [{}, {"a": 0}])
def test_nothing_to_find_is_no_nought(grades: dict[str, int]) -> None:
    """A query without a relevant document has no figure."""
    assert ndcg(["a"], grades, 10) is None
    assert recall(["a"], grades, 10) is None
    assert reciprocal_rank(["a"], grades) is None
    assert success(["a"], grades, 10) is None


def test_the_first_passage_of_a_document_counts() -> None:
    """A ranking of passages becomes one of documents."""
    assert first_of_each(["b", "a", "b", "c", "a"]) == ["b", "a", "c"]


@given(
    st.permutations(DOCUMENTS).flatmap(
        lambda order: st.integers(1, len(order)).map(lambda count: order[:count])
    ),
    st.dictionaries(st.sampled_from(DOCUMENTS), st.integers(0, 3), min_size=1),
    st.integers(1, 9),
)
def test_figures_are_those_of_trec_eval(ranking: list[str], grades: dict[str, int], k: int) -> None:
    """The same as a library that is kept, for any ranking and judgements."""
    run = {"q": {document: 1.0 / rank for rank, document in enumerate(ranking, start=1)}}
    measures = {
        nDCG @ k: ndcg(ranking, grades, k),
        R @ k: recall(ranking, grades, k),
        RR: reciprocal_rank(ranking, grades),
        Success @ k: success(ranking, grades, k),
    }
    theirs = ir_measures.calc_aggregate(list(measures), {"q": grades}, run)
    for measure, ours in measures.items():
        assert (ours or 0) == pytest.approx(theirs[measure])
