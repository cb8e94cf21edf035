"""More than the server can do: what is turned away, what stops, what is finished all the same."""

import asyncio
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.api.state import state_of
from assistant.api.work.overload import StreamsTaken
from assistant.api.work.stream import AnswerStream
from assistant.api.work.workers import WorkerPool
from assistant.models.stopping import Stopped, checkpoint
from tests.assistant.api.by_hand import ASK, metric, send, until


class Models:
    """Work in many small calls, as a model's, that looks at each whether it is still wanted."""

    def __init__(self):
        self.calls = 0
        self.stopped = threading.Semaphore(0)
        self.enough = threading.Event()

    def __call__(self, _question=""):
        """Call and call, for a minute at most."""
        check = checkpoint()
        end = time.monotonic() + 60
        while not self.enough.is_set() and time.monotonic() < end:
            try:
                check()
            except Stopped:
                self.stopped.release()
                raise
            self.calls += 1
            # One call of a model, so that a deadline falls into the midst of many.
            time.sleep(0.01)


def test_an_answer_that_takes_too_long_is_503(serve, fake, expect_problem):
    """At the deadline a request ends in 503, its work stops, and the worker is free again."""
    models = Models()
    with serve(fake(work=models), workers=1, queue=1, deadline=0.3) as site:
        response = site.ask()
        assert "in time" in expect_problem(response, 503)
        assert int(response.headers["retry-after"]) >= 1
        assert models.stopped.acquire(timeout=10)
        until(lambda: not site.taken)
        models.enough.set()
        assert site.ask().status_code == 200
        assert metric(site, 'footnote_rejected_total{reason="deadline"}') == 1


def test_a_stream_that_takes_too_long_ends_in_an_error_event(serve, fake):
    """A stream has begun with 200: there the deadline is an ``error`` event with a 503 problem."""
    models = Models()
    with serve(fake(work=models), workers=1, queue=1, deadline=0.3) as site:
        response = site.ask(stream=True)
        assert response.status_code == 200
        name, data = response.text.strip().split("\n")
        assert name == "event: error"
        assert json.loads(data.removeprefix("data: "))["status"] == 503
        assert models.stopped.acquire(timeout=10)
        until(lambda: not site.taken)
        until(lambda: state_of(site.app).asking.streams.open == 0)


def test_what_waits_past_the_deadline_never_runs(serve, fake):
    """A question that waited too long is dropped from the queue, not answered to nobody."""
    gate = threading.Event()
    with serve(fake(work=lambda _: gate.wait(20)), workers=1, queue=4, deadline=0.5) as site:
        with ThreadPoolExecutor(3) as askers:
            late = list(askers.map(site.ask, ["first", "second", "third"]))
        assert [each.status_code for each in late] == [503] * 3
        gate.set()
        until(lambda: not site.taken)
        assert len(site.assistant.asked) == 1


@pytest.mark.parametrize("stream", [b"false", b"true"])
def test_a_client_that_goes_away_stops_the_work(serve, fake, logged, stream):
    """Work ends at its next model call once nobody waits for it, and no error is logged."""
    models = Models()
    with serve(fake(work=models), workers=1, queue=0) as site:
        leaver = send(site, ASK % stream)
        until(lambda: models.calls)
        leaver.close()
        assert models.stopped.acquire(timeout=10)
        until(lambda: not site.taken)
        models.enough.set()
        assert site.ask().status_code == 200
        until(lambda: metric(site, "footnote_gone_total") == 1)
        until(lambda: state_of(site.app).asking.streams.open == 0)
    assert not [line for line in logged if line["log_level"] == "error"]


def test_streams_are_counted(serve, fake, expect_problem):
    """Beyond the limit a stream is refused before it begins; an answer in one piece is not."""
    models = Models()
    with serve(fake(work=models), workers=3, streams=2) as site, ThreadPoolExecutor(3) as askers:
        streams = [askers.submit(site.ask, stream=True) for _ in range(2)]
        until(lambda: state_of(site.app).asking.streams.open == 2)
        assert "without stream" in expect_problem(site.ask(stream=True), 503)
        whole = askers.submit(site.ask)
        until(lambda: site.taken == 3)
        models.enough.set()
        assert {each.result().status_code for each in [*streams, whole]} == {200}
        # A place is given back after the last byte, which its asker may have before that.
        until(lambda: state_of(site.app).asking.streams.open == 0)
        assert site.ask(stream=True).status_code == 200


def test_a_stream_refused_for_want_of_a_worker_gives_its_place_back(serve, fake):
    """A refusal costs nothing: places in the count of streams are not lost to the busy."""
    models = Models()
    with serve(fake(work=models), workers=1, queue=0, streams=2) as site:
        holder = send(site, ASK % b"false")
        until(lambda: models.calls)
        assert {site.ask(stream=True).status_code for _ in range(5)} == {503}
        assert state_of(site.app).asking.streams.open == 0
        holder.close()
        assert models.stopped.acquire(timeout=10)


def test_a_stream_that_never_begins_is_given_up():
    """A client that is gone before the first byte leaves neither work nor a place behind."""

    async def story():
        answer, ended = asyncio.get_running_loop().create_future(), []

        class Counted:
            def gone(self):
                ended.append("gone")

        stream = AnswerStream(
            answer,
            deadline=9,
            metrics=Counted(),
            ended=lambda: ended.append("ended"),
            headers={},
        )

        async def broken(_message):
            raise OSError

        async def receive():
            await asyncio.sleep(30)

        with pytest.raises(OSError, match=r"^$"):
            await stream({"type": "http", "asgi": {"spec_version": "2.3"}}, receive, broken)
        assert answer.cancelled()
        assert ended == ["gone", "ended"]

    asyncio.run(story())


def test_stopping_the_pool_stops_what_runs():
    """A server that has waited long enough ends at the next model call, not at the answer."""
    models = Models()

    async def story():
        pool = WorkerPool(workers=2, queue=2)
        waiting = [pool.submit(models) for _ in range(4)]
        await asyncio.to_thread(until, lambda: pool.running == 2)
        assert (pool.running, pool.taken) == (2, 4)
        await asyncio.to_thread(pool.close)
        ended = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(each) for each in ended] == [Stopped] * 2 + [asyncio.CancelledError] * 2
        assert (pool.running, pool.taken) == (0, 0)

    asyncio.run(asyncio.wait_for(story(), 20))


def test_streams_never_go_below_or_above(serve):
    """The count of streams is what is open; its limit raises."""
    with serve(streams=1) as site:
        streams = state_of(site.app).asking.streams
        streams.enter()
        with pytest.raises(StreamsTaken):
            streams.enter()
        streams.leave()
        assert streams.open == 0


@pytest.mark.parametrize(
    "body",
    [
        b'{"question": "a", "history": [%s1]}' % (b"1," * 500_000),
        b'{"question": "a", "history": [%s{}]}' % (b"{}," * 300_000),
        b'{%s"question": "a"}' % b"".join(b'"%x": 1,' % i for i in range(90_000)),
        b'{"question": "a", "history": [{%s"role": "user"}]}'
        % b"".join(b'"%x": 1,' % i for i in range(90_000)),
    ],
)
def test_a_body_full_of_errors_costs_little(site, expect_problem, body):
    """A body of a megabyte of mistakes is refused in well under a second of work.

    Describing every mistake took ten seconds, in which nobody else was served.
    """
    assert len(body) < 1 << 20
    began = time.thread_time()
    used = time.process_time()
    response = site.client.post("/ask", content=body, headers={"content-type": "application/json"})
    expect_problem(response, 422)
    assert time.process_time() - used - (time.thread_time() - began) < 1.0
