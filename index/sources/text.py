"""Plain text -> title and blocks.

Owns how headings, list items and paragraphs are told apart when nothing but line breaks marks them.
A lone line without a closing mark, or ending in a colon, is a heading, if something stands under
it. The first line that is one gives the title.
"""

import re
from collections.abc import Iterator

from index.records import Block, BlockKind
from index.sources.loader import Outline

LONGEST_HEADING = 200  # code points; a longer lone line is prose that lost its mark
_ITEM = re.compile(r"[^\S\n]*(?:[-*•‣◦–]|\d{1,3}[.)])[^\S\n]+(?=\S)")
_LINE = re.compile(r"[^\n]+")
# What ends a sentence, in the scripts whose marks Unicode calls Sentence_Terminal and that we meet,
# and what may still follow it.
_CLOSED = re.compile(r"[.!?…。！？।؟;,；，、][\"'”’»)\]）」』]*$")
_COLONS = (":", "：")


def outline_text(text: str, start: int) -> Outline:
    """Divide the canonical text from ``start`` on into blocks under headings."""
    chunks = list(_chunks(text, start))
    ranks = [_rank(text[slice(*chunk)], first=row == 0) for row, chunk in enumerate(chunks)]
    blocks: list[Block] = []
    section = 0
    path: list[str] = ["", "", ""]
    for chunk, rank in zip(chunks, _headings(ranks), strict=True):
        if rank is None:
            headings = tuple(heading for heading in path if heading)
            blocks.extend(_blocks(text, *chunk, section, headings))
        else:
            section += 1
            path[rank:] = [text[slice(*chunk)].strip().rstrip(":： "), *[""] * (2 - rank)]
    return Outline(path[0] or None, tuple(blocks))


def _chunks(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Yield the span of each run of lines between blank ones."""
    opened: int | None = None
    closed = start
    for line in _LINE.finditer(text, start):
        blank = not line.group().strip()
        if opened is not None and (blank or line.start() > closed + 1):
            yield opened, closed
            opened = None
        if not blank:
            opened = line.start() if opened is None else opened
            closed = line.end()
    if opened is not None:
        yield opened, closed


def _rank(chunk: str, *, first: bool) -> int | None:
    """Return how far out a heading stands: 0 the title, 1 a lone line, 2 one ending in a colon.

    ``None`` for text.
    """
    line = chunk.strip()
    if (
        len(line) > LONGEST_HEADING
        or "\n" in line
        or _CLOSED.search(line)
        or _ITEM.match(chunk)
        or not any(character.isalpha() for character in line)
    ):
        return None
    if first:
        return 0
    return 2 if line.endswith(_COLONS) else 1


def _headings(ranks: list[int | None]) -> list[int | None]:
    """Keep the ranks of those lines under which something stands: text, or a heading further in.

    Of lone lines in a row only the last can be a heading, so that the others can be quoted.
    """
    kept: list[int | None] = []
    below: int | None = 0
    below_is_heading = True  # under the last chunk stands nothing
    for rank in reversed(ranks):
        below_is_heading = rank is not None and (
            below is None or below > rank or (below < rank and not below_is_heading)
        )
        kept.append(rank if below_is_heading else None)
        below = rank
    return kept[::-1]


def _blocks(
    text: str, start: int, end: int, section: int, headings: tuple[str, ...]
) -> Iterator[Block]:
    """Yield the chunk as a paragraph, or its list items, each with the lines that continue it."""
    opened, last = start, start
    kind: BlockKind = "paragraph"
    for line in _LINE.finditer(text, start, end):
        item = _ITEM.match(text, line.start(), line.end())
        if item:
            yield from _trimmed(text, opened, last, kind, section, headings)
            opened, kind = item.end(), "item"
        last = line.end()
    yield from _trimmed(text, opened, last, kind, section, headings)


def _trimmed(
    text: str, start: int, end: int, kind: BlockKind, section: int, headings: tuple[str, ...]
) -> Iterator[Block]:
    span = text[start:end]
    start += len(span) - len(span.lstrip())
    end = start + len(span.strip())
    if start < end:
        yield Block(start, end, kind, section, headings)
