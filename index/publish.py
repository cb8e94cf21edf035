"""The folder of generations: write aside, swap, list, roll back, clean up.

Owns ``CURRENT`` (the published generation), ``HISTORY`` (order of publication, newest last), the
lock, and what is kept. A reader follows ``CURRENT`` and so finds the old generation or the new one,
whole. Knows nothing of what is in a generation besides its manifest.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from index import files
from index.errors import IndexDamaged, IndexMissing, IndexUnwritable, UnknownGeneration
from index.generation import MANIFEST, Manifest, read_manifest, verify

CURRENT = "CURRENT"
HISTORY = "HISTORY"
LOCK = ".lock"
_ASIDE = ".building"
_DISCARDED = ".discarded"


@dataclass(frozen=True, slots=True)
class GenerationSummary:
    """One generation that is kept. ``damage`` says why it cannot be used, if so."""

    index_id: str
    current: bool
    documents: int
    passages: int
    damage: str | None = None


@contextmanager
def locked(index: Path) -> Iterator[None]:
    """Hold the index for one writer, making its folder if need be.

    Raises ``IndexBusy`` and ``IndexUnwritable``.
    """
    with ExitStack() as held:
        try:
            files.make_folder(index)
            held.enter_context(files.locked(index / LOCK))
        except OSError as error:
            raise IndexUnwritable(
                f"the index folder {index} cannot be written ({error.strerror}); allow writing "
                "it, or name another with --index"
            ) from error
        _sweep(index)
        yield


def current_id(index: Path) -> str:
    """Return the ``index_id`` of the published generation. Raises ``IndexMissing``."""
    try:
        index_id = (index / CURRENT).read_text("utf-8").strip()
    except FileNotFoundError as error:
        raise _missing(index) from error
    except OSError as error:
        raise IndexMissing(
            f"{index / CURRENT} cannot be read ({error.strerror}); allow reading it, or name "
            "another index with --index"
        ) from error
    except UnicodeDecodeError as error:
        raise IndexDamaged(_damaged_current(index), (CURRENT,)) from error
    if not _is_index_id(index_id):
        raise IndexDamaged(_damaged_current(index), (CURRENT,))
    return index_id


def current_folder(index: Path) -> Path:
    """Return the folder of the published generation. Raises ``IndexMissing``, ``IndexDamaged``."""
    folder = index / current_id(index)
    if not folder.is_dir():
        raise IndexDamaged(_damaged_current(index), (CURRENT,))
    return folder


def publish(index: Path, keep: int, write: Callable[[Path], Manifest]) -> str:
    """Let ``write`` fill a folder aside, give it its name, make it current; return ``index_id``.

    ``write`` returns the manifest of the files that it wrote; the manifest is written last. Needs
    the lock. Keeps the ``keep`` generations published last.
    """
    aside = index / _ASIDE
    files.make_folder(aside)
    manifest = write(aside)
    for name in manifest.files:
        files.sync(aside / name)
    for folder in {(aside / name).parent for name in manifest.files}:
        files.sync_folder(folder)
    files.write(aside / MANIFEST, manifest.to_json())
    files.sync_folder(aside)
    target = index / manifest.index_id
    if target.exists() and verify(target):
        _discard(index, target)
    if target.exists():
        files.remove_tree(aside)
    else:
        files.move(aside, target)
    # What was served until now is what one goes back to, even if one had gone back to it before.
    newest = [_published(index), manifest.index_id]
    history = [known for known in _history(index) if known not in newest]
    history += [known for known in dict.fromkeys(newest) if known is not None]
    kept, dropped = history[-max(keep, 1) :], history[: -max(keep, 1)]
    files.replace(index / HISTORY, _lines(kept))
    files.replace(index / CURRENT, _lines([manifest.index_id]))
    for index_id in dropped:
        _discard(index, index / index_id)
    return manifest.index_id


def generations(index: Path) -> tuple[GenerationSummary, ...]:
    """Return the generations that are kept, newest last. Raises ``IndexMissing``.

    None is current if ``CURRENT`` is damaged: ``rollback`` mends that.
    """
    history = _history(index)
    if not history:
        raise _missing(index)
    current = _published(index)
    return tuple(_summary(index / index_id, current) for index_id in history)


def rollback(index: Path, index_id: str | None = None) -> str:
    """Make another kept generation current; without a name, the one published before this one.

    If ``CURRENT`` is damaged, that is the newest one. Raises ``UnknownGeneration``,
    ``IndexMissing``, ``IndexBusy``, ``IndexUnwritable``, or ``IndexDamaged`` if the generation
    asked for is not whole: then nothing changes.
    """
    if not _history(index):
        raise _missing(index)
    with locked(index):
        history = _history(index)
        chosen = _choose(index, history, index_id)
        damaged = verify(index / chosen)
        if damaged:
            names = ", ".join(str(index / chosen / name) for name in damaged)
            raise IndexDamaged(f"damaged: {names}; name another generation to go back to", damaged)
        files.replace(index / CURRENT, _lines([chosen]))
        return chosen


def _choose(index: Path, history: list[str], wanted: str | None) -> str:
    if wanted is not None:
        matches = [known for known in history if known.startswith(wanted)]
        if len(matches) != 1 or not wanted:
            raise UnknownGeneration(
                f"{len(matches) or 'no'} kept generations are called '{wanted}'; "
                "'footnote generations' lists them"
            )
        return matches[0]
    current = _published(index)
    older = history[: history.index(current)] if current in history else history
    if not older:
        raise UnknownGeneration("there is no older generation to go back to")
    return older[-1]


def _published(index: Path) -> str | None:
    """Return what ``CURRENT`` names, or ``None`` if it is missing or damaged."""
    try:
        return current_folder(index).name
    except (IndexMissing, IndexDamaged):
        return None


def _summary(folder: Path, current: str | None) -> GenerationSummary:
    try:
        counts = read_manifest(folder).counts
    except IndexDamaged as error:
        return GenerationSummary(folder.name, folder.name == current, 0, 0, str(error))
    return GenerationSummary(folder.name, folder.name == current, counts.documents, counts.passages)


def _history(index: Path) -> list[str]:
    """Return kept generations, newest last; ones that the file does not know count as oldest."""
    try:
        lines = (index / HISTORY).read_text("utf-8", errors="replace").split()
    except OSError:
        lines = []  # only the order is lost
    present = {path.name for path in index.glob("*") if _is_index_id(path.name)}
    known = [line for line in dict.fromkeys(lines) if line in present]
    return [*sorted(present - set(known)), *known]


def _sweep(index: Path) -> None:
    """Remove what an interrupted rebuild left behind; nothing ever points at it."""
    for path in index.iterdir():
        if path.name.startswith((_ASIDE, _DISCARDED)):
            files.remove_tree(path)


def _discard(index: Path, folder: Path) -> None:
    """Take a generation out of sight at once, then remove it at leisure."""
    aside = index / f"{_DISCARDED}-{folder.name}-{os.getpid()}"
    files.move(folder, aside)
    files.remove_tree(aside)


def _lines(index_ids: list[str]) -> bytes:
    return "".join(f"{index_id}\n" for index_id in index_ids).encode()


def _is_index_id(name: str) -> bool:
    return len(name) == 64 and set(name) <= set("0123456789abcdef")


def _missing(index: Path) -> IndexMissing:
    return IndexMissing(f"there is no index at {index}; build one with 'footnote rebuild'")


def _damaged_current(index: Path) -> str:
    return (
        f"{index / CURRENT} does not name a generation; run 'footnote rebuild', or 'footnote "
        "rollback' to go back"
    )
