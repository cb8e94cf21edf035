"""How long an answer took, stage by stage.

Owns what is timed. Nothing that is decided depends on it.
"""

import time

from assistant.schemas import Timing


class Clock:
    """Milliseconds since the question came, by stage."""

    def __init__(self) -> None:
        self._start = self._retrieved = self._reranked = time.perf_counter()

    def retrieved(self) -> None:
        """Note that passages are found."""
        self._retrieved = self._reranked = time.perf_counter()

    def reranked(self) -> None:
        """Note that they are read."""
        self._reranked = time.perf_counter()

    def timing(self) -> Timing:
        """Return what each stage took, and the whole until now."""
        now = time.perf_counter()
        return Timing(
            retrieve=_milliseconds(self._retrieved - self._start),
            rerank=_milliseconds(self._reranked - self._retrieved),
            total=_milliseconds(now - self._start),
        )


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 1)
