"""What is promised of a document that was read, and of the passages made of it.

Owns the checks alone. Knows nothing of where the bytes came from.
"""

import hashlib
import re
from itertools import pairwise
from urllib.parse import urlsplit

from index.passages.chunking import Chunking, passages_of, retrieval_text
from index.records import Document, Passage
from index.sources.canonical import canonical_text

_CHUNKING = Chunking()
_WORDS = re.compile(r"\w+|\S")


def tokens(text: str) -> int:
    """Count words and marks: what passages are measured by here, for want of a model."""
    return len(_WORDS.findall(text))


def check_document(document: Document, name: str, data: bytes) -> None:
    """Check everything that is promised of a document, and of the passages made of it."""
    text = document.text
    assert document.path == name
    assert (document.sha256, document.size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert "\r" not in text
    # It encodes, and once more read it is the same; a mark of its own is not dropped twice.
    assert canonical_text(("\ufeff" + text).encode()) == text
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}", document.id)
    assert document.title.strip()
    assert document.url is None or urlsplit(document.url).scheme in {"", "http", "https"}
    assert document.blocks
    last = section = 0
    for block in document.blocks:
        quotable = text[block.start : block.end]
        assert quotable
        assert quotable == quotable.strip()
        assert block.start >= last
        assert block.section >= section
        last, section = block.end, block.section
    assert last <= len(text)
    passages = list(passages_of(document, 3, 5, tokens, _CHUNKING))
    assert [each.id for each in passages] == list(range(5, 5 + len(passages)))
    for passage in passages:
        _check_passage(document, passage)
    sentences = [each for passage in passages for each in passage.sentences]
    for before, after in pairwise(sentences):
        assert before.end <= after.start


def _check_passage(document: Document, passage: Passage) -> None:
    """Check that a passage is whole sentences of its document, within what an encoder takes."""
    assert passage.document == 3
    assert passage.text == document.text[passage.start : passage.end]
    assert (passage.sentences[0].start, passage.sentences[-1].end) == (passage.start, passage.end)
    for sentence in passage.sentences:
        block = document.blocks[sentence.block]
        assert (block.section, block.kind) == (passage.section, sentence.kind)
        assert block.start <= sentence.start < sentence.end <= block.end
        quote = passage.quote(sentence)
        assert quote == document.text[sentence.start : sentence.end] == quote.strip()
    room = _CHUNKING.limit - _CHUNKING.special
    assert tokens(retrieval_text(passage, tokens, _CHUNKING)) <= room
