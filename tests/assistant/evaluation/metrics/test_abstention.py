"""Figures of refusal: worked by hand, and against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from assistant.evaluation.metrics.abstention import (
    RiskPoint,
    aurc,
    auroc,
    balanced,
    brier,
    calibration_error,
    log_loss,
    refusal_at_coverage,
    reliability,
    risk_coverage,
)

# Sorted: .9 yes, .8 no, .6 yes, .4 yes, .2 no.
CONFIDENCE = np.array([0.4, 0.9, 0.8, 0.2, 0.6])
ANSWERABLE = np.array([True, True, False, False, True])
ONE_KIND = [(np.array([0.1, 0.2]), np.array([kind, kind])) for kind in (True, False)]
both_kinds = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), st.booleans()), min_size=2
).filter(lambda rows: len({kind for _, kind in rows}) == 2)


def test_auroc_by_hand() -> None:
    """Of six pairs four are in order; equal confidence counts half."""
    assert auroc(CONFIDENCE, ANSWERABLE) == pytest.approx(4 / 6)
    assert auroc(np.array([0.5, 0.5]), np.array([True, False])) == 0.5


def test_refusal_at_coverage_by_hand() -> None:
    """To answer two of three the threshold is .6, to answer all it is .4."""
    assert refusal_at_coverage(CONFIDENCE, ANSWERABLE, 0.6) == 0.5  # .2 is refused, .8 is not
    assert refusal_at_coverage(CONFIDENCE, ANSWERABLE, 1.0) == 0.5
    assert refusal_at_coverage(CONFIDENCE, ANSWERABLE, 0.3) == 1.0  # only .9 is answered
    # Equal confidence is answered: what cannot be told apart is not refused.
    assert refusal_at_coverage(np.array([0.5, 0.5]), np.array([True, False]), 0.9) == 0.0


def test_coverage_is_not_lost_to_floating_point() -> None:
    """Of ten answerable questions .7 is seven, though .7 * 10 may be more than 7."""
    confidence = np.array([*np.linspace(1, 0.1, 10), 0.35])
    answerable = np.array([True] * 10 + [False])
    assert refusal_at_coverage(confidence, answerable, 0.7) == 1.0
    assert refusal_at_coverage(confidence, answerable, 0.8) == 0.0


def test_risk_coverage_by_hand() -> None:
    """The most confident first: right, wrong, right, right, wrong."""
    risks = [0, 1 / 2, 1 / 3, 1 / 4, 2 / 5]
    points = risk_coverage(CONFIDENCE, ANSWERABLE)
    assert [point.coverage for point in points] == [0.2, 0.4, 0.6, 0.8, 1.0]
    assert [point.risk for point in points] == pytest.approx(risks)
    assert aurc(CONFIDENCE, ANSWERABLE) == pytest.approx(sum(risks) / 5)


def test_equal_confidences_share_their_risk() -> None:
    """No order among equals is the true one: each point has the mean of all."""
    points = risk_coverage(np.array([0.5, 0.5]), np.array([True, False]))
    assert points == [RiskPoint(0.5, 0.5), RiskPoint(1.0, 0.5)]


def test_calibration_by_hand() -> None:
    """Two groups of equal confidence, each in the bin of its middle."""
    confidence = np.array([0.2, 0.2, 0.9, 0.9])
    answerable = np.array([False, True, True, False])
    low, high = reliability(confidence, answerable)
    assert (low.confidence, low.answerable, low.mass) == pytest.approx((0.2, 0.5, 0.5))
    assert (high.confidence, high.answerable, high.mass) == pytest.approx((0.9, 0.5, 0.5))
    assert calibration_error(confidence, answerable) == pytest.approx((0.3 + 0.4) / 2)
    assert brier(confidence, answerable) == pytest.approx((0.04 + 0.64 + 0.01 + 0.81) / 4)


def test_both_kinds_weigh_one_half() -> None:
    """One answerable question against three: confidence of .5 for all is as it should be."""
    answerable = np.array([True, False, False, False])
    assert balanced(answerable).tolist() == pytest.approx([1 / 2, 1 / 6, 1 / 6, 1 / 6])
    assert calibration_error(np.full(4, 0.5), answerable) == pytest.approx(0)
    assert calibration_error(np.full(4, 0.25), answerable) == pytest.approx(0.25)


def test_bins_hold_a_tenth_of_the_mass() -> None:
    """Twenty questions of different confidence are ten bins of two."""
    confidence = np.linspace(0.01, 0.99, 20)
    answerable = np.arange(20) % 2 == 0
    points = reliability(confidence, answerable)
    assert [point.mass for point in points] == pytest.approx([0.1] * 10)
    assert [point.answerable for point in points] == pytest.approx([0.5] * 10)


def test_what_lies_between_two_bins_goes_to_the_same_in_any_order() -> None:
    """The middle of the mass at .5 is exactly a bin's end, where floating point would waver."""
    rows = [(0.0, False)] * 3 + [(0.0, True)] * 2 + [(0.5, True), (0.75, False)]
    rows += [(1.0, False)] * 2 + [(1.0, True)] * 2
    random = np.random.default_rng(1)
    found = {
        calibration_error(*(np.array(column) for column in zip(*each, strict=True)))
        for each in ([rows[place] for place in random.permutation(11)] for _ in range(200))
    }
    assert max(found) == pytest.approx(min(found))


@pytest.mark.parametrize(("confidence", "answerable"), ONE_KIND)
def test_where_there_is_one_kind_nothing_is_told_apart(confidence, answerable) -> None:
    """Absent, not 0."""
    assert auroc(confidence, answerable) is None
    assert refusal_at_coverage(confidence, answerable, 0.9) is None
    assert aurc(confidence, answerable) is None
    assert balanced(answerable) is None
    assert reliability(confidence, answerable) == []
    assert calibration_error(confidence, answerable) is None
    assert brier(confidence, answerable) is None
    assert log_loss(confidence, answerable) is None


def test_of_no_question_nothing_is_said() -> None:
    """An empty set has no figures either."""
    nothing = np.array([]), np.array([], dtype=bool)
    assert auroc(*nothing) is None
    assert aurc(*nothing) is None
    assert brier(*nothing) is None


@given(both_kinds)
def test_auroc_brier_and_log_loss_are_those_of_scikit_learn(rows: list[tuple[float, bool]]) -> None:
    """For any confidences, equal ones included."""
    confidence = np.array([each for each, _ in rows])
    answerable = np.array([kind for _, kind in rows])
    weights = balanced(answerable)
    theirs = metrics.roc_auc_score(answerable, confidence)
    assert auroc(confidence, answerable) == pytest.approx(theirs)
    theirs = metrics.brier_score_loss(answerable, confidence, sample_weight=weights)
    assert brier(confidence, answerable) == pytest.approx(theirs)
    known = np.clip(confidence, 0.01, 0.99)
    theirs = metrics.log_loss(answerable, known, sample_weight=weights)
    assert log_loss(known, answerable) == pytest.approx(theirs)


def test_certainty_that_is_wrong_costs_much_and_not_everything() -> None:
    """What was called impossible counts as one in a million millions."""
    assert log_loss(np.array([0.0, 0.0]), np.array([True, False])) == pytest.approx(
        13.8155, abs=1e-4
    )
    assert log_loss(np.array([1.0, 0.0]), np.array([True, False])) == 0


@given(both_kinds, st.randoms())
def test_no_figure_depends_on_the_order(rows: list[tuple[float, bool]], random) -> None:
    """The same questions in another order give the same figures."""
    shuffled = random.sample(rows, len(rows))
    for measure in (auroc, aurc, calibration_error, brier, log_loss):
        one, other = (
            measure(np.array([c for c, _ in each]), np.array([k for _, k in each]))
            for each in (rows, shuffled)
        )
        assert one == pytest.approx(other)
