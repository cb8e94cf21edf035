"""Being nobody for a while: permissions mean nothing to root, who runs tests in containers."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NOBODY = 65534


@contextmanager
def unprivileged() -> Iterator[None]:
    """Act as a user who owns nothing, if this process is root; else as who one is."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@contextmanager
def world_readable() -> Iterator[Path]:
    """Make a folder that everybody may enter, unlike pytest's, and remove it."""
    folder = Path(tempfile.mkdtemp(prefix="footnote-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)
