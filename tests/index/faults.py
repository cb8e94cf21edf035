"""Disks that stop, fail, or lose what was not synced: one fault at any step of a rebuild.

Knows the steps of ``index.files.Disk`` and nothing of what is done with them.
"""

import hashlib
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from index.files import Disk

Entries = dict[str, "Node"]


class SteppedDisk(Disk):
    """A disk that tells of every step: ``before`` it, ``halfway`` through a file, ``after`` it."""

    def before(self, step: str, path: Path, *more: object) -> None:
        """Called before a step."""

    def halfway(self, path: Path, data: bytes) -> None:
        """Called before a file is written."""

    def after(self, step: str, path: Path, *more: object) -> None:
        """Called after a step."""

    def _step(self, step: str, path: Path, *more: object) -> object:
        self.before(step, path, *more)
        done: object = getattr(super(), step)(path, *more)
        self.after(step, path, *more)
        return done

    def mkdir(self, path: Path) -> None:
        """Make one folder."""
        self._step("mkdir", path)

    def put(self, path: Path, data: bytes) -> None:
        """Write a file."""
        self.halfway(path, data)
        self._step("put", path, data)

    def fsync(self, path: Path) -> None:
        """Sync a file or folder."""
        self._step("fsync", path)

    def rename(self, source: Path, target: Path) -> None:
        """Rename."""
        self._step("rename", source, target)

    def unlink(self, path: Path) -> None:
        """Remove a file."""
        self._step("unlink", path)

    def rmdir(self, path: Path) -> None:
        """Remove a folder."""
        self._step("rmdir", path)

    def open_lock(self, path: Path) -> int:
        """Open the lock."""
        descriptor = self._step("open_lock", path)
        assert isinstance(descriptor, int)
        return descriptor


class CountingDisk(SteppedDisk):
    """Names every step."""

    def __init__(self) -> None:
        self.steps: list[str] = []

    def after(self, step: str, path: Path, *more: object) -> None:
        """Note a step."""
        del more
        self.steps.append(f"{step} {path.name}")


class FaultyDisk(SteppedDisk):
    """Lets ``strike`` do its worst at one step: before it, halfway through its file, or after it.

    A strike that raises before a step fails that step.
    """

    def __init__(self, at: int, when: str, strike: Callable[[], object]) -> None:
        self.at, self.when, self.strike = at, when, strike
        self.done = 0

    def before(self, step: str, path: Path, *more: object) -> None:
        """Strike before the step."""
        del step, path, more
        if (self.done, self.when) == (self.at, "before"):
            self.done += 1  # once only: what is done about it works
            self.strike()

    def halfway(self, path: Path, data: bytes) -> None:
        """Strike when half of the file is written."""
        if (self.done, self.when) == (self.at, "halfway"):
            self.done += 1
            path.write_bytes(data[: len(data) // 2])
            self.strike()

    def after(self, step: str, path: Path, *more: object) -> None:
        """Strike after the step."""
        del step, path, more
        if (self.done, self.when) == (self.at, "after"):
            self.done += 1
            self.strike()
        self.done += 1


@dataclass(eq=False)
class Node:
    """A file or folder: as programs see it, and as it is on the disk.

    A file that was never synced is on the disk as nothing but its length, or less: as no bytes.
    """

    folder: bool
    data: bytes = b""
    safe_data: bytes = b""
    entries: Entries = field(default_factory=dict)
    safe_entries: Entries = field(default_factory=dict)


class ForgetfulDisk(SteppedDisk):
    """Takes every step, and knows after each what a power cut could leave of a folder.

    What POSIX promises and no more: a file's bytes are safe once it is synced, a name once its
    folder is. Whatever is not safe may survive or not, each name and each file by itself.
    """

    def __init__(self, root: Path, seed: int, tries: int) -> None:
        self.root = root
        self.tree = _load(root)
        self.random = random.Random(seed)  # noqa: S311 - variety, not a secret
        self.tries = tries
        self.states: dict[str, tuple[str, dict[str, bytes | None]]] = {}
        self._note("nothing")

    def after(self, step: str, path: Path, *more: object) -> None:
        """Take the step in the model, and note what a power cut would leave now."""
        if not path.is_relative_to(self.root):
            return  # above what is looked at, a folder that was there before
        if step == "fsync":
            node = self._node(path)
            node.safe_data, node.safe_entries = node.data, dict(node.entries)
        elif step in {"mkdir", "open_lock", "put"}:
            entries = self._node(path.parent).entries
            node = entries.setdefault(path.name, Node(folder=step == "mkdir"))
            if step == "put":
                (data,) = more
                assert isinstance(data, bytes)
                node.data = data
        else:
            moved = self._node(path.parent).entries.pop(path.name)
            if step == "rename":
                (target,) = more
                assert isinstance(target, Path)
                self._node(target.parent).entries[target.name] = moved
        self._note(f"{step} {path.name}")

    def worst(self) -> dict[str, bytes | None]:
        """Return what is left now if nothing survives that is not safe."""
        return dict(_crashed(self.tree, "", lambda: False, lambda node: node.safe_data))

    def _node(self, path: Path) -> Node:
        node = self.tree
        for part in path.relative_to(self.root).parts:
            node = node.entries[part]
        return node

    def _note(self, step: str) -> None:
        """Keep the states that differ from all before: the worst, the best, and some between."""
        kinds: list[tuple[Callable[[], bool], Callable[[Node], bytes]]] = [
            (lambda: False, lambda node: node.safe_data),
            (lambda: True, lambda node: node.data),
            (lambda: True, lambda node: node.safe_data),
            (lambda: True, lambda node: node.data if _safe(node) else _half(node)),
        ]
        kinds += [(self._by_chance, self._any)] * self.tries
        for survives, content in kinds:
            state = dict(_crashed(self.tree, "", survives, content))
            digest = hashlib.sha256(repr(sorted(state.items())).encode()).hexdigest()
            self.states.setdefault(digest, (step, state))

    def _by_chance(self) -> bool:
        return self.random.random() < 0.5

    def _any(self, node: Node) -> bytes:
        return self.random.choice([node.safe_data, node.data, _half(node)])


def _safe(node: Node) -> bool:
    return node.data == node.safe_data


def _half(node: Node) -> bytes:
    return node.data if _safe(node) else node.data[: len(node.data) // 2]


def _load(path: Path) -> Node:
    if not path.is_dir():
        return Node(folder=False, data=path.read_bytes(), safe_data=path.read_bytes())
    entries = {each.name: _load(each) for each in path.iterdir()}
    return Node(folder=True, entries=entries, safe_entries=dict(entries))


def _crashed(
    node: Node, path: str, survives: Callable[[], bool], content: Callable[[Node], bytes]
) -> Iterator[tuple[str, bytes | None]]:
    """Yield every path that is left, with a file's bytes or ``None`` for a folder."""
    for name in sorted(node.entries.keys() | node.safe_entries.keys()):
        new, old = node.entries.get(name), node.safe_entries.get(name)
        left = new if new is old or survives() else old
        if left is None:
            continue
        if left.folder:
            yield f"{path}{name}", None
            yield from _crashed(left, f"{path}{name}/", survives, content)
        else:
            yield f"{path}{name}", left.data if _safe(left) else content(left)


def lay_out(state: dict[str, bytes | None], folder: Path) -> None:
    """Write what a power cut left."""
    for path, data in state.items():
        if data is None:
            (folder / path).mkdir()
        else:
            (folder / path).write_bytes(data)
