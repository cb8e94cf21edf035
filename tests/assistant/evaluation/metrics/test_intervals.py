"""Intervals: Wilson's and the bootstrap's."""

import numpy as np
import pytest

from assistant.evaluation.metrics.intervals import (
    Estimate,
    bootstrap,
    mean,
    proportion,
    proportion_text,
    wilson,
)


def test_wilson_by_hand() -> None:
    """Of ten one half: .2366 to .7634, and the ends stay inside 0 and 1."""
    assert wilson(5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert wilson(0, 10) == pytest.approx((0, 0.2775), abs=1e-4)
    assert wilson(10, 10) == pytest.approx((0.7225, 1), abs=1e-4)


def test_a_proportion_and_its_words() -> None:
    """The counts are said, for a share of few says little."""
    assert proportion([True, False]).n == 2
    assert proportion_text([True] * 5 + [False] * 5) == "5/10 = 0.500 (0.237-0.763)"


def test_the_bootstrap_of_a_mean_is_near_the_textbook() -> None:
    """For 400 values of standard deviation 1 the half width is 1.96 / 20, and seeded."""
    values = np.random.default_rng(1).standard_normal(400)
    found = mean(values.tolist())
    assert found is not None
    assert found.value == pytest.approx(values.mean())
    assert found.high - found.low == pytest.approx(2 * 1.96 * values.std() / 20, rel=0.1)
    assert mean(values.tolist()) == found


def test_what_is_not_there_does_not_count() -> None:
    """A query to which a figure does not apply is not a nought, and no rows give no figure."""
    assert mean([1.0, None, 1.0]) == Estimate(1.0, 1.0, 1.0, 2)
    assert mean([None]) is None
    assert bootstrap(lambda _: None, np.zeros(3)) is None


def test_draws_without_a_figure_are_left_out() -> None:
    """A statistic may not be defined on every draw."""

    def of_both(rows: np.ndarray) -> float | None:
        return 1.0 if 0 < rows.mean() < 1 else None

    assert bootstrap(of_both, np.array([0.0, 1.0])) == Estimate(1.0, 1.0, 1.0, 2)


def test_the_interval_holds_the_figure() -> None:
    """Even where resampling only ever makes the statistic smaller."""
    distinct = bootstrap(lambda rows: float(len(np.unique(rows))), np.arange(50.0))
    assert distinct is not None
    assert distinct.low < distinct.high == distinct.value == 50
