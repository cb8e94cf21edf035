"""Every file operation by which a rebuild changes the disk, in one small place.

Owns durability: what is written is fsynced before anything names it. Knows nothing of generations.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import IndexBusy


def write(path: Path, data: bytes) -> None:
    """Write a new file and see it on the disk."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def replace(path: Path, data: bytes) -> None:
    """Replace a file's content at once: a reader sees the old bytes or the new, never a mix."""
    aside = path.with_name(f"{path.name}.new")
    write(aside, data)
    aside.replace(path)
    sync_folder(path.parent)


def sync(path: Path) -> None:
    """See a file that a library wrote on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


sync_folder = sync  # a folder's entries are made durable the same way


def make_folder(path: Path) -> None:
    """Make a folder and its parents; one that is there already is fine."""
    path.mkdir(parents=True, exist_ok=True)


def copy(source: Path, target: Path) -> None:
    """Copy a file and see the copy on the disk."""
    shutil.copyfile(source, target)
    sync(target)


def move(source: Path, target: Path) -> None:
    """Give a folder its final name, and see the name on the disk."""
    source.rename(target)
    sync_folder(target.parent)


def remove(path: Path) -> None:
    """Remove a file, and see that it is gone."""
    path.unlink()
    sync_folder(path.parent)


def remove_tree(path: Path) -> None:
    """Remove a folder and all that is in it."""
    shutil.rmtree(path)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock for as long as this process lives. Raises ``IndexBusy``."""
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise IndexBusy(
                f"another rebuild, rollback or calibration is at work on {path.parent}; wait until "
                "it has ended"
            ) from error
        yield
