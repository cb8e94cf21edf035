"""Reading what lies in an index: plain files only, whole, each read once.

Owns that nothing is waited for or followed that took a file's place: a pipe, a device, a link.
Knows nothing of what is in a file.
"""

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_CHUNK = 1 << 16  # bytes; small, so that copying leaves no large holes in the process's memory


def read_plain(path: Path) -> bytes:
    """Return the bytes of a plain file. Raises ``OSError``, also for what is none."""
    with _opened(path) as file:
        return file.read()


@contextmanager
def private_copy(path: Path) -> Iterator[tuple[Path, str]]:
    """Copy a plain file into memory of our own; lend its path there, and its SHA-256.

    For libraries that take a path: they read what was hashed, and the process need not hold a large
    file twice. Raises ``OSError``.
    """
    digest = hashlib.sha256()
    with os.fdopen(os.memfd_create(path.name, os.MFD_CLOEXEC), "wb") as copy:
        with _opened(path) as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                copy.write(chunk)
        copy.flush()
        yield Path(f"/proc/self/fd/{copy.fileno()}"), digest.hexdigest()


def _opened(path: Path) -> BinaryIO:
    # Not blocking: opening a pipe would wait for ever.
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a plain file", str(path))
    return os.fdopen(descriptor, "rb")
