"""The refusal model: arithmetic that can be followed by hand."""

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering import Assistant
from assistant.evidence.reading import Evidence, ScoredPassage, ScoredSentence
from assistant.refusal.model import (
    FEATURES,
    Examiner,
    RefusalModel,
    Weights,
    largeness,
    shipped_model,
)

SMALL = Weights(bias=1.0, weights={"passage": 2.0})
MODEL = RefusalModel(
    threshold=0.5,
    irrelevant_below=-10.0,
    irrelevant=0.1,
    small_passages=10,
    large_passages=1000,
    small=SMALL,
    large=Weights(bias=-1.0, weights={"passage": 1.0}),
)


def test_the_probability_is_the_logistic_of_the_weighted_sum() -> None:
    """Worked by hand: 1 + 2 * 0.5 = 2 in a small corpus, -1 + 0.5 = -0.5 in a large one."""
    features = {"passage": 0.5}
    assert MODEL.probability(features, 10) == pytest.approx(1 / (1 + math.exp(-2)))
    assert MODEL.probability(features, 1000) == pytest.approx(1 / (1 + math.exp(0.5)))
    assert MODEL.probability(features, 100) == pytest.approx(1 / (1 + math.exp(-0.75)))


def test_what_is_about_something_else_answers_nothing() -> None:
    """Whatever else speaks for an answer, an irrelevant best passage keeps the probability low."""
    keen = RefusalModel(
        threshold=0.5,
        irrelevant_below=-10.0,
        irrelevant=0.1,
        small_passages=10,
        large_passages=1000,
        small=Weights(bias=90.0, weights={"passage": 0.0}),
        large=Weights(bias=-90.0, weights={"passage": 0.0}),
    )
    assert keen.probability({"passage": -9.9}, 10) > 0.99
    assert keen.probability({"passage": -10.1}, 10) == 0.1
    assert keen.probability({"passage": -10.1}, 1000) < 0.01


@given(st.integers(0, 10**9), st.floats(-1e9, 1e9))
def test_the_probability_is_one_whatever_the_evidence(passages: int, logit: float) -> None:
    """No score, however wild, gives anything but a probability."""
    assert 0 <= MODEL.probability({"passage": logit}, passages) <= 1


@given(st.integers(1, 10**7), st.integers(1, 10**7))
def test_a_larger_corpus_is_never_smaller(one: int, other: int) -> None:
    """Largeness grows with passages and stays between 0 and 1."""
    low, high = sorted((one, other))
    assert 0 <= largeness(low, 32, 4000) <= largeness(high, 32, 4000) <= 1


def test_the_shipped_model_weighs_what_the_examiner_finds() -> None:
    """No feature is computed and not used, or used and not computed."""
    model = shipped_model()
    assert set(model.small.weights) == set(model.large.weights) == set(FEATURES)
    assert 0 < model.threshold < 1
    assert model.irrelevant < model.threshold


def test_no_evidence_at_all_is_refused(assistant: Assistant) -> None:
    """A question that finds no passage is not answered."""
    examiner = Examiner(assistant.generation.encoder, assistant._models.reranker)
    nothing = Evidence("anything", (), (), ())
    assert examiner.missing(nothing, lambda _: False) == ()
    model = shipped_model()
    for passages in (1, 32, 10_000):
        assert not model.answers(model.probability(examiner.features(nothing), passages))


def test_the_sentence_with_most_support_is_weighed(assistant: Assistant) -> None:
    """Not the one that is quoted first, whose passage may only be about the same."""
    examiner = Examiner(assistant.generation.encoder, assistant._models.reranker)
    passage = assistant.generation.passage(0)
    liked = ScoredSentence(passage, passage.sentences[0], logit=1.0, passage_logit=5.0)
    answering = ScoredSentence(passage, passage.sentences[0], logit=3.5, passage_logit=0.0)
    assert liked.score > answering.score
    read = (ScoredPassage(passage, 5.0, 0.5),)
    evidence = Evidence("When does it open?", read, (2.0,), (liked, answering))
    assert examiner.features(evidence)["sentence"] == answering.logit


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"small_passages": 0}, "at least 1"),
        ({"small_passages": -5}, "at least 1"),
        ({"large_passages": 0}, "small_passages must be less"),
        ({"large_passages": MODEL.small_passages}, "small_passages must be less"),
        ({"large_passages": 10**400}, "small_passages must be less"),
        ({"threshold": math.nan}, "probabilities"),
        ({"threshold": 1.5}, "probabilities"),
        ({"irrelevant": -0.1}, "probabilities"),
        ({"irrelevant_below": math.inf}, "finite"),
        ({"small": Weights(math.nan, {})}, "finite"),
        ({"large": Weights(0, {"passage": math.inf})}, "finite"),
    ],
)
def test_a_model_that_makes_no_probability_is_refused(changed: dict[str, Any], says: str) -> None:
    """Numbers of which no confidence could be made are refused at once, not when one is asked."""
    with pytest.raises(ValueError, match=says):
        replace(MODEL, **changed)
