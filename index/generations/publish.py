"""The folder of generations: write aside, swap, roll back, clean up.

Owns ``CURRENT`` (the published generation), ``HISTORY`` (order of publication, newest last), the
lock, and what is kept. A reader follows ``CURRENT`` and so finds the old generation or the new one,
whole. Knows nothing of what is in a generation besides its manifest.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from index.embedding.kept import EXPORTING
from index.errors import IndexDamaged, IndexMissing, IndexUnwritable, UnknownGeneration
from index.files import DISK, LOCK, Disk, entries
from index.generations.opening import MANIFEST, Generation, Manifest, read_manifest, verify
from index.generations.short_ids import short_ids
from index.plain import read_plain

Put = Callable[[str, bytes], str]

CURRENT = "CURRENT"
HISTORY = "HISTORY"
_ASIDE = ".building"
TRYING = ".trying"  # where a generation is asked before it is published
_DISCARDED = ".discarded"
_UNFINISHED = ".new"  # what a file is called before it takes another's place


@contextmanager
def locked(index: Path, disk: Disk = DISK) -> Iterator[None]:
    """Hold the index for one writer, making its folder if need be.

    Raises ``IndexBusy`` and ``IndexUnwritable``.
    """
    disk.make_folder(index)
    with disk.locked(index / LOCK):
        _sweep(index, disk)
        try:
            yield
        finally:
            # What was begun and not ended is of no use, and a full disk is in need of its space.
            with suppress(IndexUnwritable):
                _sweep(index, disk)


def current_id(index: Path) -> str:
    """Return the ``index_id`` of the published generation. Raises ``IndexMissing``."""
    try:
        index_id = read_plain(index / CURRENT).decode().strip()
    except FileNotFoundError as error:
        raise missing(index) from error
    except PermissionError as error:
        raise IndexMissing(
            f"{index / CURRENT} cannot be read ({error.strerror}); allow reading it, or name "
            "another index with --index"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise _leads_nowhere(index, "does not name a generation") from error
    if not _is_index_id(index_id):
        raise _leads_nowhere(index, "does not name a generation")
    return index_id


def current_folder(index: Path) -> Path:
    """Return the folder of the published generation. Raises ``IndexMissing``, ``IndexDamaged``."""
    return _folder(index, current_id(index))


def open_published(index: Path) -> Generation:
    """Open the published generation, whichever that is by then.

    Raises ``IndexMissing`` and ``IndexDamaged``.
    """
    while True:
        index_id = current_id(index)
        try:
            return Generation(_folder(index, index_id))
        except IndexDamaged:
            # A rebuild may have published another meanwhile, and removed this one.
            if current_id(index) == index_id:
                raise


def publish(index: Path, keep: int, fill: Callable[[Put], Manifest], disk: Disk = DISK) -> str:
    """Let ``fill`` put files aside, give them a name, make that current; return ``index_id``.

    ``fill`` is given a function that writes a file by its name in the generation and returns its
    SHA-256; it returns the manifest, which is written last. Needs the lock. Keeps the ``keep``
    generations published last. Raises ``IndexUnwritable``.
    """
    aside = index / _ASIDE
    disk.make_folder(aside)

    def put(name: str, data: bytes) -> str:
        disk.make_folder((aside / name).parent)
        disk.write(aside / name, data)
        # Of the bytes that were meant, not of those that a failing disk gives back.
        return hashlib.sha256(data).hexdigest()

    manifest = fill(put)
    for folder in sorted({(aside / name).parent for name in manifest.files} - {aside}):
        disk.sync(folder)
    disk.write(aside / MANIFEST, manifest.to_json())
    disk.sync(aside)
    target = index / manifest.index_id
    if target.exists() and verify(target):
        _discard(index, target, disk)
    if target.exists():
        disk.remove_tree(aside)
    else:
        disk.move(aside, target)
    # What was served until now is what one goes back to, even if one had gone back to it before.
    newest = [published_id(index), manifest.index_id]
    history = [known for known in kept_ids(index) if known not in newest]
    history += [known for known in dict.fromkeys(newest) if known is not None]
    kept, dropped = history[-max(keep, 1) :], history[: -max(keep, 1)]
    disk.replace(index / HISTORY, _lines(kept))
    disk.replace(index / CURRENT, _lines([manifest.index_id]))
    with published_already(manifest.index_id):
        for index_id in dropped:
            _discard(index, index / index_id, disk)
    return manifest.index_id


@contextmanager
def published_already(index_id: str) -> Iterator[None]:
    """Say of what fails now that it undid nothing: only old things were to be removed."""
    try:
        yield
    except IndexUnwritable as error:
        raise IndexUnwritable(
            f"{index_id} is published, but what it replaces could not all be removed: {error}"
        ) from error


def kept_manifests(index: Path) -> tuple[Manifest, ...]:
    """Return the manifests of the generations that are kept, but for damaged ones."""
    manifests = []
    for index_id in kept_ids(index):
        with suppress(IndexDamaged):
            manifests.append(read_manifest(index / index_id))
    return tuple(manifests)


def rollback(index: Path, index_id: str | None = None, disk: Disk = DISK) -> str:
    """Make another kept generation current; without a name, the one published before this one.

    If ``CURRENT`` is damaged, that is the newest one. Raises ``UnknownGeneration``,
    ``IndexMissing``, ``IndexBusy``, ``IndexUnwritable``, or ``IndexDamaged`` if the generation
    asked for is not whole: then nothing changes.
    """
    if not kept_ids(index):
        raise missing(index)
    with locked(index, disk):
        history = kept_ids(index)
        chosen = _choose(index, history, index_id)
        damaged = verify(index / chosen)
        if damaged:
            names = ", ".join(str(index / chosen / name) for name in damaged)
            raise IndexDamaged(f"damaged: {names}; name another generation to go back to", damaged)
        disk.replace(index / CURRENT, _lines([chosen]))
        return chosen


def _choose(index: Path, history: list[str], wanted: str | None) -> str:
    if wanted is not None:
        matches = [known for known in history if wanted and known.startswith(wanted)]
        if not matches:
            raise UnknownGeneration(
                f"no kept generation has the id '{wanted}'; 'footnote generations' lists them"
            )
        if len(matches) > 1:
            listed = ", ".join(short_ids(matches))
            raise UnknownGeneration(
                f"'{wanted}' is the beginning of {len(matches)} ids: {listed}; give one of them"
            )
        return matches[0]
    current = published_id(index)
    older = history[: history.index(current)] if current in history else history
    if not older:
        raise UnknownGeneration(
            "there is no older generation to go back to; 'footnote generations' lists what is kept"
        )
    return older[-1]


def _folder(index: Path, index_id: str) -> Path:
    folder = index / index_id
    if not folder.is_dir():
        raise _leads_nowhere(index, f"names {index_id}, which is not there")
    return folder


def published_id(index: Path) -> str | None:
    """Return what ``CURRENT`` names, or ``None`` if it is missing or damaged."""
    try:
        return current_folder(index).name
    except (IndexMissing, IndexDamaged):
        return None


def kept_ids(index: Path) -> list[str]:
    """Return kept generations, newest last; ones that the file does not know count as oldest."""
    try:
        lines = read_plain(index / HISTORY).decode(errors="replace").split()
    except OSError:
        lines = []  # only the order is lost
    present = {path.name for path in index.glob("*") if _is_index_id(path.name)}
    known = [line for line in dict.fromkeys(lines) if line in present]
    return [*sorted(present - set(known)), *known]


def _sweep(index: Path, disk: Disk) -> None:
    """Remove what an interrupted rebuild left behind; nothing ever points at it."""
    for path in entries(index):
        leftover = path.name.startswith((_ASIDE, _DISCARDED, EXPORTING, TRYING))
        if leftover or path.suffix == _UNFINISHED:
            disk.remove_tree(path)


def _discard(index: Path, folder: Path, disk: Disk) -> None:
    """Take a generation out of sight at once, then remove it at leisure."""
    aside = index / f"{_DISCARDED}-{folder.name}-{os.getpid()}"
    disk.move(folder, aside)
    disk.remove_tree(aside)


def _lines(index_ids: list[str]) -> bytes:
    return "".join(f"{index_id}\n" for index_id in index_ids).encode()


def _is_index_id(name: str) -> bool:
    return len(name) == 64 and set(name) <= set("0123456789abcdef")


def missing(index: Path) -> IndexMissing:
    """Return what to tell where there is no index."""
    return IndexMissing(f"there is no index at {index}; build one with 'footnote rebuild'")


def _leads_nowhere(index: Path, why: str) -> IndexDamaged:
    """Return what to tell of a ``CURRENT`` that cannot be followed, and what mends it here."""
    mend = "run 'footnote rebuild' to build the index anew"
    if kept_ids(index):
        mend += ", or 'footnote rollback' to go back to the newest generation that is kept"
    if (index / CURRENT).is_dir() and not (index / CURRENT).is_symlink():
        # Neither command removes a folder: nobody knows what is in it.
        mend = f"remove that folder, then {mend}"
    return IndexDamaged(f"{index / CURRENT} {why}; {mend}", (CURRENT,))
