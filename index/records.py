"""The facts that flow from a folder of text to an answer, as frozen values.

Owns their shape only. Knows nothing of files, models or databases. Every offset counts code points
in the canonical text of a document and is end-exclusive.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Span = tuple[int, int]
Vector = npt.NDArray[np.float32]  # of unit length, shape (dimension,)
Matrix = npt.NDArray[np.float32]  # vectors, one a row
BlockKind = Literal["paragraph", "item", "row", "code"]


@dataclass(frozen=True, slots=True)
class Block:
    """Quotable text under one heading: a paragraph, an item, a table row or a line of code.

    ``section`` numbers the headings of a document from 0 (text before the first heading);
    ``headings`` is the path of headings above the block, outermost first.
    """

    start: int
    end: int
    kind: BlockKind
    section: int
    headings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One source file, turned into canonical text. ``sha256`` and ``size`` are of its bytes.

    ``body`` is where the text begins behind any front matter, ``given`` the title that stands
    there. ``without`` is ``text`` with spaces for what is withheld, if anything is.
    """

    id: str
    title: str
    path: str
    url: str | None
    sha256: str
    size: int
    text: str
    blocks: tuple[Block, ...]
    questions: tuple[str, ...] = ()
    body: int = 0
    given: str | None = None
    without: str | None = None

    @property
    def read(self) -> str:
        """What passages are made of."""
        return self.text if self.without is None else self.without


@dataclass(frozen=True, slots=True)
class Redacted:
    """A document as it is read, and the spans of its text that are withheld, in order."""

    document: Document
    withheld: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A quotable span. ``block`` indexes its document's blocks, ``kind`` is that block's kind."""

    start: int
    end: int
    block: int
    kind: BlockKind


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one section, small enough for the encoder.

    ``id`` is the passage's row in the generation's vectors and lexicon, ``document`` the row of its
    document. ``text`` is ``canonical[start:end]``, with spaces for what is withheld between its
    sentences; ``headings`` serve retrieval, and are never quoted.
    """

    id: int
    document: int
    section: int
    start: int
    end: int
    text: str
    headings: tuple[str, ...]
    sentences: tuple[Sentence, ...]

    def quote(self, sentence: Sentence) -> str:
        """Return the verbatim text of one of this passage's sentences."""
        return self.text[sentence.start - self.start : sentence.end - self.start]


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What a generation knows of a document besides its text."""

    id: str
    title: str
    path: str
    url: str | None
    sha256: str
    size: int
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What an owner is told of one file."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found by a search, with the score of the method that found it (more is better)."""

    passage: int
    score: float
