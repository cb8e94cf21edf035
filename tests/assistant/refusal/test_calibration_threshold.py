"""Where a calibration draws its line: the folds it is judged on, the balance, and the gate."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.refusal.fitting import (
    FOLDS,
    Example,
    balanced_threshold,
    calibrated,
    fit,
    without_own_fold,
)
from assistant.refusal.model import RefusalModel
from tests.assistant.owners import PASSAGES, SHIPPED, drawn


def test_a_question_is_held_out_of_its_own_model() -> None:
    """Each is in every fold's model but its own, and either kind is dealt out evenly."""
    examples = drawn(57, seed=7)
    made: list[list[Example]] = []

    def note(inside: Sequence[Example]) -> RefusalModel:
        made.append(list(inside))
        return replace(SHIPPED, irrelevant=len(made) / 100)  # its number, as a probability

    models = without_own_fold(examples, note)
    assert len(made) == FOLDS
    for answerable in (True, False):
        total = sum(each.right is answerable for each in examples)
        inside = [sum(each.right is answerable for each in fold) for fold in made]
        assert max(inside) - min(inside) <= 1
        assert sum(inside) == total * (FOLDS - 1)
    for each, model in zip(examples, models, strict=True):
        held_out_of = round(model.irrelevant * 100) - 1
        assert [each in fold for fold in made].index(False) == held_out_of
        assert sum(each in fold for fold in made) == FOLDS - 1


def test_the_threshold_balances_what_the_fit_has_not_seen() -> None:
    """Not the fitted model's own probabilities, which flatter it."""
    examples = drawn(60, seed=8, shift=2)
    models = without_own_fold(examples, partial(fit, shipped=replace(SHIPPED, irrelevant=0.0)))
    confidence = np.array(
        [m.confidence(e.features, e.passages) for m, e in zip(models, examples, strict=True)]
    )
    answerable = np.array([each.right for each in examples])
    threshold = calibrated(examples, SHIPPED).threshold
    assert threshold == pytest.approx(balanced_threshold(confidence, answerable), abs=5e-5)


def test_a_threshold_worked_out_by_hand() -> None:
    """Two of three answered and two of three refused, from .4 up to and with .6: the middle."""
    confidence = np.array([0.9, 0.6, 0.3, 0.1, 0.4, 0.7])
    answerable = np.array([True, True, True, False, False, False])
    # At .4 the third unanswerable one is answered still, so only .6 has two and two.
    assert balanced_threshold(confidence, answerable) == 0.6
    apart = np.array([0.9, 0.8, 0.7, 0.1])
    assert balanced_threshold(apart, np.array([True, True, True, False])) == 0.7


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=2, max_size=30).filter(
        lambda rows: len({answerable for _, answerable in rows}) == 2
    )
)
def test_no_threshold_balances_better(rows: list[tuple[int, bool]]) -> None:
    """Against every threshold there is: the smaller of the two shares is the largest possible."""
    confidence = np.array([number / 20 for number, _ in rows])
    answerable = np.array([answerable for _, answerable in rows])

    def smaller(threshold: float) -> float:
        answered = float(np.mean(confidence[answerable] >= threshold))
        return min(answered, float(np.mean(confidence[~answerable] < threshold)))

    # Between two neighbours nothing changes; above the last one nothing is answered.
    best = max(smaller(float(each)) for each in confidence)
    assert smaller(balanced_threshold(confidence, answerable)) == best


def test_what_the_gate_refuses_stays_refused() -> None:
    """However low the questions would have the threshold, and if they know only the gate."""
    rare = drawn(400, seed=9, shift=-2.0)
    hard = [replace(e, right=e.right and e.features["answers"] < 0.5) for e in rare]
    far = [replace(e, features=e.features | {"passage": -9.5}) for e in drawn(40, seed=9)]
    shipped = replace(SHIPPED, irrelevant=0.5)
    for examples in (hard, far):
        model = calibrated(examples, shipped)
        assert model.threshold < shipped.irrelevant
        assert 0 <= model.irrelevant < model.threshold
        assert model.irrelevant_below == shipped.irrelevant_below
        assert not any(model.answers(model.confidence(each.features, PASSAGES)) for each in far)
    high = calibrated(drawn(60, seed=8, shift=-2), SHIPPED)
    assert high.irrelevant == SHIPPED.irrelevant < high.threshold
