"""Document -> passages of whole sentences. Pure: text in, spans out.

Owns sentence boundaries and packing. A passage stays within one section and within the encoder's
limit, measured by a token counter that is passed in; knows nothing of models or files.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import sentencex

from index.errors import SourceError
from index.records import Block, Document, Passage, Sentence, Span

TokenCounter = Callable[[str], int]
_SPACE = re.compile(r"\s+")
# sentencex counts one byte back from a full stop to the space before it, and panics if that space
# takes several; it is shown a plain one, which is one code point too.
_WIDE_SPACE = re.compile(r"[^\S\x00-\x7f]")
# Code points that sentencex is shown at a time: unclosed quotation marks cost it quadratic time.
_WINDOW = 16_384
# Letters on a line of their own between two blocks: a comment, HTML, a link's definition. The
# words after a code fence are none.
_UNQUOTABLE = re.compile(r"^(?![> \t]*(?:```|~~~))[^\n]*?[^\W\d_]", re.MULTILINE)
# A cut never falls before these: the zero-width joiner, emoji's variation selectors, skin tones.
_JOINING = re.compile(r"[\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
# A tokenizer may turn an endless word into a single "unknown" token. Prose has four to five code
# points to a token; more than eight means that the count has stopped measuring the text.
_CODE_POINTS_PER_TOKEN = 8


@dataclass(frozen=True, slots=True)
class Chunking:
    """How passages are cut. All counts are of the encoder's tokens.

    ``limit`` is the encoder's window; heading, passage and ``special`` tokens together stay within
    it. ``target`` is where packing stops: short passages retrieve and rerank better than full ones.
    """

    limit: int = 256
    target: int = 160
    special: int = 4
    headings: int = 48


def passages_of(
    document: Document, row: int, first_id: int, count: TokenCounter, chunking: Chunking
) -> Iterator[Passage]:
    """Yield the passages of a document in reading order, ids counting from ``first_id``."""
    number = first_id
    text = document.read
    numbered = list(enumerate(document.blocks))
    for section, members in groupby(numbered, key=lambda member: member[1].section):
        blocks = list(members)
        headings = blocks[0][1].headings
        path = _heading_path(headings, count, chunking)
        room = chunking.limit - chunking.special - (count(path) if path else 0)
        sentences = [
            piece
            for index, block in blocks
            for piece in _sentences(text, block, index, count, room)
        ]
        target = min(chunking.target, room)
        for packed in _pack(text, sentences, count, target):
            start, end = packed[0].start, packed[-1].end
            yield Passage(number, row, section, start, end, text[start:end], headings, packed)
            number += 1


def all_passages(
    documents: Sequence[Document], count: TokenCounter, chunking: Chunking
) -> list[Passage]:
    """Return the passages of all documents. Raises ``SourceError`` if there are none."""
    passages: list[Passage] = []
    for row, document in enumerate(documents):
        passages.extend(passages_of(document, row, len(passages), count, chunking))
    if not passages:
        raise SourceError(
            f"all that the folder says is suspicious, beginning with {documents[0].path}; look at "
            'it, or set suspicious to "mark"'
        )
    return passages


def retrieval_text(passage: Passage, count: TokenCounter, chunking: Chunking) -> str:
    """Return what is embedded and indexed: the heading path, then the passage."""
    path = _heading_path(passage.headings, count, chunking)
    return f"{path}\n{passage.text}" if path else passage.text


def _heading_path(headings: tuple[str, ...], count: TokenCounter, chunking: Chunking) -> str:
    """Join the headings, without the outermost until the path fits: the innermost says most."""
    for first in range(len(headings)):
        path = " > ".join(headings[first:])
        if _fits(path, 0, len(path), count, chunking.headings):
            return path
    innermost = headings[-1] if headings else ""
    return innermost[: _longest_prefix(innermost, 0, len(innermost), count, chunking.headings)]


def _sentences(
    text: str, block: Block, index: int, count: TokenCounter, room: int
) -> Iterator[Sentence]:
    """Yield the sentences of a block, splitting any that no passage could hold."""
    for span in sentence_spans(text, block):
        for piece in _fitting(text, *span, count, room):
            yield Sentence(*piece, index, block.kind)


def sentence_spans(text: str, block: Block) -> Iterator[Span]:
    """Yield the sentences of a block, trimmed, however long."""
    for start, end in _boundaries(text, block):
        found = text[start:end]
        first = start + len(found) - len(found.lstrip())
        if found.strip():
            yield first, first + len(found.strip())


def _boundaries(text: str, block: Block) -> Iterator[tuple[int, int]]:
    """Yield spans, each of one sentence and the space around it, that together cover the block."""
    if block.kind in {"row", "code"}:
        yield block.start, block.end
        return
    start = block.start
    while start < block.end:
        window = _WIDE_SPACE.sub(" ", text[start : min(start + _WINDOW, block.end)])
        end = start + len(window)
        starts = [
            start + boundary["start_index"]
            for boundary in sentencex.get_sentence_boundaries("en", window)
        ]
        if end < block.end:  # the last sentence may go on: begin the next window with it
            end = starts[-1] if len(starts) > 1 else _word_boundary(text, start, end)
        ends = [following for following in starts[1:] if following < end]
        yield from zip([start, *ends], [*ends, end], strict=True)
        start = end


def _fitting(
    text: str, start: int, end: int, count: TokenCounter, room: int
) -> Iterator[tuple[int, int]]:
    """Split what exceeds ``room`` tokens at word boundaries, inside a word only if it must be."""
    while not _fits(text, start, end, count, room):
        furthest = _longest_prefix(text, start, end, count, room)
        cut = _word_boundary(text, start, furthest)
        if not _fits(text, start, cut, count, room):  # a shorter piece of a word may cost more
            cut = furthest
        yield start, start + len(text[start:cut].rstrip())
        space = _SPACE.match(text, cut, end)
        start = space.end() if space else cut
    if start < end:
        yield start, end


def _word_boundary(text: str, start: int, cut: int) -> int:
    """Move a cut back to the last space, or else off a combining mark or joined emoji."""
    spaces = [match.start() for match in _SPACE.finditer(text, start, cut + 1)]
    if spaces and spaces[-1] > start:
        return spaces[-1]
    back = cut
    while back > start and _is_joined(text, back):
        back -= 1
    return back if back > start else cut


def _is_joined(text: str, at: int) -> bool:
    """Say whether the code point there belongs to what a reader sees as one with the last one."""
    return (
        _JOINING.match(text, at) is not None
        or text[at - 1] == "\u200d"
        or unicodedata.category(text[at]).startswith("M")
    )


def _fits(text: str, start: int, end: int, count: TokenCounter, room: int) -> bool:
    words = _SPACE.sub(" ", text[start:end])  # no token is made of space, nor of what is withheld
    return len(words) <= room * _CODE_POINTS_PER_TOKEN and count(words) <= room


def _longest_prefix(text: str, start: int, end: int, count: TokenCounter, room: int) -> int:
    """Return a far cut such that ``text[start:cut]`` fits; at least one code point on."""
    low, high = min(start + 1, end), min(end, start + room * _CODE_POINTS_PER_TOKEN)
    while low < high:
        middle = (low + high + 1) // 2
        if _fits(text, start, middle, count, room):
            low = middle
        else:
            high = middle - 1
    return low


def _pack(
    text: str, sentences: list[Sentence], count: TokenCounter, target: int
) -> Iterator[tuple[Sentence, ...]]:
    """Pack whole sentences greedily up to ``target`` tokens; one alone may take more.

    A passage spans nothing between two blocks that nobody may quote.
    """
    packed: list[Sentence] = []
    for sentence in sentences:
        if packed and (
            _UNQUOTABLE.search(text[packed[-1].end : sentence.start])
            or not _fits(text, packed[0].start, sentence.end, count, target)
        ):
            yield tuple(packed)
            packed = []
        packed.append(sentence)
    if packed:
        yield tuple(packed)
