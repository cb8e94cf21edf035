"""What readers are shown of a quote: its words, and nothing of the markup around them."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.passages.display import displayed, folded
from tests.growth import grows_no_faster_than_its_input


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("Keep **two** boxes for [a week](#week 'Loans').", "Keep two boxes for a week."),
        ("Press `Save` under *Files*.", "Press Save under Files."),
        ("Lamps [are lent][1] to members.", "Lamps are lent to members."),
        ("See [1] and [sic].", "See [1] and [sic]."),
        ("Book it [here](https://example.org/a?token=QWxwaGFC).", "Book it here."),
        ("<https://example.org/a>", "https://example.org/a"),
        ("Write to desk<!-- no link -->@example.org.", "Write to desk@example.org."),
        ("<br>Towels cost<br/>2 <b>euros</b>.", "Towels cost 2 euros."),
        ("The caf&eacute; &amp; bar opens at 8&nbsp;a.m.", "The café & bar opens at 8 a.m."),
        (r"Stars \* and \_lines\_ stay.", "Stars * and _lines_ stay."),
        ("It costs ~~5~~ 6 euros.", "It costs 6 euros."),
        ("![A red lamp](lamp.png) It glows.", "A red lamp It glows."),
        ("[![Tests pass](ok.svg)](https://example.org)", "Tests pass"),
        ("Two  \nlines\\\nof three.", "Two lines of three."),
    ],
)
def test_markup_is_gone_and_words_stay(quote: str, shown: str) -> None:
    """Links, emphasis, code marks, comments, tags and entities read as what they stand for."""
    assert displayed(quote, "a.md") == shown


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("**Bring a towel.", "Bring a towel."),
        ("And a lock.**", "And a lock."),
        ("***Both* of them", "Both of them"),
        ("3 * 4 and 2*3 and _index.md", "3 * 4 and 2*3 and _index.md"),
        ("Rare books\n> stay [**in** the\n> house](x).", "Rare books stay in the house."),
        ("1986. That was the year.", "1986. That was the year."),
        ("- or less", "- or less"),
        ("    four spaces", "four spaces"),
    ],
)
def test_a_quote_may_begin_or_end_in_the_middle(quote: str, shown: str) -> None:
    """A sentence inside emphasis or a quotation has marks without their partners."""
    assert displayed(quote, "a.md") == shown


def test_a_stretch_keeps_its_lines() -> None:
    """Items, rows and code stand on lines of their own; a row's cells are told apart."""
    quote = (
        "First:\n\n- *one*\n- two\n\n1. Open it.\n2. Close it.\n\n"
        "| a | b |\n|---|---|\n| c | `d` |\n\n```\nrun *it*\n```\n\n## Next **part**\n\n> Last."
    )
    assert displayed(quote, "a.md").splitlines() == [
        *("First:", "one", "two", "1. Open it.", "2. Close it."),
        *("a | b", "c | d", "run *it*", "Next part", "Last."),
    ]


@pytest.mark.parametrize("quote", ["<!-- a note -->", "![](a.png)", "<div>", "~~gone~~", "[](x)"])
def test_nothing_is_left_of_markup_alone(quote: str) -> None:
    """What readers do not see is nothing to show them."""
    assert displayed(quote, "a.MD") == ""


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("N\bNA\bAM\bME\bE and _\bf_\bi_\bl_\be", "NAME and file"),
        ("The tram\b leaves at nine.\x1a", "The tram leaves at nine."),
        ("\x1b[1;31mred\x1b[0m paint", "red paint"),
        ("one\fpage\vafter", "one page after"),
    ],
)
@pytest.mark.parametrize("path", ["a.txt", "a.md"])
def test_marks_of_printers_and_terminals_are_not_shown(quote: str, shown: str, path: str) -> None:
    """They stand in old texts, and no reader ever saw them."""
    assert displayed(quote, path) == shown


def test_a_text_file_has_no_markup() -> None:
    """Its signs are its own; only white space is folded."""
    assert displayed("2 **  3\n  [a](b) &amp;", "a.txt") == "2 ** 3 [a](b) &amp;"


@given(st.text(string.ascii_letters + "äß字 ,;'\n", max_size=80))
def test_plain_words_are_shown_as_they_are(text: str) -> None:
    """Text without markup loses nothing and gains nothing."""
    assert folded(displayed(text, "a.md")) == folded(text)


@given(st.text("ab *_[]()<>!-`~&#;\\|\n1.", max_size=60))
def test_any_quote_has_a_display(quote: str) -> None:
    """Half-open markup ends in no error, and no line is empty or has space around it."""
    for line in displayed(quote, "a.md").splitlines():
        assert line
        assert line == line.strip()


@pytest.mark.parametrize("piece", ["*a ", "[a", "[a][", "<!--", "> ", "~~a", "`", "|a", "&amp;"])
def test_a_display_takes_linear_time(piece: str) -> None:
    """A document cannot hold up the server by what it repeats."""
    assert grows_no_faster_than_its_input(
        lambda quote: displayed(quote, "a.md"), lambda size: piece * (size * 500)
    )
