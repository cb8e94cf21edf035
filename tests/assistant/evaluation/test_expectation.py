"""What an owner is told to expect, and when a calibration is said to help. Worked by hand."""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from assistant.evaluation.calibrating import Seen, fit_and_expect, require_enough_right
from assistant.evaluation.expectation import Outcome, expected, is_better, outcome
from assistant.evaluation.metrics.report import Section
from assistant.refusal.fitting import Example, Floats, calibrated, without_own_fold
from assistant.refusal.model import RefusalModel, Weights
from index.errors import FootnoteError

pytestmark = pytest.mark.slow

MODEL = RefusalModel(
    threshold=0.5,
    irrelevant_below=-9.0,
    irrelevant=0.2,
    small_passages=32,
    large_passages=4000,
    small=Weights(0.0, {"passage": 1.0}),
    large=Weights(0.0, {"passage": 1.0}),
)


def _values(found: Section) -> dict[str, tuple[float, int]]:
    return {each.name: (each.estimate.value, each.estimate.n) for each in found.figures}


def test_figures_by_hand() -> None:
    """Answered is told from answered right and wrong, which need to know what answers.

    Probabilities are judged by whether an answer would be right.
    """
    outcomes = [
        Outcome(True, 0.9, 0.9, answered=True, holds=True),
        Outcome(False, 0.8, 0.8, answered=True, holds=False),
        Outcome(True, 0.7, 0.7, answered=True, holds=None),
        Outcome(True, 0.2, 0.2, answered=False, holds=True),
        Outcome(False, 0.6, 0.6, answered=True, holds=None),
        Outcome(False, 0.1, 0.1, answered=False, holds=None),
    ]
    found = _values(expected("some", outcomes))
    given = (math.log(0.9) + math.log(0.7) + math.log(0.2)) / 3
    others = (math.log(0.2) + math.log(0.4) + math.log(0.9)) / 3
    assert found["answered"] == (0.75, 4)
    assert found["answered right"] == (pytest.approx(1 / 3), 3)
    assert found["answered wrong"] == (pytest.approx(1 / 3), 3)
    assert found["refused right"] == (0.5, 2)
    assert found["AUROC of confidence"] == (6 / 9, 6)
    assert found["log loss"] == (pytest.approx(-(given + others) / 2), 6)
    assert found["calibration error (ECE)"][1] == 6


def test_what_cannot_be_said_is_absent() -> None:
    """Questions of one kind, of which none says what answers; no question at all."""
    alone = [Outcome(True, 0.9, 0.9, answered=True, holds=None)]
    assert set(_values(expected("one kind", alone))) == {"answered"}
    assert expected("none", []).figures == ()


def test_an_outcome_is_what_visitors_would_get() -> None:
    """Decided on four places, as the product does; the gate refuses whatever else there is."""
    example = Example("q", True, 100, {"passage": 0.0001})
    found = outcome(replace(MODEL, threshold=0.50002), example, holds=True)
    assert (found.confidence, found.answered) == (0.5, False)
    assert found.probability > 0.50002
    example = Example("q", False, 100, {"passage": -9.1})
    gated = outcome(MODEL, example, holds=None)
    assert (gated.answered, gated.holds) == (False, None)


@pytest.mark.parametrize(
    ("new", "old", "helps"),
    [
        ((9, 8, 0.7), (9, 7, 0.6), True),
        ((8, 8, 0.7), (9, 7, 0.6), True),  # fewer answered, and the worse one better
        ((9, 8, 0.7), (9, 8, 0.6), True),
        ((9, 8, 0.7), (9, 8, 0.7), False),
        ((9, 8, 0.5), (9, 7, 0.6), False),
        ((9, 7, 0.7), (8, 8, 0.6), False),
    ],
)
def test_when_it_helps(
    new: tuple[int, int, float], old: tuple[int, int, float], *, helps: bool
) -> None:
    """The log loss must fall, and the smaller of the two shares must not.

    A question that would be answered with the wrong quote is one to refuse.
    """
    for answerable in (True, False):
        sides = (_made(*each, answerable=answerable) for each in (new, old))
        assert is_better(*sides) is helps


def test_questions_of_one_kind_say_nothing() -> None:
    """There is nothing to tell apart, so nobody is told that it is done better."""
    right = _made(9, 8, 0.7, answerable=True)[:10]
    with pytest.raises(ValueError, match="of one kind"):
        is_better(right, right)


def _made(answered: int, refused: int, sure: float, *, answerable: bool) -> list[Outcome]:
    """Return ten questions to answer, and ten to refuse, whether or not the sources answer them."""
    right = [
        Outcome(True, sure, sure, answered=number < answered, holds=True) for number in range(10)
    ]
    holds = False if answerable else None
    others = [
        Outcome(False, 1 - sure, 1 - sure, answered=number >= refused, holds=holds)
        for number in range(10)
    ]
    return [*right, *others]


def test_what_would_be_misquoted_is_fitted_as_what_to_refuse() -> None:
    """Not as what the sources answer: to answer it is to answer wrongly."""
    asked = _asked(200, shift=0, split="all", seed=7)
    misquoted = [
        Seen(replace(each.example, right=False), False, each.split)
        if each.answerable and number % 2
        else each
        for number, each in enumerate(asked)
    ]
    told = fit_and_expect(misquoted, MODEL, MODEL)
    assert told.answerable == sum(each.answerable for each in asked)
    assert told.misquoted == sum(each.holds is False for each in misquoted) > 20
    assert told.unanswerable == 200 - told.answerable
    by_sources = fit_and_expect(asked, MODEL, MODEL)
    assert by_sources.misquoted == 0
    assert told.model.small.bias < by_sources.model.small.bias - 0.3


def test_too_few_that_would_be_answered_right() -> None:
    """How many there are, and what to do about it; those for reporting do not count."""
    asked = _asked(60, shift=0, split="all", seed=8)
    right = [each for each in asked if each.example.right]
    misquoted = [Seen(replace(each.example, right=False), False, each.split) for each in right[9:]]
    reporting = [replace(each, split="report") for each in right[9:]]
    require_enough_right(Path("golden.jsonl"), [*right[:10], *misquoted])
    with pytest.raises(FootnoteError, match="quoted answers 9, and at least 10 such"):
        require_enough_right(Path("golden.jsonl"), [*right[:9], *misquoted, *reporting])


def _asked(count: int, *, shift: float, split: str, seed: int) -> list[Seen]:
    """Return questions whose log-odds are not those of the model, but shifted."""
    random = np.random.default_rng(seed)
    found = []
    for number in range(count):
        score = float(random.normal(0, 3))
        answerable = bool(random.random() < 1 / (1 + math.exp(-score - shift)))
        example = Example(f"{split} {number}", answerable, 100, {"passage": score})
        found.append(Seen(example, True if answerable else None, split))
    return found


def test_questions_for_reporting_are_reported_on_and_nothing_else() -> None:
    """The split changes neither weights nor threshold, and has figures of its own."""
    fitting = _asked(120, shift=3, split="fit", seed=1)
    reporting = _asked(60, shift=3, split="report", seed=2)
    alone, both = (
        fit_and_expect(fitting, MODEL, MODEL),
        fit_and_expect([*reporting, *fitting], MODEL, MODEL),
    )
    assert both.model == alone.model != MODEL
    assert both.expected[0] == alone.expected[0]
    assert [each.name for each in both.expected] == ["out of fold", "report"]
    assert (both.answerable + both.unanswerable, both.held_out) == (120, 60)
    assert (alone.held_out, len(alone.expected)) == (0, 1)
    # Every question is in one of the two.
    for found, number in zip(both.expected, (120, 60), strict=True):
        for side in (found.calibrated, found.in_use):
            assert _values(side)["log loss"][1] == number
    report = both.expected[1]
    seen = [outcome(both.model, each.example, each.holds) for each in reporting]
    assert report.calibrated == expected("report", seen)


def test_it_helps_where_the_shipped_model_is_off_and_only_there() -> None:
    """Log-odds shifted by three; log-odds as they are."""
    off = fit_and_expect(_asked(200, shift=3, split="all", seed=3), MODEL, MODEL)
    assert off.helps
    (found,) = off.expected
    shares = [
        min(_values(side)[name][0] for name in ("answered", "refused right"))
        for side in (found.calibrated, found.in_use)
    ]
    assert shares[0] > shares[1] + 0.1
    # Where there is nothing to learn, chance alone says that it helps, and not often.
    helped = [_asked(120, shift=0, split="all", seed=seed) for seed in range(20, 30)]
    assert sum(fit_and_expect(each, MODEL, MODEL).helps for each in helped) < 5


def test_what_to_expect_is_what_comes() -> None:
    """Of forty calibrations to few questions, the shares out of fold are those of new questions.

    Had each question been judged by a threshold that it helped to choose, the two shares together
    would be .055 too high.
    """
    differences = []
    for seed in range(40):
        examples = [each.example for each in _asked(60, shift=2, split="", seed=100 + seed)]
        new = [each.example for each in _asked(2000, shift=2, split="", seed=500 + seed)]
        make = partial(calibrated, shipped=MODEL)
        told = _shares(without_own_fold(examples, make), examples)
        differences.append(told - _shares([make(examples)] * len(new), new))
    answered, refused = np.mean(differences, axis=0)
    assert abs(answered + refused) < 0.03


def _shares(models: Sequence[RefusalModel], examples: Sequence[Example]) -> Floats:
    """Return the shares answered and refused."""
    judged = [
        (each.right, model.answers(model.confidence(each.features, each.passages)) is each.right)
        for model, each in zip(models, examples, strict=True)
    ]
    return np.array([np.mean([ok for its, ok in judged if its is kind]) for kind in (True, False)])
