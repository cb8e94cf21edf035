"""A document as it is read where some of what it says is withheld: as if that did not stand there.

Owns which code points those are, once somebody else has said what is to be withheld, and that no
offset moves: each becomes a space, and lines that are withheld whole are no part of the outline
either. The canonical text stays as it is.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from index.passages.chunking import sentence_spans
from index.records import Document, Redacted, Span
from index.sources.blanking import LEAD, blank
from index.sources.folder import stem
from index.sources.loaders import loader_of

# A line, with one that underlines it and so makes it a heading.
_LINE = re.compile(r"[^\n]+(?:\n {0,3}(?:=+|-+)[ \t]*(?=\n|\Z))?")
_FENCE = re.compile(r"`{3,}|~{3,}")
_CODE = re.compile(rf"\s*(?:{_FENCE.pattern})")
_LONGEST_CODE = 10_000  # code points in which a fence is closed, or it is none of ours
_WORD = re.compile(r"\w")


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


def redacted(document: Document, withhold: Withhold | None) -> Redacted:
    """Return a document as it is read without what is withheld."""
    if withhold is None:
        return Redacted(document)
    spans = list(withhold.hidden(document.text))
    unseen = [span for span in spans if withhold.shows_nothing(document.text[slice(*span)])]
    whole = blank(document.text, unseen)
    read = document
    told = [document.title, *document.questions]
    if spans or any(map(withhold.withheld, told)):
        read = _without(document, spans, withhold)
    # What is left may be sentences of another kind: until nothing of it is withheld.
    while more := list(_to_withhold(read, whole, withhold)):
        spans += [_with_code(document.text, *span) for span in more]
        read = _without(document, spans, withhold)
    return Redacted(read, tuple(sorted(spans)))


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
    last = document.body
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
        lead = LEAD.match(read, line.start(), line.end())
        first = lead.end() if lead else line.start()
        words = read[first : line.end()]
        if _WORD.search(words) and withhold.withheld(words):
            yield first, line.end()


def _without(document: Document, spans: Iterable[Span], withhold: Withhold) -> Document:
    """Return a document as it is read without some spans of its text."""
    without = loader_of(document.path).without(document.text, document.body, sorted(spans))
    given = None if document.given and withhold.withheld(document.given) else document.given
    return replace(
        document,
        title=given or without.outline.title or stem(document.path),
        questions=tuple(each for each in document.questions if not withhold.withheld(each)),
        blocks=without.outline.blocks,
        without=without.read,
    )
