"""A bounded pool of threads for model work, so that the event loop never blocks.

Owns how much work may run and wait. Knows nothing of what the work is.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Busy(Exception):
    """Every worker is busy and every waiting place is taken: try again later."""


class WorkerPool:
    """``workers`` threads and ``queue`` places to wait for one, first come first served."""

    def __init__(self, *, workers: int, queue: int) -> None:
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="answer")
        self._places = workers + queue
        self._lock = threading.Lock()
        self._taken = 0

    @property
    def taken(self) -> int:
        """Count the places taken: work that runs or waits."""
        return self._taken

    def submit(self, work: Callable[[], T]) -> asyncio.Future[T]:
        """Queue ``work`` and return its result to come; must be called on the event loop.

        Cancelling the future before its turn frees its place at once. Work that has begun cannot
        be stopped, and keeps its place until it ends. Raises ``Busy`` when no place is left.
        """
        with self._lock:
            if self._taken >= self._places:
                raise Busy
            self._taken += 1
        future = self._threads.submit(work)
        future.add_done_callback(self._leave)
        return asyncio.wrap_future(future)

    def close(self) -> None:
        """Wait for work that has begun; what still waits is cancelled. Blocking."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _leave(self, _future: Future[T]) -> None:
        with self._lock:
            self._taken -= 1
