"""Reading what lies in an index: plain files only, whole, each read once.

Owns that nothing is waited for or followed that took a file's place: a pipe, a device, a link.
Knows nothing of what is in a file.
"""

import errno
import os
import stat
from pathlib import Path


def read_plain(path: Path) -> bytes:
    """Return the bytes of a plain file. Raises ``OSError``, also for what is none."""
    # Not blocking: opening a pipe would wait for ever.
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "not a plain file", str(path))
        return file.read()
