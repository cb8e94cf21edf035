"""The generations that are kept, listed for their owner: what each holds, its date and its size.

Changes nothing. Knows nothing of how one is published.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from index.errors import IndexDamaged
from index.generations.opening import MANIFEST, read_manifest
from index.generations.publish import kept_ids, missing, published_id
from index.generations.short_ids import short_ids


@dataclass(frozen=True, slots=True)
class GenerationSummary:
    """One generation that is kept. ``damage`` says why it cannot be used, if so.

    ``built`` is the UTC time (ISO 8601) at which its manifest was written, by the file system:
    nothing in a generation names a time, so a copy may have another. ``bytes`` is its size on disk.
    """

    index_id: str
    short_id: str
    current: bool
    documents: int
    passages: int
    built: str | None
    bytes: int
    damage: str | None = None


def generations(index: Path) -> tuple[GenerationSummary, ...]:
    """Return the generations that are kept, newest last. Raises ``IndexMissing``.

    None is current if ``CURRENT`` is damaged: ``rollback`` repairs that.
    """
    history = kept_ids(index)
    if not history:
        raise missing(index)
    current = published_id(index)
    return tuple(
        _summary(index / index_id, short, current=index_id == current)
        for index_id, short in zip(history, short_ids(history), strict=True)
    )


def _summary(folder: Path, short: str, *, current: bool) -> GenerationSummary:
    documents, passages, damage = 0, 0, None
    try:
        counts = read_manifest(folder).counts
        documents, passages = counts.documents, counts.passages
    except IndexDamaged as error:
        damage = str(error)
    built = None
    with suppress(OSError):
        written = datetime.fromtimestamp((folder / MANIFEST).stat().st_mtime, UTC)
        built = written.isoformat(timespec="seconds")
    size = _size(folder)
    return GenerationSummary(folder.name, short, current, documents, passages, built, size, damage)


def _size(folder: Path) -> int:
    """Return the bytes of all files below a folder, but for those that go away meanwhile."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += Path(place, name).lstat().st_size
    return total
