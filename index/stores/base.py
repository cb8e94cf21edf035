"""What a home for generations has to offer: vectors and words to search, documents to read.

Owns the protocols. One implementation a file: ``vectors``, ``lexicon`` and ``documents`` hold all
in memory. What implements them can be used from several threads, and never changes.
"""

from collections.abc import Sequence
from typing import Protocol

from index.records import DocumentInfo, Hit, Matrix, Passage, Span, Vector
from index.unread import Unread


class VectorStore(Protocol):
    """The unit vector of every passage."""

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        ...

    def __len__(self) -> int:
        """Count the passages."""
        ...

    def search(self, query: Vector, depth: int) -> Sequence[Hit]:
        """Return the ``depth`` passages with the largest inner product, the best first.

        Equal ones come in the order of their numbers.
        """
        ...

    def all(self) -> Matrix:
        """Return every vector, one a row, in the order of the passages."""
        ...


class LexiconStore(Protocol):
    """The words of every passage."""

    def search(self, text: str, depth: int) -> Sequence[Hit]:
        """Return at most ``depth`` passages that share a word with a text, the best first.

        Equal ones come in the order of their numbers.
        """
        ...

    def frequency(self, term: str) -> int:
        """Count the passages that have a term; 0 for one that none has."""
        ...


class DocumentStore(Protocol):
    """Documents by their row and passages by their number. Raise ``LookupError`` for neither."""

    def documents(self) -> tuple[DocumentInfo, ...]:
        """Return what is known of every document, in the order of the rows."""
        ...

    def text(self, document: int) -> str:
        """Return the canonical text of a document."""
        ...

    def passage(self, number: int) -> Passage:
        """Return one passage."""
        ...

    def section(self, document: int, section: int) -> tuple[Passage, ...]:
        """Return the passages of one section in reading order."""
        ...

    def of_document(self, document: int) -> tuple[Passage, ...]:
        """Return the passages of a document in reading order."""
        ...

    def headings(self) -> list[tuple[int, tuple[str, ...]]]:
        """Return the document row and heading path of every section, in reading order."""
        ...

    def digests(self) -> list[str]:
        """Return the digest of each passage's retrieval text, in order."""
        ...

    def withheld(self) -> dict[int, list[Span]]:
        """Return the spans of each document, by its row, that no passage is made of."""
        ...

    def unread(self) -> list[Unread]:
        """Return what no passage is made of because the models do not read its language."""
        ...

    def close(self) -> None:
        """Release what is held open."""
        ...
