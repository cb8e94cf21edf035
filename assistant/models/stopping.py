"""Work that is given up: told from one thread, noticed in another before its next model call.

Owns how the word is passed on. It goes with the context of the thread that works, not through every
signature between a request and a model. Nothing that is decided depends on it: work is done as ever
or not at all.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_token: ContextVar[threading.Event | None] = ContextVar("footnote_stop", default=None)


class Stopped(Exception):
    """Nobody waits for this work any more."""


@contextmanager
def stopped_by(token: threading.Event) -> Iterator[None]:
    """Let ``token`` stop what is done in the block, at its next checkpoint."""
    before = _token.set(token)
    try:
        yield
    finally:
        _token.reset(before)


def checkpoint() -> Callable[[], None]:
    """Return a function that raises ``Stopped`` once this thread's work is given up.

    It may be called from other threads, which do part of the same work.
    """
    token = _token.get()

    def check() -> None:
        if token is not None and token.is_set():
            raise Stopped

    return check
