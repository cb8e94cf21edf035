"""What can happen to a file: each way is a function of its path."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType


def truncate(path: Path) -> None:
    """Lose the last byte."""
    path.write_bytes(path.read_bytes()[:-1])


def halve(path: Path) -> None:
    """Lose the second half."""
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def flip(path: Path) -> None:
    """Flip one bit in the middle."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def zero(path: Path) -> None:
    """Keep nothing but the length."""
    path.write_bytes(bytes(path.stat().st_size))


def empty(path: Path) -> None:
    """Lose all bytes."""
    path.write_bytes(b"")


def append(path: Path) -> None:
    """Grow by a byte."""
    path.write_bytes(path.read_bytes() + b"\n")


def folder(path: Path) -> None:
    """Become a folder."""
    path.unlink()
    path.mkdir()


def link(path: Path) -> None:
    """Become a link to what it was."""
    moved = path.parent.parent.parent / path.name
    path.rename(moved)
    path.symlink_to(moved)


def pipe(path: Path) -> None:
    """Become a pipe, which would be waited for."""
    path.unlink()
    os.mkfifo(path)


DAMAGES: Mapping[str, Callable[[Path], None]] = MappingProxyType(
    {
        "truncated": truncate,
        "halved": halve,
        "flipped": flip,
        "zeroed": zero,
        "emptied": empty,
        "longer": append,
        "missing": Path.unlink,
        "a folder": folder,
    }
)
