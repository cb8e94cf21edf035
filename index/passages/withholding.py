"""A document as it is read where some of what it says is withheld: as if that did not stand there.

Owns which code points those are, once somebody else has said what is to be withheld, and that no
offset moves: each becomes a space, and lines that are withheld whole are no part of the outline
either. The canonical text stays as it is.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from index.passages.chunking import sentence_spans
from index.records import Document, Span
from index.sources.folder import outlined, stem
from index.sources.front_matter import read_front_matter

# A line, with one that underlines it and so makes it a heading.
_LINE = re.compile(r"[^\n]+(?:\n {0,3}(?:=+|-+)[ \t]*(?=\n|\Z))?")
_FENCE = re.compile(r"`{3,}|~{3,}")
_CODE = re.compile(rf"\s*(?:{_FENCE.pattern})")
_LONGEST_CODE = 10_000  # code points in which a fence is closed, or it is none of ours
_WORD = re.compile(r"\w")
_NOT_LINE_END = re.compile(r"[^\n]")
# What a line may begin with besides what it says: marks of quotes and items, and of headings.
_MARGIN = re.compile(r"[ \t>]*(?:(?:[-*+•]|\d{1,9}[.)])[ \t]+)?")
_WIDEST_MARGIN = 1000  # code points; marks further in than that belong to no list
_LINE_END = re.compile(r"[^\S\n]*(?:\n|\Z)")
_LEAD = re.compile(rf"{_MARGIN.pattern}(?:#{{1,6}}[ \t]+)?")


class Withhold(Protocol):
    """What is to be withheld. Both are pure."""

    def hidden(self, text: str) -> Sequence[Span]:
        """Return the spans of a canonical text that its readers do not see, in order, apart."""
        ...

    def shows_nothing(self, hidden: str) -> bool:
        """Say whether such a span shows nothing to anybody: a sentence around it is all there."""
        ...

    def withheld(self, words: str) -> bool:
        """Say whether a sentence, a heading, a title or a question is."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as it is read, and the spans of its text that are withheld, in order."""

    document: Document
    withheld: tuple[Span, ...] = ()


def reading(document: Document, withhold: Withhold | None) -> Reading:
    """Return a document as it is read without what is withheld."""
    if withhold is None:
        return Reading(document)
    spans = list(withhold.hidden(document.text))
    unseen = [span for span in spans if withhold.shows_nothing(document.text[slice(*span)])]
    whole = _blank(document.text, unseen)
    read = document
    told = [document.title, *document.questions]
    if spans or any(map(withhold.withheld, told)):
        read = _without(document, spans, withhold)
    # What is left may be sentences of another kind: until nothing of it is withheld.
    while more := list(_to_withhold(read, whole, withhold)):
        spans += [_with_code(document.text, *span) for span in more]
        read = _without(document, spans, withhold)
    return Reading(read, tuple(sorted(spans)))


def _with_code(text: str, start: int, end: int) -> Span:
    """Return a span with the fenced code that begins in it or right behind it: it leads there."""
    fences = list(_FENCE.finditer(text, start, end))
    behind = _CODE.match(text, end)
    if len(fences) % 2:
        closing = _FENCE.search(text, end, end + _LONGEST_CODE)
    else:
        opened = behind.end() if behind else len(text)
        closing = _FENCE.search(text, opened, opened + _LONGEST_CODE)
    return (start, closing.end()) if closing else (start, end)


def _to_withhold(document: Document, whole: str, withhold: Withhold) -> Iterator[Span]:
    """Yield what of a document as it is read is withheld: sentences, and lines between blocks.

    ``whole`` is its text with spaces for what shows nothing.
    """
    last = read_front_matter(document.text).end
    read = document.read
    for block in document.blocks:
        yield from _lines(read, last, block.start, withhold)
        for start, end in sentence_spans(read, block):
            words = read[start:end]
            # A sentence around something hidden could not be quoted without it.
            if words != whole[start:end] or withhold.withheld(words):
                yield start, end
        last = block.end
    yield from _lines(read, last, len(read), withhold)


def _lines(read: str, start: int, end: int, withhold: Withhold) -> Iterator[Span]:
    """Yield the lines that are withheld, headings mostly."""
    for line in _LINE.finditer(read, start, end):
        lead = _LEAD.match(read, line.start(), line.end())
        first = lead.end() if lead else line.start()
        words = read[first : line.end()]
        if _WORD.search(words) and withhold.withheld(words):
            yield first, line.end()


def _without(document: Document, spans: Iterable[Span], withhold: Withhold) -> Document:
    """Return a document as it is read without some spans of its text."""
    text, matter = document.text, read_front_matter(document.text)
    widened = sorted(_widened(text, *span) for span in spans)
    shown = (part for span in widened for part in _outlined_without(text, *span))
    outline = outlined(document.path, _blank(text, shown), matter.end)
    given = None if matter.title and withhold.withheld(matter.title) else matter.title
    return replace(
        document,
        title=given or outline.title or stem(document.path),
        questions=tuple(each for each in document.questions if not withhold.withheld(each)),
        blocks=outline.blocks,
        without=_blank(text, widened),
    )


def _widened(text: str, start: int, end: int) -> Span:
    """Return a span with the marks before it, if nothing else stands on its lines."""
    first = _margin(text, start, _LEAD)
    return (start if first is None or not _ends(text, end) else first), end


def _outlined_without(text: str, start: int, end: int) -> Iterator[Span]:
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


def _blank(text: str, spans: Iterable[Span]) -> str:
    """Return a text with a space for each code point of some spans but line ends."""
    parts: list[str] = []
    last = 0
    for start, end in spans:
        if last < end:
            kept = text[last : max(start, last)]
            parts += [kept, _NOT_LINE_END.sub(" ", text[max(start, last) : end])]
            last = end
    return "".join([*parts, text[last:]])
