"""A bounded pool of threads for model work, so that the event loop never blocks.

Owns how much work may run and wait, and that work which nobody waits for stops. Knows nothing of
what the work is.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from assistant.api.work.overload import Busy
from assistant.models.stopping import stopped_by

T = TypeVar("T")


class WorkerPool:
    """``workers`` threads and ``queue`` places to wait for one, first come first served."""

    def __init__(self, *, workers: int, queue: int) -> None:
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="answer")
        self._places = workers + queue
        self._lock = threading.Lock()
        self._taken = 0
        self._running: set[threading.Event] = set()

    @property
    def taken(self) -> int:
        """Count the places taken: work that runs or waits."""
        return self._taken

    @property
    def running(self) -> int:
        """Count the work that runs."""
        return len(self._running)

    def submit(self, work: Callable[[], T]) -> asyncio.Future[T]:
        """Queue ``work`` and return its result to come; must be called on the event loop.

        Cancelling the future before its turn frees its place at once. Work that has begun stops at
        its next checkpoint (``assistant.models.stopping``), and keeps its place until then. Raises
        ``Busy`` when no place is left.
        """
        with self._lock:
            if self._taken >= self._places:
                raise Busy
            self._taken += 1
        given_up = threading.Event()
        future = self._threads.submit(self._run, work, given_up)
        future.add_done_callback(self._leave)
        coming = asyncio.wrap_future(future)
        coming.add_done_callback(partial(_give_up, given_up))
        return coming

    def close(self) -> None:
        """Stop work that has begun at its next checkpoint; what waits is cancelled. Blocking."""
        with self._lock:
            for given_up in self._running:
                given_up.set()
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _run(self, work: Callable[[], T], given_up: threading.Event) -> T:
        with self._lock:
            self._running.add(given_up)
        try:
            with stopped_by(given_up):
                return work()
        finally:
            with self._lock:
                self._running.discard(given_up)

    def _leave(self, _future: Future[T]) -> None:
        with self._lock:
            self._taken -= 1


def _give_up(given_up: threading.Event, coming: asyncio.Future[T]) -> None:
    if coming.cancelled():
        given_up.set()
