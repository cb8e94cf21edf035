"""The bounded pool, and a server that stays responsive while it is full."""

import asyncio
import hashlib
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from assistant.api.work.overload import Busy
from assistant.api.work.stream import answer_events
from assistant.api.work.workers import WorkerPool
from tests.assistant.api.by_hand import send, until

pytestmark = pytest.mark.slow


class Gate:
    """Work that begins when it is called and ends when the test says so."""

    def __init__(self):
        self.begun = threading.Semaphore(0)
        self.open = threading.Event()

    def __call__(self, _question=""):
        """Begin, and wait for the test."""
        self.begun.release()
        assert self.open.wait(10)
        return "done"


def test_places_are_bounded_and_given_back():
    """One runs, one waits, the third is told at once; what ends makes room."""

    async def story():
        pool, gate = WorkerPool(workers=1, queue=1), Gate()
        running, waiting = pool.submit(gate), pool.submit(gate)
        with pytest.raises(Busy):
            pool.submit(gate)
        gate.open.set()
        assert await asyncio.gather(running, waiting) == ["done", "done"]
        assert await pool.submit(lambda: 7) == 7
        await asyncio.to_thread(pool.close)

    asyncio.run(story())


def test_cancelled_before_its_turn_frees_its_place():
    """Work that is given up while it waits never runs, and its place is free at once."""

    async def story():
        pool, gate, ran = WorkerPool(workers=1, queue=1), Gate(), []
        running = pool.submit(gate)
        waiting = pool.submit(lambda: ran.append("given up"))
        waiting.cancel()
        await asyncio.sleep(0)
        instead = pool.submit(lambda: ran.append("instead"))
        gate.open.set()
        await asyncio.gather(running, instead)
        assert ran == ["instead"]
        await asyncio.to_thread(pool.close)

    asyncio.run(story())


def test_cancelled_while_running_keeps_its_place():
    """A thread cannot be stopped, so abandoned work still counts until it ends."""

    async def story():
        pool, gate = WorkerPool(workers=1, queue=0), Gate()
        running = pool.submit(gate)
        await asyncio.to_thread(gate.begun.acquire)
        running.cancel()
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            pool.submit(gate)
        gate.open.set()
        await asyncio.to_thread(pool.close)

    asyncio.run(story())


def test_a_full_server_says_so_at_once(serve, fake, expect_problem):
    """With workers and queue taken, ``/ask`` is 503 with Retry-After, streamed or not."""
    gate = Gate()
    with serve(fake(work=gate), workers=1, queue=1) as site, ThreadPoolExecutor(2) as askers:
        accepted = [askers.submit(site.ask) for _ in range(2)]
        assert gate.begun.acquire(timeout=5)
        until(lambda: site.taken == 2, seconds=5)
        for more in ({}, {"stream": True}):
            began = time.monotonic()
            response = site.ask(**more)
            assert time.monotonic() - began < 0.5
            assert int(response.headers["retry-after"]) >= 1
            expect_problem(response, 503)
        assert site.client.get("/readyz").status_code == 200
        gate.open.set()
        assert [each.result().status_code for each in accepted] == [200, 200]


@pytest.mark.parametrize("stream", [b"false", b"true"])
def test_a_client_that_goes_away_frees_its_place(serve, fake, logged, stream):
    """Whoever hangs up while waiting, for an answer or its stream, makes room for the next."""
    gate = Gate()
    body = b'{"question": "given up", "stream": %s}' % stream
    with serve(fake(work=gate), workers=1, queue=1) as site, ThreadPoolExecutor(2) as askers:
        first = askers.submit(site.ask, "first")
        assert gate.begun.acquire(timeout=5)
        with send(site, body):
            until(lambda: site.taken == 2, seconds=5)
            assert site.ask("refused").status_code == 503
        until(lambda: site.taken == 1, seconds=5)
        second = askers.submit(site.ask, "second")
        until(lambda: site.taken == 2, seconds=5)
        gate.open.set()
        assert (first.result().status_code, second.result().status_code) == (200, 200)
        assert [question for question, _ in site.assistant.asked] == ["first", "second"]
    assert not [line for line in logged if line["log_level"] == "error"]
    assert [line["status"] for line in logged if line["event"] == "request"].count(499) == (
        stream == b"false"
    )


def test_a_slow_answer_keeps_its_connection_alive():
    """While an answer is made, its stream carries comments, so that no proxy hangs up."""

    async def story():
        answer = asyncio.get_running_loop().create_future()
        events = answer_events(answer, deadline=9, metrics=None, keepalive=0.01)
        assert [await anext(events), await anext(events)] == [b": ping\n\n"] * 2
        await events.aclose()

    asyncio.run(story())


def test_liveness_under_load(serve, fake):
    """With ten askers keeping every worker busy, the 95th percentile of /livez is under 100 ms."""

    def compute(_question):
        # Mostly native code that lets other threads run, as a model does, and some Python.
        hashlib.pbkdf2_hmac("sha256", b"question", b"salt", 200_000)
        sum(i * i for i in range(100_000))

    over = threading.Event()
    answered = []

    def keep_asking(url):
        with httpx2.Client(base_url=url, timeout=30) as client:
            while not over.is_set():
                answered.append(client.post("/ask", json={"question": "a"}).status_code)

    with (
        serve(fake(work=compute), workers=2, deadline=300) as site,
        ThreadPoolExecutor(10) as askers,
    ):
        under_way = [askers.submit(keep_asking, site.url) for _ in range(10)]
        times = []
        for _ in range(100):
            began = time.perf_counter()
            assert site.client.get("/livez").json() == {"status": "alive"}
            times.append(time.perf_counter() - began)
            # Two seconds of probes: at once all would fall into one moment of the load.
            time.sleep(0.02)
        over.set()
        for each in under_way:
            each.result()
    assert len(answered) > 10
    assert set(answered) == {200}
    assert statistics.quantiles(times, n=20)[-1] < 0.1
