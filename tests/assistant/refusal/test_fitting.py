"""The fit to an owner's questions: what it finds, and how far a number of questions may move it."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from assistant.refusal.fitting import SHIFT, STRETCH, WEIGHT, Example, calibrated, fit
from assistant.refusal.model import RefusalModel, Weights, shipped_model
from tests.assistant.owners import NAMES, PASSAGES, SHIPPED, drawn


def loss(model: RefusalModel, examples: Sequence[Example]) -> float:
    """Return the log loss, both kinds weighing as much."""
    losses: dict[bool, list[float]] = {True: [], False: []}
    for each in examples:
        probability = model.probability(each.features, each.passages)
        losses[each.right].append(-math.log(probability if each.right else 1 - probability))
    return sum(float(np.mean(each)) for each in losses.values()) / 2


def parameters(model: RefusalModel) -> list[float]:
    """Return every number that a fit may change."""
    sides = (model.small, model.large)
    return [number for side in sides for number in (side.bias, *side.weights.values())]


@pytest.mark.parametrize("count", [7, 40, 300])
@pytest.mark.parametrize("seed", range(3))
def test_the_fit_is_the_one_that_another_optimiser_finds(count: int, seed: int) -> None:
    """The same posterior, written down the long way and left to SciPy's BFGS."""
    examples = drawn(count, seed=seed, shift=1.5, slope=0.3)
    kept = [each for each in examples if not SHIPPED.is_gated(each.features)]
    answerable = np.array([each.right for each in kept])
    number = sum(each.right for each in examples)
    others = count - number
    importance = np.where(answerable, 2 * others / count, 2 * number / count)
    rows = np.array([[each.features[name] for name in NAMES] for each in examples])
    spread = np.where(rows.std(axis=0) > 0, rows.std(axis=0), 1)
    standard = [
        [(e.features[n] - c) / s for n, c, s in zip(NAMES, rows.mean(axis=0), spread, strict=True)]
        for e in kept
    ]
    before = np.array([SHIPPED.logit(each.features, PASSAGES) for each in kept])

    def logits(x: np.ndarray) -> np.ndarray:
        return (1 + x[0]) * before + x[1] + np.array(standard) @ x[2:]

    def penalty(x: np.ndarray) -> float:
        prior = (x[0] / STRETCH) ** 2 + (x[1] / SHIFT) ** 2 + ((x[2:] / WEIGHT) ** 2).sum()
        signs = np.where(answerable, 1, -1)
        return float(importance @ np.logaddexp(0, -signs * logits(x)) + prior / 2)

    best = minimize(penalty, np.zeros(2 + len(NAMES)), method="BFGS", options={"gtol": 1e-7})
    fitted = fit(examples, SHIPPED)
    found = [fitted.logit(each.features, PASSAGES) for each in kept]
    # Weights are kept to four places, and features reach about ten.
    assert np.allclose(found, logits(best.x), atol=0.003)
    assert not np.allclose(found, before, atol=0.05)


@settings(deadline=None, max_examples=30)  # a busy machine fails no promise here
@given(st.integers(0, 10**6), st.integers(2, 60))
def test_the_result_is_the_shipped_model_moved_as_one(seed: int, count: int) -> None:
    """Small and large are stretched by one factor and shifted alike, whatever the corpus' size."""
    fitted = fit(drawn(count, seed=seed, shift=-2), SHIPPED)
    gaps = [
        (old, new)
        for name in ("bias", *NAMES)
        for old, new in [(_gap(SHIPPED, name), _gap(fitted, name))]
    ]
    factor = sum(old * new for old, new in gaps) / sum(old * old for old, _ in gaps)
    assert all(new == pytest.approx(factor * old, abs=2e-4) for old, new in gaps)
    unchanged = replace(fitted, small=SHIPPED.small, large=SHIPPED.large)
    assert unchanged == SHIPPED


def _gap(model: RefusalModel, name: str) -> float:
    if name == "bias":
        return model.large.bias - model.small.bias
    return model.large.weights[name] - model.small.weights[name]


def test_what_says_nothing_moves_nothing() -> None:
    """No question; one kind alone; what the gate decides; a feature that is always the same."""
    assert fit([], SHIPPED) == SHIPPED
    examples = drawn(200, seed=1, shift=3)
    for answerable in (True, False):
        alone = [each for each in examples if each.right is answerable]
        assert len(alone) > 20
        assert fit(alone, SHIPPED) == SHIPPED
    same = [replace(e, features=e.features | {"unmet": 1.0}) for e in examples]
    told = fit(same, SHIPPED)
    stretch = _gap(told, "passage") / _gap(SHIPPED, "passage")
    assert told.small.weights["unmet"] == pytest.approx(stretch * -4.0, abs=2e-3)
    gated = [replace(e, features=e.features | {"passage": -9.5}) for e in examples]
    assert fit(gated, SHIPPED) == SHIPPED


def test_more_questions_move_more() -> None:
    """The same questions asked again and again: each time they are believed a little more."""
    examples = drawn(40, seed=2, shift=2.0, slope=-0.5)
    losses = [loss(SHIPPED, examples)]
    losses += [loss(fit(examples * times, SHIPPED), examples) for times in (1, 4, 16, 64)]
    gains = [before - after for before, after in pairwise(losses)]
    assert all(gain > 0.001 for gain in gains[:3])
    assert gains[3] > 0


def test_forty_questions_of_another_corpus_do_not_overfit() -> None:
    """Where the shipped model is right, a calibration to few questions costs next to nothing."""
    rest = drawn(4000, seed=3)
    costs = [
        loss(fit(drawn(40, seed=seed), SHIPPED), rest) - loss(SHIPPED, rest)
        for seed in range(10, 30)
    ]
    assert np.mean(costs) < 0.02
    assert max(costs) < 0.08


@pytest.mark.parametrize(("count", "left"), [(60, 0.5), (1000, 0.15)])
def test_what_is_different_at_the_owners_is_learnt(count: int, left: float) -> None:
    """Log-odds that are off everywhere: of the loss that this costs, only a part is left."""
    shift, slope = -3.0, 0.25
    rest = drawn(4000, seed=4, shift=shift, slope=slope)
    truth = replace(SHIPPED, small=_shifted(SHIPPED.small), large=_shifted(SHIPPED.large))
    model = calibrated(drawn(count, seed=5, shift=shift, slope=slope), SHIPPED)
    avoidable = loss(SHIPPED, rest) - loss(truth, rest)
    assert loss(model, rest) - loss(truth, rest) < left * avoidable
    answered, refused = (_shares(each, rest) for each in (SHIPPED, model))
    assert min(refused) > min(answered) + 0.05
    assert abs(refused[0] - refused[1]) < 0.1


def _shifted(weights: Weights) -> Weights:
    moved = {**weights.weights, "passage": weights.weights["passage"] + 0.25}
    return Weights(weights.bias - 3.0, moved)


def _shares(model: RefusalModel, examples: Sequence[Example]) -> tuple[float, float]:
    answers = [
        (each.right, model.answers(model.confidence(each.features, each.passages)))
        for each in examples
    ]
    return (
        float(np.mean([answered for answerable, answered in answers if answerable])),
        float(np.mean([not answered for answerable, answered in answers if not answerable])),
    )


def test_the_order_of_the_questions_does_not_matter() -> None:
    """Not for the weights, nor for the folds and so the threshold: to the last bit."""
    examples = drawn(50, seed=6, shift=1)
    models = [calibrated(examples, SHIPPED)]
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(len(examples))
        models.append(calibrated([examples[place] for place in order], SHIPPED))
    assert all(model == models[0] for model in models)
    assert models[0] != SHIPPED


def test_the_shipped_model_can_be_calibrated() -> None:
    """With the features that there are; each is weighed anew, and the gate is kept."""
    shipped = shipped_model()
    random = np.random.default_rng(10)
    examples = [
        Example(str(number), number % 2 == 0, 40, {n: float(random.normal()) for n in NAMES_OF})
        for number in range(60)
    ]
    model = calibrated(examples, shipped)
    pairs = zip(parameters(model), parameters(shipped), strict=True)
    assert all(new != old for new, old in pairs)
    assert model.irrelevant_below == shipped.irrelevant_below


NAMES_OF = tuple(shipped_model().small.weights)
