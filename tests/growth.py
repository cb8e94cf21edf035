"""How the time that something takes grows with what it is given."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
_TIMES = 8
# Eight times as much takes eight times as long, or sixty-four times if it grows with the square.
_LONGER = 24
_NOISE = 0.002  # seconds


def grows_no_faster_than_its_input(work: Callable[[T], object], make: Callable[[int], T]) -> bool:
    """Say whether eight times the input takes about eight times as long, best of three each."""
    small, large = (make(size) for size in (1, _TIMES))
    return _seconds(work, large) <= _LONGER * (_seconds(work, small) + _NOISE)


def _seconds(work: Callable[[T], object], given: T) -> float:
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        work(given)
        taken.append(time.perf_counter() - start)
    return min(taken)
