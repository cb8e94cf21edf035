"""What a format has to offer: the seam at which another one is added.

Owns the protocol and the shape of what a file becomes. Knows nothing of any format.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.records import Block, Span


class TextError(ValueError):
    """A file cannot be read as what its name says; the message says why and how to fix it."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What a file says of itself besides its text: ``None`` and ``()`` for what it does not say.

    ``url`` is a web address, or a path that ``base_url`` makes one of.
    """

    id: str | None = None
    title: str | None = None
    url: str | None = None
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """What of a text can be quoted, in order, and the title that the text itself gives."""

    title: str | None
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file as it is read.

    ``text`` is canonical: offsets count its code points, and a footnote can be checked with it and
    the file alone. ``body`` is where it begins to be text, behind any front matter. ``notes`` are
    worth telling the owner.
    """

    text: str
    body: int
    outline: Outline
    matter: Matter
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Without:
    """A canonical text as it is read when some of it is withheld.

    ``read`` is as long as the text, with spaces for what is withheld, so that no offset moves.
    """

    read: str
    outline: Outline


class Loader(Protocol):
    """Reads one format. Has no state and changes nothing."""

    def load(self, data: bytes) -> Loaded:
        """Return a file of this format as it is read. The same bytes always give the same.

        Every block is a trimmed, non-empty span of the text; blocks are in order and apart. Raises
        ``TextError`` for what is no file of this format, or cannot be read.
        """
        ...

    def without(self, text: str, body: int, spans: Sequence[Span]) -> Without:
        """Return a text that ``load`` gave as it is read without some of its spans.

        It is to be read as if they did not stand there: no block holds or is named by anything of
        them, and all of them is spaces in ``read``. The spans are in order and may touch or
        overlap.
        """
        ...
