"""What a rebuild did, as an owner is told.

Owns the shape only.
"""

from dataclasses import dataclass

from index.records import Told
from index.unread import UnreadDocument


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs from the generation that was published before.

    A changed document has the id of one before it but other bytes or another path; a changed
    passage reads as before but was embedded anew (``full``, or another encoder or library).
    """

    added: int
    changed: int
    removed: int
    reused: int


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a rebuild did.

    ``skipped`` could not be read, ``empty`` holds no text, ``excluded`` counts what the owner chose
    to leave out, ``ignored`` has no loader, ``notes`` is of files that were read. ``first`` says
    that nothing was published before, ``unread`` is in languages that the models do not read;
    ``encoder`` is a sentence.
    """

    index_id: str
    documents: Changes
    passages: Changes
    skipped: tuple[Told, ...]
    empty: tuple[str, ...]
    excluded: int
    ignored: tuple[str, ...]
    notes: tuple[Told, ...]
    first: bool
    encoder: str
    unread: tuple[UnreadDocument, ...] = ()
