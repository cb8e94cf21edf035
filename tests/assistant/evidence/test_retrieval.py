"""Fusion of two rankings by their scores."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evidence.retrieval import convex_combination
from assistant.evidence.weights import WEIGHTS
from index.records import Hit


def _ranking(low: float, high: float) -> st.SearchStrategy[list[Hit]]:
    scores = st.dictionaries(st.integers(0, 30), st.floats(low, high), max_size=20)
    return scores.map(
        lambda found: sorted(
            (Hit(passage, score) for passage, score in found.items()),
            key=lambda hit: (-hit.score, hit.passage),
        )
    )


@given(_ranking(-1, 1), _ranking(0.01, 40))
def test_every_passage_has_a_share_of_one_and_the_best_of_both_has_all(
    dense: list[Hit], lexical: list[Hit]
) -> None:
    """Shares lie between 0 and 1, in order; each method's best has all of that method's weight."""
    fused = convex_combination(dense, lexical)
    assert {hit.passage for hit in fused} == {hit.passage for hit in dense + lexical}
    assert fused == sorted(fused, key=lambda hit: (-hit.score, hit.passage))
    shares = {hit.passage: hit.score for hit in fused}
    assert all(0 <= share <= 1 + 1e-9 for share in shares.values())
    if dense:
        assert shares[dense[0].passage] >= WEIGHTS.dense - 1e-9
    if lexical:
        assert shares[lexical[0].passage] >= 1 - WEIGHTS.dense - 1e-9
    if dense and lexical and dense[0].passage == lexical[0].passage:
        assert fused[0].score == pytest.approx(1.0)


@given(_ranking(-1, 1), _ranking(0.01, 40))
def test_a_method_orders_what_the_other_does_not_name(dense: list[Hit], lexical: list[Hit]) -> None:
    """Without the other method the ranking is the method's own."""
    assert [hit.passage for hit in convex_combination([], lexical)] == [
        hit.passage for hit in lexical
    ]
    fused = convex_combination(dense, [])
    scores = {hit.passage: hit.score for hit in dense}
    assert [scores[hit.passage] for hit in fused] == pytest.approx(
        [hit.score for hit in dense], abs=1e-6
    )


def test_shares_by_hand() -> None:
    """A cosine counts from the last one named, BM25 from nought."""
    dense = [Hit(1, 0.8), Hit(2, 0.5), Hit(3, 0.4)]
    lexical = [Hit(2, 10.0), Hit(3, 5.0)]
    assert {hit.passage: hit.score for hit in convex_combination(dense, lexical)} == pytest.approx(
        {1: WEIGHTS.dense, 2: WEIGHTS.dense / 4 + 1 - WEIGHTS.dense, 3: (1 - WEIGHTS.dense) / 2}
    )


def test_how_much_better_the_best_is_counts() -> None:
    """One far ahead beats one that both methods place second: ranks alone would not tell."""
    lexical = [Hit(1, 20.0), Hit(2, 4.0)]
    dense = [Hit(3, 0.9), Hit(2, 0.35), Hit(1, 0.3), Hit(4, 0.2)]
    assert convex_combination(dense, lexical)[0].passage == 1
