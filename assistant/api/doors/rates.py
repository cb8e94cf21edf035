"""How often one client may ask: so many requests in so much time.

Owns the counters. Counting and the words of a limit are the ``limits`` library's; its own storage
starts a thread for every request and keeps some counters for ever, so ours is a bounded table.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from limits import RateLimitItem, parse
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

from index.errors import FootnoteError

# Clients whose requests are counted at the same time, about 30 MB; beyond it the oldest window is
# forgotten. An attacker with that many addresses is beyond a limit per address anyway.
MOST_CLIENTS = 100_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left to a client: requests, and seconds until all are there again."""

    granted: bool
    limit: int
    window: int
    remaining: int
    reset: int

    def headers(self) -> dict[str, str]:
        """Return the fields of a refusal: RFC 9110's, and draft-ietf-httpapi-ratelimit-headers'."""
        return {
            "Retry-After": str(self.reset),
            "RateLimit": f'"client";r={self.remaining};t={self.reset}',
            "RateLimit-Policy": f'"client";q={self.limit};w={self.window}',
        }


class Windows(Storage):
    """A table of counters, each with its end; bounded. For one thread, the event loop's."""

    STORAGE_SCHEME = None

    def __init__(self, clock: Callable[[], float] = time.time, most: int = MOST_CLIENTS) -> None:
        super().__init__()
        self._clock = clock
        self._most = most
        self._open: OrderedDict[str, tuple[int, float]] = OrderedDict()

    @property
    def base_exceptions(self) -> type[Exception]:
        """Name no error of ours: a table in memory does not fail."""
        return LookupError

    def __len__(self) -> int:
        return len(self._open)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count, and return the count; a window that is over begins anew."""
        count, end = self._current(key)
        if not count:
            end = self._clock() + expiry
            self._open.pop(key, None)
            self._forget()
        self._open[key] = (count + amount, end)
        return count + amount

    def get(self, key: str) -> int:
        """Return the count of the window that is open."""
        return self._current(key)[0]

    def get_expiry(self, key: str) -> float:
        """Return when the window ends, in seconds since the epoch."""
        return self._current(key)[1]

    def check(self) -> bool:
        """Say that the table is there."""
        return True

    def reset(self) -> int:
        """Forget every window."""
        count = len(self._open)
        self._open.clear()
        return count

    def clear(self, key: str) -> None:
        """Forget one window."""
        self._open.pop(key, None)

    def _current(self, key: str) -> tuple[int, float]:
        now = self._clock()
        count, end = self._open.get(key, (0, now))
        return (count, end) if now < end else (0, now)

    def _forget(self) -> None:
        """Drop what is over. All windows are equally long: the first opened is the first over."""
        now = self._clock()
        while self._open:
            _, end = next(iter(self._open.values()))
            if now < end and len(self._open) < self._most:
                return
            self._open.popitem(last=False)


class Rate:
    """A limit such as ``30/minute``. Raises ``FootnoteError`` when it is not one."""

    def __init__(self, limit: str, *, clock: Callable[[], float] = time.time) -> None:
        self._item = _parsed(limit)
        self._clock = clock
        self.windows = Windows(clock)
        self._limiter = FixedWindowRateLimiter(self.windows)

    def take(self, client: str) -> Allowance:
        """Count a request of a client, and say whether it is within the limit."""
        granted = self._limiter.hit(self._item, client)
        stats = self._limiter.get_window_stats(self._item, client)
        return Allowance(
            granted=granted,
            limit=self._item.amount,
            window=self._item.get_expiry(),
            remaining=stats.remaining,
            reset=max(1, math.ceil(stats.reset_time - self._clock())),
        )


def _parsed(limit: str) -> RateLimitItem:
    try:
        item = parse(limit)
    except ValueError:
        item = None
    if item is None or item.amount < 1 or item.get_expiry() < 1:
        raise FootnoteError(
            f"rate: {limit!r} is no rate. Write how many requests in how much time, such as "
            "'30/minute' or '500/hour', in footnote.toml or FOOTNOTE_RATE."
        )
    return item
