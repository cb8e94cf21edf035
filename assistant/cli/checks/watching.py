"""What a process does to the world outside, seen from outside it: ``footnote doctor --offline``.

Owns the looking. A process that says of itself that it reaches nothing has not looked at what its
libraries do in machine code, so strace looks (https://strace.io): at every address that is tried,
names that are looked up among them, and at every file that is made.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.errors import FootnoteError

# -f: threads and children; -y: which file a descriptor is; seccomp: only these calls are slowed.
_STRACE = (
    *("strace", "-f", "-qq", "-y", "--seccomp-bpf"),
    *("-e", "trace=connect,sendto,sendmsg,sendmmsg,bind,open,openat,creat,mkdir,mkdirat"),
)
_FAMILY = re.compile(r"sa_family=AF_(?P<family>\w+)(?P<rest>[^}]*)")
_ADDRESS = re.compile(r'inet_(?:addr\(|pton\(AF_INET6, )"(?P<address>[^"]+)"')
_LOOPBACK = re.compile(r"127\.|::1$|::ffff:127\.")
# The C library reads who to ask; or it asks the system's resolver, through a socket of its own.
_LOOK_UP = re.compile(r'"/etc/resolv\.conf"|systemd/resolve')
_MADE = re.compile(r"(?:open|openat|creat)\(.*O_CREAT.* = \d+<(?P<path>[^>]*)>$")
_FOLDER = re.compile(r'mkdir(?:at)?\((?:[^"]*)"(?P<path>[^"]*)".* = 0$')
# What the kernel or the C library keeps to itself: no file of anybody's.
_NO_FILES = ("/dev/", "/proc/", "/memfd:", "pipe:", "socket:")
# Every way out fails, as it does on a machine without a network.
_BLOCKED = ("-e", "inject=connect,sendto,sendmsg,sendmmsg:error=ENETUNREACH")
_QUESTION = "What is this about?"
_SECONDS = 120  # far more than an answer takes, traced


@dataclass(frozen=True, slots=True)
class Seen:
    """What was tried: addresses off this machine, name services asked, and files made.

    Each once, in the order in which they were tried.
    """

    addresses: tuple[str, ...]
    files: tuple[str, ...]


class Watch:
    """A folder for one process that is watched, with a home and temporary files of its own.

    Raises ``FootnoteError`` if there is no strace.
    """

    def __init__(self, folder: Path) -> None:
        if shutil.which("strace") is None:
            raise FootnoteError(
                "nobody can look from outside: strace is not installed; install it "
                "(apt-get install strace)"
            )
        self._trace = folder / "trace"
        self.home, self._temporary = folder / "home", folder / "tmp"
        for each in (self.home, self._temporary):
            each.mkdir()

    def command(self, *command: str, blocked: bool = False) -> list[str]:
        """Return a command that runs another one watched, and if ``blocked`` without a network."""
        return [*_STRACE, *(_BLOCKED if blocked else ()), "-o", str(self._trace), *command]

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a user whose home is empty."""
        named = {k: v for k, v in os.environ.items() if not k.startswith("XDG_")}
        return {**named, "HOME": str(self.home), "TMPDIR": str(self._temporary)}

    def seen(self) -> Seen:
        """Return what the process did, once it has ended. Temporary files count if they stay."""
        lines = self._trace.read_text("utf-8", "replace").splitlines()
        return Seen(_once(_addresses(lines)), _once(self._files(lines)))

    def _files(self, lines: list[str]) -> Iterator[str]:
        for line in lines:
            made = _MADE.search(line) or _FOLDER.search(line)
            path = made["path"].removesuffix(" (deleted)") if made else ""
            gone = Path(path).is_relative_to(self._temporary) and not Path(path).exists()
            if path and not path.startswith(_NO_FILES) and not gone:
                yield path


def _addresses(lines: list[str]) -> Iterator[str]:
    for line in lines:
        if _LOOK_UP.search(line):
            yield "a look-up of a host's name"
        for family in _FAMILY.finditer(line):
            address = _ADDRESS.search(family["rest"])
            if address and not _LOOPBACK.match(address["address"]):
                yield address["address"]


def _once(found: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))


def offline_answer(index: Path) -> tuple[bool, str]:
    """Answer a question in a process of its own, watched; return whether nothing left, and why."""
    index = index.resolve()
    with tempfile.TemporaryDirectory(prefix="footnote-watch-") as folder:
        try:
            watch = Watch(Path(folder))
            asked = (*(sys.executable, "-m", "assistant", "ask", _QUESTION), "--index", str(index))
            done = subprocess.run(  # noqa: S603 - ourselves, with words of our own
                watch.command(*asked, blocked=True),
                env=watch.environment,
                capture_output=True,
                text=True,
                timeout=_SECONDS,
                check=False,
            )
            seen = watch.seen()
        except (FootnoteError, OSError, subprocess.TimeoutExpired) as error:
            return False, str(error)
    if done.returncode:
        return False, f"no answer: {done.stderr.strip() or done.returncode}"
    if seen.addresses or seen.files:
        tried = [*seen.addresses, *seen.files]
        return False, f"seen from outside, an answer tried to reach or make: {', '.join(tried)}"
    return True, (
        "with the network blocked, a question was answered; seen from outside (strace), no address "
        "was tried and no file was made"
    )
