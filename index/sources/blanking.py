"""A text with spaces for some of its spans: as long as it was, so that no offset moves.

Owns which of the marks around a span go with it, in Markdown and in plain text.
"""

import re
from collections.abc import Iterable, Iterator

from index.records import Span

_NOT_LINE_END = re.compile(r"[^\n]")
# What a line may begin with besides what it says: marks of quotes and items, and of headings.
_MARGIN = re.compile(r"[ \t>]*(?:(?:[-*+•]|\d{1,9}[.)])[ \t]+)?")
_WIDEST_MARGIN = 1000  # code points; marks further in than that belong to no list
_LINE_END = re.compile(r"[^\S\n]*(?:\n|\Z)")
LEAD = re.compile(rf"{_MARGIN.pattern}(?:#{{1,6}}[ \t]+)?")


def blank(text: str, spans: Iterable[Span]) -> str:
    """Return a text with a space for each code point of some spans but line ends."""
    parts: list[str] = []
    last = 0
    for start, end in spans:
        if last < end:
            kept = text[last : max(start, last)]
            parts += [kept, _NOT_LINE_END.sub(" ", text[max(start, last) : end])]
            last = end
    return "".join([*parts, text[last:]])


def widened(text: str, start: int, end: int) -> Span:
    """Return a span with the marks before it, if nothing else stands on its lines."""
    first = _margin(text, start, LEAD)
    return (start if first is None or not _ends(text, end) else first), end


def outlined_without(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield what of a span can become space without making another block of what is beside it.

    Space at the beginning of a line is no space in Markdown, but code. So a line that is withheld
    in part and from its beginning on stays what it was: a paragraph or an item.
    """
    first_line = text.find("\n", start, end)
    first_line = end if first_line < 0 else first_line
    last_line = text.rfind("\n", start, end) + 1
    if _margin(text, start, _MARGIN) is not None and not _ends(text, first_line):
        start = first_line
    if last_line > start and not _ends(text, end):
        end = last_line
    if start < end:
        yield start, end


def _margin(text: str, place: int, marks: re.Pattern[str]) -> int | None:
    """Return where the line of a place begins, if nothing stands before it there but marks."""
    nearest = max(0, place - _WIDEST_MARGIN)
    first = text.rfind("\n", nearest, place) + 1 or nearest
    lead = marks.match(text, first, place)
    begins = first == 0 or text[first - 1] == "\n"
    return first if begins and lead and lead.end() == place else None


def _ends(text: str, place: int) -> bool:
    """Say whether nothing stands behind a place on its line."""
    return _LINE_END.match(text, place) is not None
