"""Fusion by rank."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieval import RRF_CONSTANT, reciprocal_rank_fusion
from index.records import Hit

rankings = st.lists(
    st.lists(st.integers(0, 30), unique=True, max_size=20).map(
        lambda ids: [Hit(passage, 1.0) for passage in ids]
    ),
    max_size=3,
)


@given(rankings)
def test_fusion_is_the_sum_of_reciprocal_ranks(given_rankings: list[list[Hit]]) -> None:
    """Every passage gets 1/(60+rank) from each ranking that names it; best first, ties by id."""
    expected: dict[int, float] = {}
    for ranking in given_rankings:
        for place, hit in enumerate(ranking):
            share = 1 / (RRF_CONSTANT + place + 1)
            expected[hit.passage] = expected.get(hit.passage, 0) + share
    fused = reciprocal_rank_fusion(given_rankings)
    assert {hit.passage: hit.score for hit in fused} == expected
    assert fused == sorted(fused, key=lambda hit: (-hit.score, hit.passage))


def test_two_methods_that_agree_beat_one_that_is_sure() -> None:
    """A passage that both methods place second comes before one that only one places first."""
    lexical = [Hit(1, 9.0), Hit(2, 8.0)]
    dense = [Hit(3, 0.9), Hit(2, 0.8)]
    assert reciprocal_rank_fusion([lexical, dense])[0].passage == 2
