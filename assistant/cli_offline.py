"""An answer with the network blocked: what ``footnote doctor --offline`` shows.

Owns the block. Knows nothing of how an answer is made.
"""

import socket
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from assistant.cli_steps import Steps
from assistant.settings import Settings
from index.errors import FootnoteError

# What CPython audits (docs.python.org/3/library/audit_events.html) before anything can leave.
_LEAVING = {"socket.connect", "socket.sendto", "socket.sendmsg"}
_LOOKING_UP = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}


class NetworkBlockedError(OSError):
    """Something tried to reach the network while it was blocked."""


@contextmanager
def network_blocked() -> Iterator[list[str]]:
    """Make every way out fail, in every thread, and yield the attempts; AF_UNIX is let through.

    An audit hook sees what no replaced function would: extension modules that use Python's
    sockets, and references taken earlier. Hooks cannot be removed, so this one goes to sleep.
    """
    hook = _Refusing()
    sys.addaudithook(hook)
    try:
        yield hook.attempts
    finally:
        hook.awake = False


class _Refusing:
    __cantrace__ = True  # else Python runs an audit hook unseen by debuggers and coverage

    def __init__(self) -> None:
        self.attempts: list[str] = []
        self.awake = True

    def __call__(self, event: str, details: tuple[Any, ...]) -> None:
        if not self.awake or event not in _LEAVING | _LOOKING_UP:
            return
        if event in _LEAVING and details[0].family == socket.AF_UNIX:
            return
        self.attempts.append(f"{event} {details[1:] if event in _LEAVING else details[:1]}")
        raise NetworkBlockedError(f"the network is blocked: {self.attempts[-1]}")


def offline_answer(steps: Steps, settings: Settings) -> tuple[bool, str]:
    """Answer a question with the network blocked; return whether that went well, and a sentence.

    Nothing has gone well if anything so much as tried to reach the network.
    """
    began = time.perf_counter()
    with network_blocked() as attempts:
        try:
            with closing(steps.open_assistant(settings)) as assistant:
                titles = [info.title for info in assistant.generation.documents]
                question = (assistant.suggestions() or titles)[0]
                status = assistant.answer(question).status
        except (FootnoteError, OSError) as error:
            return False, str(error)
    if attempts:
        return False, f"something tried to reach the network: {', '.join(attempts)}"
    seconds = time.perf_counter() - began
    return True, f"network blocked; opened, asked {question!r}: {status} in {seconds:.1f} s"
