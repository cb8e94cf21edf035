"""Where a text's title, headings and quotable blocks lie."""

import pytest

from index.records import Block
from index.sources.loader import TextError
from index.sources.markdown import outline_markdown
from index.sources.text import Outline, outline_text
from tests.index.texts import SUFFIXES, outlined

_Row = tuple[str, str, int, str]  # kind, text, section, path of headings


def _rows(text: str, outline: Outline) -> list[_Row]:
    return [
        (block.kind, text[block.start : block.end], block.section, " > ".join(block.headings))
        for block in outline.blocks
    ]


@pytest.mark.parametrize(
    ("text", "title", "rows"),
    [
        ("", None, []),
        (" \n\t\n\n", None, []),
        ("Alone", None, [("paragraph", "Alone", 0, "")]),
        (
            "A text.\n\nMore.",
            None,
            [("paragraph", "A text.", 0, ""), ("paragraph", "More.", 0, "")],
        ),
        ("Title\n\n  Text.  \n", "Title", [("paragraph", "Text.", 1, "Title")]),
        ("Title\nText.", None, [("paragraph", "Title\nText.", 0, "")]),
        (
            "Title\n\nIntro.\n\nPart:\n\nOne.\n\nChapter\n\nTwo.\n\nPart:\n\nThree.",
            "Title",
            [
                ("paragraph", "Intro.", 1, "Title"),
                ("paragraph", "One.", 2, "Title > Part"),
                ("paragraph", "Two.", 3, "Title > Chapter"),
                ("paragraph", "Three.", 4, "Title > Chapter > Part"),
            ],
        ),
        (
            "Benefits:\n\n- Smooth skin\n- Small\n  pores\n\n1. First\n2) Second",
            "Benefits",
            [
                ("item", "Smooth skin", 1, "Benefits"),
                ("item", "Small\n  pores", 1, "Benefits"),
                ("item", "First", 1, "Benefits"),
                ("item", "Second", 1, "Benefits"),
            ],
        ),
        (
            "They say:\n• one\n‣ two",
            None,
            [("paragraph", "They say:", 0, ""), ("item", "one", 0, ""), ("item", "two", 0, "")],
        ),
        (
            "T\n\nParking\n\nClosed on Sunday\n\nEnd",
            "T",
            [
                ("paragraph", "Parking", 1, "T"),
                ("paragraph", "Closed on Sunday", 1, "T"),
                ("paragraph", "End", 1, "T"),
            ],
        ),
        (
            "T\n\nList:\n\nOnly word\n\nA:\n\nB:\n\nText.",
            "T",
            [
                ("paragraph", "List:", 1, "T"),
                ("paragraph", "A:", 2, "T > Only word"),
                ("paragraph", "Text.", 3, "T > Only word > B"),
            ],
        ),
        (
            "T\n\nList:\n\nOnly word",
            "T",
            [("paragraph", "Only word", 2, "T > List")],
        ),
        (
            "Ends.\n\nHeading",
            None,
            [("paragraph", "Ends.", 0, ""), ("paragraph", "Heading", 0, "")],
        ),
        ("2024\n\nText.", None, [("paragraph", "2024", 0, ""), ("paragraph", "Text.", 0, "")]),
        (
            "“Said.”\n\nText.",
            None,
            [("paragraph", "“Said.”", 0, ""), ("paragraph", "Text.", 0, "")],
        ),
        ("题目：\n\n内容。", "题目", [("paragraph", "内容。", 1, "题目")]),
        ("- \n\n-\n", None, [("paragraph", "-", 0, ""), ("paragraph", "-", 0, "")]),
        ("A\u2028B\n\nText.", "A\u2028B", [("paragraph", "Text.", 1, "A\u2028B")]),
    ],
)
def test_plain_text(text: str, title: str | None, rows: list[_Row]) -> None:
    """A lone line without a closing mark, or ending in a colon, heads what stands under it."""
    outline = outline_text(text, 0)
    assert (outline.title, _rows(text, outline)) == (title, rows)


@pytest.mark.parametrize(
    ("text", "title", "rows"),
    [
        ("", None, []),
        ("# Only\n\n## Headings\n", "Only", []),
        ("Text.\n", None, [("paragraph", "Text.", 0, "")]),
        (
            "# *A* `b` [c](x) ![d](y) &amp; \\* <br>e\n\nText.",
            "A b c d & * e",
            [("paragraph", "Text.", 1, "A b c d & * e")],
        ),
        ("# [a][b]\n\nText.\n\n[b]: /x", "a", [("paragraph", "Text.", 1, "a")]),
        (
            "One\n===\n\nText.\n\nTwo\nlines\n---\n\nMore.\n\n### Deep\n\nX.\n\n# Up\n\nY.",
            "One",
            [
                ("paragraph", "Text.", 1, "One"),
                ("paragraph", "More.", 2, "One > Two lines"),
                ("paragraph", "X.", 3, "One > Two lines > Deep"),
                ("paragraph", "Y.", 4, "Up"),
            ],
        ),
        ("#\n\nText.", None, [("paragraph", "Text.", 1, "")]),
        (
            "- one\n- two\n  more\n\n  para\n  1. in\n     * deep\n- > said\n-\n",
            None,
            [
                ("item", "one", 0, ""),
                ("item", "two\n  more", 0, ""),
                ("paragraph", "para", 0, ""),
                ("item", "in", 0, ""),
                ("item", "deep", 0, ""),
                ("paragraph", "said", 0, ""),
            ],
        ),
        (
            "> Quoted **bold**\n> on.\n>\n> - item\n",
            None,
            [("paragraph", "Quoted **bold**\n> on.", 0, ""), ("item", "item", 0, "")],
        ),
        (
            "| a | b |\n|---|---|\n| c | d |\n",
            None,
            [("row", "| a | b |", 0, ""), ("row", "| c | d |", 0, "")],
        ),
        (
            "```sh\nrun\n\n  it\n```\n\n    code\n\n~~~\nopen",
            None,
            [("code", word, 0, "") for word in ("run", "it", "code", "open")],
        ),
        (
            "> ````\n> a\n> ````\n\n- ```\n  b\n  ```\n\n```\n```\n\n```\nc\n~~~",
            None,
            [("code", line, 0, "") for line in ("> a", "b", "c", "~~~")],
        ),
        (
            "Before.\n\n<!-- no -->\n\n<p>\nmarkup\n</p>\n\n[x]: /y 'z'\n\nAfter <b>that</b>.\n",
            None,
            [("paragraph", "Before.", 0, ""), ("paragraph", "After <b>that</b>.", 0, "")],
        ),
        ("***\n\n\u00a0\n\nText.\n", None, [("paragraph", "Text.", 0, "")]),
    ],
)
def test_markdown(text: str, title: str | None, rows: list[_Row]) -> None:
    """Headings, items, tables and code are what CommonMark says; comments and HTML are no text."""
    outline = outline_markdown(text, 0)
    assert (outline.title, _rows(text, outline)) == (title, rows)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [("# {}\n\nText.", "{}"), ("{}\n---\n\nText.", "{}"), ("> ## {}\n\nText.", "{}")],
)
def test_a_heading_that_goes_on_for_lines_is_text(text: str, quoted: str) -> None:
    """What a stray underline or hash turns into a heading of a paragraph's length can be quoted."""
    prose = "A sentence of prose. " * 20
    rows = _rows(text.format(prose), outline_markdown(text.format(prose), 0))
    assert rows == [
        ("paragraph", quoted.format(prose).strip(), 0, ""),
        ("paragraph", "Text.", 0, ""),
    ]


@pytest.mark.parametrize("text", [">" * 5000 + " a", "- " * 5000 + "a", "> - " * 60 + "a"])
def test_what_nests_too_deeply_is_refused_not_dropped(text: str) -> None:
    """The parser leaves out what nests beyond its limit, so such a text is refused by its line."""
    with pytest.raises(TextError, match="nest too deeply at line 3; flatten them"):
        outline_markdown(f"Text.\n\n{text}", 0)


def test_forty_lists_in_each_other_are_read() -> None:
    """Any nesting that people write is read to its innermost item."""
    text = "".join("  " * depth + f"- item {depth}\n" for depth in range(40))
    assert [row[1] for row in _rows(text, outline_markdown(text, 0))] == [
        f"item {depth}" for depth in range(40)
    ]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_offsets_count_from_the_beginning_of_the_file(suffix: str) -> None:
    """A body that begins further down has the same blocks, further down."""
    header, body = "---\ntitle: é😀\n---\n", "# H\n\nText 😀.\n\n- item\n\n```\ncode\n```\n"
    alone = outlined(body, suffix, 0)
    below = outlined(header + body, suffix, len(header))
    shift = len(header)
    assert below.title == alone.title
    assert below.blocks == tuple(
        Block(b.start + shift, b.end + shift, b.kind, b.section, b.headings) for b in alone.blocks
    )
