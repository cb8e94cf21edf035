"""The five verdicts: each question has one, they are counted, and the worst come first."""

from itertools import pairwise, product
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.metrics.report import Miss, worst_first
from assistant.evaluation.metrics.verdicts import MISTAKES, Tally, Verdict, tally, verdict

MADE = st.tuples(
    st.sampled_from(MISTAKES), st.none() | st.floats(0, 1, allow_nan=False, width=16)
).map(
    lambda made: Miss("q", "question", "fit", "Why?", made[0], "answered", "answered", made[1], ())
)


def test_every_outcome_has_one_verdict() -> None:
    """A question to refuse is never answered wrong, one to answer never in vain."""
    found = {
        key: verdict(answerable=key[0], answered=key[1], right=key[2])
        for key in product((True, False), repeat=3)
    }
    assert found == {
        (True, True, True): "answered right",
        (True, True, False): "answered wrong",
        (True, False, True): "refused wrongly",
        (True, False, False): "refused wrongly",
        (False, True, True): "refused right",
        (False, True, False): "answered in vain",
        (False, False, True): "refused right",
        (False, False, False): "answered in vain",
    }


@given(st.lists(st.sampled_from(get_args(Verdict))))
def test_all_are_counted(verdicts: list[Verdict]) -> None:
    """Every verdict once, by its own name, and the sums are sums."""
    found = tally(verdicts)
    assert found.answerable + found.others == len(verdicts)
    assert found.wrong_answers + found.refused + found.answered_right == len(verdicts)
    assert found.answered_wrong == verdicts.count("answered wrong")
    assert found.refused == sum(each.startswith("refused") for each in verdicts)
    assert found.wrong_answers == sum(each in MISTAKES[:2] for each in verdicts)
    assert tally([]) == Tally()


@given(st.lists(MADE, max_size=9))
def test_the_worst_come_first(missed: list[Miss]) -> None:
    """Wrong answers, then answers in vain, then refusals, the most confident of each first."""
    found = worst_first(missed)
    assert sorted(map(repr, found)) == sorted(map(repr, missed))
    for one, other in pairwise(found):
        places = [MISTAKES.index(each.verdict) for each in (one, other)]
        assert places == sorted(places)
        if one.verdict == other.verdict:
            assert (one.confidence or 0) >= (other.confidence or 0)
