"""The files of a source folder: which may be opened, which are documents, and what is not.

Owns that links are never followed out of the folder, that hidden files are left alone, and that
nothing is skipped silently. Opens no file.
"""

import os
import stat
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.errors import SourceError, shown
from index.records import Told
from index.sources.choosing import Choice

# An owner's file beside the documents that is no document: which questions go to a person.
ROUTES = "routes.toml"
# Explicit embeddings, overrides and isolates (UAX #9).
_TURNING = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


@dataclass(frozen=True, slots=True)
class Candidates:
    """Paths to read, what must not be opened, and what is no document."""

    paths: tuple[str, ...]
    bad: tuple[Told, ...]
    excluded: int
    ignored: tuple[str, ...]


def candidates(
    root: Path, choice: Choice, loaded: Collection[str], index: Path | None
) -> Candidates:
    """Sort the files of a folder: ``loaded`` are the suffixes that have a loader.

    Raises ``SourceError`` if the folder cannot be listed.
    """
    paths: list[str] = []
    bad: list[Told] = []
    ignored: list[str] = []
    excluded = 0
    ours = index.resolve() if index else None
    for relative, trouble in _walk(root):
        if relative == ROUTES:
            continue
        if trouble is None and suffix(relative) not in loaded:
            if ours is None or not (root / relative).is_relative_to(ours):
                ignored.append(shown(relative))
        elif not choice.takes(relative):
            excluded += 1
        elif reason := trouble or unfit(root, relative):
            bad.append(Told(shown(relative), reason))
        else:
            paths.append(relative)
    return Candidates(tuple(sorted(paths)), tuple(bad), excluded, tuple(sorted(ignored)))


def _walk(root: Path) -> Iterator[tuple[str, str | None]]:
    """Yield the relative path of every visible file and of every link to a folder.

    Folders that cannot be listed are yielded too, each with why. Raises ``SourceError`` for the
    root.
    """
    unlisted: list[tuple[str, str | None]] = []

    def note(error: OSError) -> None:
        relative = Path(error.filename).relative_to(root).as_posix()
        fix = "allow reading it, or move it out of the source folder"
        if relative == ".":
            raise SourceError(f"cannot list {root}: {error.strerror}; {fix}") from error
        unlisted.append((relative, f"cannot be listed ({error.strerror}); {fix}"))

    for folder, names, files in os.walk(root, onerror=note):
        names[:] = sorted(name for name in names if not name.startswith("."))
        linked = [name for name in names if (Path(folder) / name).is_symlink()]
        for name in sorted([*files, *linked]):
            if not name.startswith("."):
                yield (Path(folder) / name).relative_to(root).as_posix(), None
    yield from unlisted


def unfit(root: Path, relative: str) -> str | None:
    """Say why a file must not be opened, before it is."""
    path = root / relative
    if any(_misleads(character) for character in relative):
        return "its name holds characters that cannot be shown; rename it"
    try:
        target = path.resolve(strict=True)
        mode = target.stat().st_mode
    except (OSError, RuntimeError) as error:
        return f"cannot be reached ({_why(error)}); fix or remove it"
    if not target.is_relative_to(root):
        return "is a link that leads out of the source folder; copy the file in instead"
    if not stat.S_ISREG(mode):
        return "is not a regular file; remove it, or copy the file in instead of the link"
    return None


def _misleads(character: str) -> bool:
    """Say whether a character cannot be shown, or turns the direction of what stands around it."""
    hidden = unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}
    return hidden or unicodedata.bidirectional(character) in _TURNING


def root_of(source: Path) -> Path:
    """Return a source folder as it really lies. Raises ``SourceError``."""
    try:
        root = source.resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as error:  # missing; a ring of links; a NUL
        raise SourceError(
            f"the source folder {source} cannot be reached ({_why(error)}); create it, or name "
            "another with --source"
        ) from error
    if not root.is_dir():
        raise SourceError(f"{source} is not a folder; name the folder that holds it with --source")
    return root


def suffix(path: str) -> str:
    """Return what tells the format of a file."""
    return Path(path).suffix.lower()


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
