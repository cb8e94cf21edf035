"""Askers for the load test: good ones, ones that leave, ones that never read.

Owns what is counted as lost: anything but the answer that an idle server gives, or 503 or 429.
"""

import collections
import contextlib
import json
import random
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx2

TURNED_AWAY = {429, 503}
VARYING = ("id", "timing_ms")


@dataclass
class Tally:
    """What became of requests. ``lost`` holds what should not have happened, in words."""

    seconds: list[float] = field(default_factory=list)
    turned_away: collections.Counter[int] = field(default_factory=collections.Counter)
    left: int = 0
    lost: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def quantile(self, share: float) -> float:
        """Return a quantile of the seconds that answers took."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def body_of(answer: bytes) -> str:
    """Return an answer without what may differ."""
    body = json.loads(answer)
    return json.dumps({key: body[key] for key in body if key not in VARYING}, sort_keys=True)


class Askers:
    """So many threads that ask the same questions over and over, until told to stop."""

    def __init__(self, base: str, expected: dict[str, str], *, count: int, rude: int = 0) -> None:
        self.tally = Tally()
        self._base = base
        self._expected = expected
        self._over = threading.Event()
        self._threads = [
            *(threading.Thread(target=self._ask, args=(number,)) for number in range(count)),
            *(threading.Thread(target=self._be_rude, args=(number,)) for number in range(rude)),
        ]

    @contextlib.contextmanager
    def asking(self) -> Iterator[Tally]:
        """Ask while the block runs; every request has ended when it has."""
        for thread in self._threads:
            thread.start()
        try:
            yield self.tally
        finally:
            self._over.set()
            for thread in self._threads:
                thread.join()

    def _ask(self, number: int) -> None:
        chance = random.Random(number)
        questions: Sequence[str] = sorted(self._expected)
        with httpx2.Client(base_url=self._base, timeout=90) as client:
            while not self._over.is_set():
                question = chance.choice(questions)
                began = time.perf_counter()
                try:
                    response = client.post("/ask", json={"question": question})
                except httpx2.HTTPError as error:
                    self._note_lost(f"{type(error).__name__}: {error}")
                    continue
                self._note(question, response, time.perf_counter() - began)
                if response.status_code in TURNED_AWAY:
                    # Sooner than told to, so that the queue stays full.
                    self._over.wait(0.2)

    def _note(self, question: str, response: httpx2.Response, seconds: float) -> None:
        status = response.status_code
        with self.tally.lock:
            if status in TURNED_AWAY:
                self.tally.turned_away[status] += 1
                if "retry-after" not in response.headers:
                    self.tally.lost.append(f"{status} without Retry-After")
            elif status != 200:
                self.tally.lost.append(f"status {status}")
            elif body_of(response.content) != self._expected[question]:
                self.tally.lost.append(f"another answer to {question!r}")
            else:
                self.tally.seconds.append(seconds)

    def _note_lost(self, what: str) -> None:
        with self.tally.lock:
            self.tally.lost.append(what)

    def _be_rude(self, number: int) -> None:
        """Leave in the middle, or ask for a stream and do not read it."""
        chance = random.Random(number)
        where = urlsplit(self._base)
        question = min(self._expected)
        while not self._over.is_set():
            body = json.dumps({"question": question, "stream": chance.random() < 0.5}).encode()
            with socket.create_connection((where.hostname or "", where.port or 0)) as connection:
                connection.sendall(
                    b"POST /ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
                )
                self._over.wait(chance.choice([0.0, 0.05, 0.3, 1.0]))
            with self.tally.lock:
                self.tally.left += 1
            self._over.wait(0.5)
