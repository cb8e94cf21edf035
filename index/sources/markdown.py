"""Markdown -> title and blocks, by markdown-it's own reading of what is a heading, item or table.

Owns the way from a token's lines back to exact offsets. Marks inside a line (``**bold**``) stay in
the quote, because a quote is what the file says; HTML blocks and link definitions are not quotable.
"""

import re
from collections.abc import Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.records import Block, BlockKind
from index.sources.loader import Outline, TextError
from index.sources.text import LONGEST_HEADING

# What may stand before the words of a block on its first line: quote marks, bullets, numbers.
_LEAD = re.compile(r"(?:[ \t>]|[-*+][ \t]+|\d{1,9}[.)][ \t]+|#{1,6}[ \t]+)*")
_KINDS: dict[str, BlockKind] = {
    "paragraph_open": "paragraph",
    "heading_open": "paragraph",  # only one too long to be a heading gets so far
    "tr_open": "row",
    "fence": "code",
    "code_block": "code",
}
_CONTAINERS = frozenset({"blockquote_open", "list_item_open"})
# The parser drops in silence what nests deeper than its limit; a list in a list nests by two. The
# limit also bounds its recursion.
_DEEPEST = 100


@cache
def _parser() -> MarkdownIt:
    # Only headings are needed without their marks, so paragraphs are not parsed any further.
    return MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable("table").disable("inline")


def outline_markdown(text: str, start: int) -> Outline:
    """Divide the canonical text from ``start`` (a line's beginning) on into blocks under headings.

    Raises ``TextError`` if lists and quotes nest too deeply to be read.
    """
    body = text[start:]
    lines = _line_starts(body, start)
    blocks: list[Block] = []
    title: str | None = None
    path: list[tuple[int, str]] = []
    section = 0
    references: dict[str, object] = {}
    tokens = _parser().parse(body, references)
    for index, token in enumerate(tokens):
        if token.type in _CONTAINERS and token.level >= _DEEPEST - 1:
            line = text.count("\n", 0, lines[_first(token)]) + 1
            raise TextError(f"lists or quotes nest too deeply at line {line}; flatten them")
        if token.type == "heading_open" and len(tokens[index + 1].content) <= LONGEST_HEADING:
            heading = _words(tokens[index + 1].content, references)
            title = title or heading or None
            level = int(token.tag[1:])
            path = [(above, words) for above, words in path if above < level] + [(level, heading)]
            section += 1
        elif token.type in _KINDS:
            kind = _KINDS[token.type]
            if index > 0 and tokens[index - 1].type == "list_item_open" and kind == "paragraph":
                kind = "item"
            headings = tuple(words for _, words in path if words)
            blocks.extend(
                Block(*span, kind, section, headings) for span in _spans(text, lines, token)
            )
    return Outline(title, tuple(blocks))


def _line_starts(body: str, offset: int) -> list[int]:
    starts = [offset]
    starts.extend(offset + match.end() for match in re.finditer("\n", body))
    starts.append(offset + len(body))
    return starts


def _first(token: Token) -> int:
    return token.map[0] if token.map else 0


def _spans(text: str, lines: list[int], token: Token) -> Iterator[tuple[int, int]]:
    """Yield the trimmed span of a paragraph or table row, or of each line of code."""
    first, last = token.map or (0, 0)
    if token.type in {"fence", "code_block"}:
        if token.type == "fence":
            first += 1
            closing = text[lines[last - 1] : lines[last]].strip("> \t\n")
            last -= last > first and set(closing) == {token.markup[0]}
        for row in range(first, last):
            yield from _trimmed(text, lines[row], lines[row + 1])
        return
    if token.type == "heading_open" and token.markup in {"=", "-"}:
        last -= 1  # the line that underlines it
    start, end = lines[first], lines[last]
    lead = _LEAD.match(text, start, end)
    yield from _trimmed(text, lead.end() if lead else start, end)


def _words(heading: str, references: dict[str, object]) -> str:
    """Return a heading as it reads, without the marks of emphasis, code and links."""
    parser = _parser()
    tokens = parser.inline.parse(heading, parser, references, [])
    parts = (
        " " if token.type in {"softbreak", "hardbreak"} else token.content
        for token in tokens
        if token.type != "html_inline"
    )
    return " ".join("".join(parts).split())


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    span = text[start:end].strip()
    if span:
        start = text.index(span, start, end)
        yield start, start + len(span)
