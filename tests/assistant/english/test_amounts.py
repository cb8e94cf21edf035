"""Numbers are read with what they count, and names made of numbers are left alone."""

from math import inf

import pytest

from assistant.english.amounts import Amount, apart, read_amounts

HOUR, DAY = 3600.0, 86_400.0


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("for 30 minutes", Amount("time", 1800, 1800)),
        ("a 30-minute walk", Amount("time", 1800, 1800)),
        ("for 30min", Amount("time", 1800, 1800)),
        ("half an hour", Amount("time", HOUR / 2, HOUR / 2)),
        ("for an hour", Amount("time", HOUR, HOUR)),
        ("two and a half hours", Amount("time", 2.5 * HOUR, 2.5 * HOUR)),
        ("twenty-four hours", Amount("time", DAY, DAY)),
        ("a year lasts twelve months", Amount("months", 12, 12)),
        ("between two and three days", Amount("time", 2 * DAY, 3 * DAY)),
        ("2–3 days", Amount("time", 2 * DAY, 3 * DAY)),
        ("two to three days", Amount("time", 2 * DAY, 3 * DAY)),
        ("up to 3 days", Amount("time", -inf, 3 * DAY)),
        ("at least 3 days", Amount("time", 3 * DAY, inf)),
        ("no more than 3 days", Amount("time", -inf, 3 * DAY)),
        ("more than 3 days", Amount("time", 3 * DAY, inf)),
        ("fewer than 3 books", Amount("book", -inf, 3, rough=True)),
        ("about 3 books", Amount("book", 3, 3, rough=True)),
        ("1,200 books", Amount("book", 1200, 1200)),
        ("twelve hundred books", Amount("book", 1200, 1200)),
        ("two thousand five hundred books", Amount("book", 2500, 2500)),
        ("two dozen eggs", Amount("egg", 24, 24)),
        ("£1.5 million", Amount("£", 1_500_000, 1_500_000)),
        ("50p", Amount("£", 0.5, 0.5)),
        ("five pounds", Amount("£", 5, 5)),
        ("5 per cent", Amount("%", 5, 5)),
        ("twice a day", Amount("times", 2, 2)),
        ("once a day", Amount("times", 1, 1)),
        ("at nine", Amount("clock", 540, 540)),
        ("at 9 a.m.", Amount("clock", 540, 540)),
        ("at 21:00", Amount("clock", 540, 540)),
        ("at 9.30 pm", Amount("clock", 570, 570)),
        ("until noon", Amount("clock", 0, 0)),
        ("from nine to five", Amount("clock", 540, 300)),
        ("on 3rd of March", Amount("date", 65, 65)),
        ("on March the 3rd", Amount("date", 65, 65)),
        ("in 1793", Amount("year", 1793, 1793)),
        ("children under five", Amount("number", -inf, 5)),
        ("Ｆor ３０ minutes", Amount("time", 1800, 1800)),
    ],
)
def test_an_amount_is_read(text: str, amount: Amount) -> None:
    """In digits or words, with its unit, its bounds, and how exact it is meant to be."""
    rest, amounts = read_amounts(text)
    assert amounts == (amount,)
    assert "#" in rest


@pytest.mark.parametrize(
    "text",
    [
        "room 5 is closed",
        "step 2 takes place",
        "chromosome 19p",
        "error e4 and gx390",
        "call 01632 960123",
        "version 4.2.1",
        "on 3/4 of the day",
        "the five-year-old",
        "one of them",
        "a second coat",
        "once the dough has risen",
        "½ a cup",
    ],
)
def test_a_name_or_pronoun_is_no_amount(text: str) -> None:
    """What only names something, or could mean anything, stays as it is."""
    assert read_amounts(text) == (text.replace("½", "1⁄2"), ())


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [
        ("3 days", "3 days", False),
        ("3 days", "4 days", True),
        ("2 to 4 days", "3 days", False),
        ("2 to 4 days", "5 to 6 days", True),
        ("up to 3 days", "2 days", False),
        ("up to 3 days", "4 days", True),
        ("up to 3 days", "up to 4 days", True),
        ("at least 3 days", "up to 4 days", False),
        ("about 30 days", "35 days", False),
        ("about 30 days", "60 days", True),
        ("more than 30 books", "more than 60 books", False),
        ("more than 60 books", "30 books", True),
        ("from nine to five", "from nine to four", True),
    ],
)
def test_amounts_that_cannot_both_be_so(left: str, right: str, verdict: bool) -> None:
    """Exact ones differ, ranges lie apart, limits of one kind are unlike; either way round."""
    (one,), (other,) = read_amounts(left)[1], read_amounts(right)[1]
    assert apart(one, other) == apart(other, one) == verdict
