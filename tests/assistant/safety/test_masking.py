"""What is masked in a question before it is logged."""

import string
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.safety.masking import MAIL, is_card, masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("write to jane.doe+skin@example.co.uk please", "write to [mail] please"),
        ("(jane@localhost)", "([mail])"),
        ("jane＠example．com", "[mail]"),
        ("jane@\u200bexample.com", "[mail]"),
        ("+49 170 1234567", "[phone]"),
        ("(030) 123-4567!", "[phone]!"),
        ("call 555.123.4567 now", "call [phone] now"),
        ("１２３４５６７８", "[phone]"),
        ("123\u200b456\u20607890", "[phone]"),
        ("4111111111111111", "[card]"),
        ("4111 1111 1111 1111", "[card]"),
        ("5500-0000-0000-0004", "[card]"),
        ("3782 822463 10005", "[card]"),
        ("6011 0000 0000 0000 0", "[phone]"),
        ("41111111111111114111111111111111", "[card]"),
        ("born 1990-01-31", "born [phone]"),
        # What questions about skin are full of stays readable.
        ("20 mg twice, for 6 weeks, SPF 50+", "20 mg twice, for 6 weeks, SPF 50+"),
        ("between 2,000 and 3,500 IU", "between 2,000 and 3,500 IU"),
        ("at 19.30, room 12/3", "at 19.30, room 12/3"),
        ("price @ home?", "price @ home?"),
        ("", ""),
    ],
)
def test_masked(text, shown):
    """Mails, phones and cards go, however they are spelt; what is no such thing stays."""
    assert masked(text) == shown


def _luhn(digits: str) -> bool:
    """Differential: the table form of ISO/IEC 7812-1, annex B."""
    doubled = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9]
    total = 0
    for place, digit in enumerate(digits[::-1]):
        total += doubled[int(digit)] if place % 2 else int(digit)
    return total % 10 == 0


@settings(deadline=None)
@given(st.text(string.digits, min_size=1, max_size=25))
def test_luhn(digits):
    """A card has 13 to 19 digits and their check digit."""
    assert is_card(digits) == (13 <= len(digits) <= 19 and _luhn(digits))


def _has_digit(text: str) -> bool:
    return any(each.isdigit() for each in text)


@settings(deadline=None)
@given(
    st.text(max_size=30).filter(lambda text: not _has_digit(normalize("NFKC", text))),
    st.text(string.digits, min_size=7, max_size=19),
    st.sampled_from(["", " ", "-", ".", " - ", "/", "\u2013", "\u200b", "\xad"]),
)
def test_no_long_number_gets_through(before, digits, separator):
    """Whatever stands around and between them, seven digits or more are never shown."""
    shown = masked(before + " " + separator.join(digits) + " after")
    assert not _has_digit(shown)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_masking_is_done_at_once(text):
    """Nothing is left for a second pass, and nothing raises."""
    once = masked(text)
    assert masked(once) == once


@pytest.mark.parametrize("text", ["1" * 200_000, "1 " * 100_000, "@" * 200_000, "a@" * 100_000])
def test_masking_takes_linear_time(text):
    """No text makes it slow."""
    assert len(masked(text)) <= len(MAIL) * len(text)
