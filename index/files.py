"""Every file operation by which the product changes the disk, in one small place.

Owns durability: what is written is fsynced before anything names it; and what a failure is called.
Knows nothing of generations.
"""

import errno
import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Final

from index.errors import IndexBusy, IndexUnwritable

_REMEDIES: Final[Mapping[int | None, str]] = MappingProxyType(
    {
        errno.ENOSPC: "free some space there",
        errno.EDQUOT: "free some space there",
        errno.EFBIG: "allow larger files there",
        errno.EACCES: "allow writing it",
        errno.EPERM: "allow writing it",
        errno.EROFS: "allow writing it",
        errno.EISDIR: "remove it by hand",
        errno.EIO: "check that disk",
    }
)


class Disk:
    """What changes the disk. A test passes one whose steps stop, fail or are forgotten.

    The first methods are single steps, named after the system call, and raise ``OSError``; nothing
    else in the product may take one. The others are made of them and raise ``IndexUnwritable``.
    """

    def mkdir(self, path: Path) -> None:
        """Make one folder."""
        path.mkdir()

    def put(self, path: Path, data: bytes) -> None:
        """Write a whole file, which is not safe before it is synced."""
        with path.open("wb", buffering=0) as file:
            rest = memoryview(data)
            while rest:
                rest = rest[file.write(rest) :]

    def fsync(self, path: Path) -> None:
        """See a file's content, or a folder's entries, on the disk."""
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def rename(self, source: Path, target: Path) -> None:
        """Give a file or folder another name, in place of a file that has it."""
        source.replace(target)

    def unlink(self, path: Path) -> None:
        """Remove one file."""
        path.unlink()

    def rmdir(self, path: Path) -> None:
        """Remove one empty folder."""
        path.rmdir()

    def open_lock(self, path: Path) -> int:
        """Open a file to lock, made if need be, and return its descriptor."""
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)

    def make_folder(self, path: Path) -> None:
        """Make a folder and its parents, to stay; one that is there already is fine."""
        with _told(path):
            missing = [folder for folder in (path, *path.parents) if not folder.exists()]
            for folder in reversed(missing):
                try:
                    self.mkdir(folder)
                except FileExistsError:
                    continue  # another process was first
                self.fsync(folder.parent)

    def write(self, path: Path, data: bytes) -> None:
        """Write a file and see its content on the disk; its name needs ``sync`` of the folder."""
        with _told(path):
            self.put(path, data)
            self.fsync(path)

    def sync(self, folder: Path) -> None:
        """See the names in a folder on the disk."""
        with _told(folder):
            self.fsync(folder)

    def replace(self, path: Path, data: bytes) -> None:
        """Replace a file's content at once: a reader sees the old bytes or the new, never a mix."""
        aside = path.with_name(f"{path.name}.new")
        self.write(aside, data)
        with _told(path):
            self.rename(aside, path)
            self.fsync(path.parent)

    def move(self, source: Path, target: Path) -> None:
        """Give a folder its final name, and see the name on the disk."""
        with _told(target):
            self.rename(source, target)
            self.fsync(target.parent)

    def remove(self, path: Path) -> None:
        """Remove a file, and see that it is gone."""
        with _told(path):
            self.unlink(path)
            self.fsync(path.parent)

    def remove_tree(self, path: Path) -> None:
        """Remove a folder and all that is in it; a link is removed, never followed."""
        with _told(path):
            if path.is_symlink() or not path.is_dir():
                self.unlink(path)
                return
            for entry in entries(path):
                self.remove_tree(entry)
            self.rmdir(path)

    @contextmanager
    def locked(self, path: Path) -> Iterator[None]:
        """Hold an exclusive lock until the block or this process ends. Raises ``IndexBusy``."""
        with _told(path):
            descriptor = self.open_lock(path)
        try:
            with _told(path):
                _lock(descriptor, path.parent)
            yield
        finally:
            os.close(descriptor)


LOCK = ".lock"  # who has it locked may write to the index, or to the cache of encoders
DISK: Final = Disk()


def entries(folder: Path) -> list[Path]:
    """Return what is in a folder, sorted. Raises ``IndexUnwritable``."""
    with _told(folder):
        return sorted(folder.iterdir())


def _lock(descriptor: int, folder: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise IndexBusy(
            f"another rebuild, rollback or calibration is at work on {folder}; wait until it has "
            "ended"
        ) from error


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise unwritable(path, error) from error


def unwritable(path: Path, error: OSError) -> IndexUnwritable:
    """Return what to tell whoever owns the disk."""
    remedy = _REMEDIES.get(error.errno, "fix that")
    return IndexUnwritable(
        f"{path} cannot be written ({error.strerror or error}); {remedy}, or name another with "
        "--index"
    )
