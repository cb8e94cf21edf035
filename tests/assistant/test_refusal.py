"""The refusal model: arithmetic that can be followed by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering import Assistant
from assistant.evidence import Evidence
from assistant.refusal import (
    FEATURES,
    Examiner,
    RefusalModel,
    Weights,
    largeness,
    shipped_model,
)

SMALL = Weights(bias=1.0, weights={"passage": 2.0})
LARGE = Weights(bias=-1.0, weights={"passage": 1.0})
MODEL = RefusalModel(
    threshold=0.5, small_passages=10, large_passages=1000, small=SMALL, large=LARGE
)


def test_the_probability_is_the_logistic_of_the_weighted_sum() -> None:
    """Worked by hand: 1 + 2 * 0.5 = 2 in a small corpus, -1 + 0.5 = -0.5 in a large one."""
    features = {"passage": 0.5}
    assert MODEL.probability(features, 10) == pytest.approx(1 / (1 + math.exp(-2)))
    assert MODEL.probability(features, 1000) == pytest.approx(1 / (1 + math.exp(0.5)))
    assert MODEL.probability(features, 100) == pytest.approx(1 / (1 + math.exp(-0.75)))


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


def test_no_evidence_at_all_is_refused(assistant: Assistant) -> None:
    """A question that finds no passage is not answered."""
    vector = np.zeros(384, dtype=np.float32)
    examiner = Examiner(assistant.generation.encoder, assistant._reranker)
    findings = examiner.examine(Evidence("anything", vector, (), ()))
    model = shipped_model()
    for passages in (1, 32, 10_000):
        assert not model.answers(model.probability(findings.features, passages))
