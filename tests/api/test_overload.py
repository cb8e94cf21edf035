"""More than the server can do: what is turned away, what stops, what is finished all the same."""

import asyncio
import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from functools import partial

import pytest

from assistant.api import connections
from assistant.api.overload import StreamsTaken
from assistant.api.stream import AnswerStream
from assistant.api.workers import WorkerPool
from assistant.stopping import Stopped, checkpoint

ASK = b'{"question": "a", "stream": %s}'
START = b"POST /ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


def _until(condition, seconds=60.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


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
            time.sleep(0.01)


def _send(site, body):
    """Open a connection and send a question over it."""
    connection = socket.create_connection(("127.0.0.1", site.port), timeout=20)
    connection.sendall(START + b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    return connection


def _asked(site, count):
    """Say whether so many have asked "a" and nothing is being computed."""
    questions = [question for question, _ in site.assistant.asked]
    return questions.count("a") == count and not site.taken


def _metric(site, line):
    """Return the value of a line of /metrics."""
    for each in site.client.get("/metrics").text.splitlines():
        if each.startswith(f"{line} "):
            return float(each.split()[-1])
    raise AssertionError(line)


def test_an_answer_that_takes_too_long_is_503(serve, fake, expect_problem):
    """At the deadline a request ends in 503, its work stops, and the worker is free again."""
    models = Models()
    with serve(fake(work=models), workers=1, queue=1, deadline=0.3) as site:
        response = site.ask()
        assert "in time" in expect_problem(response, 503)
        assert int(response.headers["retry-after"]) >= 1
        assert models.stopped.acquire(timeout=10)
        _until(lambda: not site.taken)
        models.enough.set()
        assert site.ask().status_code == 200
        assert _metric(site, 'footnote_rejected_total{reason="deadline"}') == 1


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
        _until(lambda: not site.taken)
        assert site.app.state.asking.streams.open == 0


def test_what_waits_past_the_deadline_never_runs(serve, fake):
    """A question that waited too long is dropped from the queue, not answered to nobody."""
    gate = threading.Event()
    with serve(fake(work=lambda _: gate.wait(20)), workers=1, queue=4, deadline=0.5) as site:
        with ThreadPoolExecutor(3) as askers:
            late = list(askers.map(site.ask, ["first", "second", "third"]))
        assert [each.status_code for each in late] == [503] * 3
        gate.set()
        _until(lambda: not site.taken)
        assert len(site.assistant.asked) == 1


def test_suggestions_have_a_deadline_as_well(serve, fake, expect_problem):
    """Who asks for suggestions is told to come again; the work goes on and is there then."""
    gate = threading.Event()
    with serve(fake(work=lambda _: gate.wait(20)), deadline=0.3) as site:
        expect_problem(site.client.get("/suggestions"), 503)
        gate.set()
        _until(lambda: not site.taken)
        assert site.client.get("/suggestions").status_code == 200
        assert site.assistant.suggested == 1


@pytest.mark.parametrize("stream", [b"false", b"true"])
def test_a_client_that_goes_away_stops_the_work(serve, fake, logged, stream):
    """Work ends at its next model call once nobody waits for it, and no error is logged."""
    models = Models()
    with serve(fake(work=models), workers=1, queue=0) as site:
        leaver = _send(site, ASK % stream)
        _until(lambda: models.calls)
        leaver.close()
        assert models.stopped.acquire(timeout=10)
        _until(lambda: not site.taken)
        models.enough.set()
        assert site.ask().status_code == 200
        _until(lambda: _metric(site, "footnote_gone_total") == 1)
        assert site.app.state.asking.streams.open == 0
    assert not [line for line in logged if line["log_level"] == "error"]


def test_streams_are_counted(serve, fake, expect_problem):
    """Beyond the limit a stream is refused before it begins; an answer in one piece is not."""
    models = Models()
    with serve(fake(work=models), workers=3, streams=2) as site, ThreadPoolExecutor(3) as askers:
        streams = [askers.submit(site.ask, stream=True) for _ in range(2)]
        _until(lambda: site.app.state.asking.streams.open == 2)
        assert "without stream" in expect_problem(site.ask(stream=True), 503)
        whole = askers.submit(site.ask)
        _until(lambda: site.taken == 3)
        models.enough.set()
        assert {each.result().status_code for each in [*streams, whole]} == {200}
        assert site.app.state.asking.streams.open == 0
        assert site.ask(stream=True).status_code == 200


def test_a_stream_refused_for_want_of_a_worker_gives_its_place_back(serve, fake):
    """A refusal costs nothing: places in the count of streams are not lost to the busy."""
    models = Models()
    with serve(fake(work=models), workers=1, queue=0, streams=2) as site:
        holder = _send(site, ASK % b"false")
        _until(lambda: models.calls)
        assert {site.ask(stream=True).status_code for _ in range(5)} == {503}
        assert site.app.state.asking.streams.open == 0
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


@pytest.mark.parametrize("stream", [b"false", b"true"])
def test_slow_readers_hold_no_worker_and_are_cut_off(serve, fake, stream):
    """Who asks and never reads keeps a buffer for a while, never a worker, and then nothing."""
    # An answer far beyond every buffer between the server and a reader.
    huge = "Sun damages collagen. " * 400_000

    class Long(fake):
        def answer(self, question, history=()):
            body = super().answer(question, history)
            return body.model_copy(update={"answer": huge if question == "a" else "short"})

    with serve(Long(), workers=1, queue=0, patience=1.0) as site, ExitStack() as opened:
        readers = []
        for number in range(5):
            reader = opened.enter_context(socket.socket())
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            reader.settimeout(20)
            reader.connect(("127.0.0.1", site.port))
            body = ASK % stream
            reader.sendall(START + b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            readers.append(reader)
            _until(partial(_asked, site, number + 1))
            assert site.ask("b").status_code == 200
        for reader in readers:
            received = 0
            # What was on its way arrives, then the connection is reset: never the whole.
            with suppress(ConnectionResetError):
                while chunk := reader.recv(1 << 20):
                    received += len(chunk)
                    time.sleep(0.3)
            assert received < len(huge)
        _until(lambda: site.app.state.asking.streams.open == 0)


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"POST /ask HT",
        b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
        START + b"Content-Length: 1000\r\n\r\n{",
        b"POST /none HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n{",
        START + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
    ],
)
def test_slow_senders_are_cut_off(serve, begun):
    """A request that never ends, drop by drop, ends after ``patience`` seconds."""
    with serve(patience=0.7) as site, socket.create_connection(("127.0.0.1", site.port)) as slow:
        began = time.monotonic()
        slow.sendall(begun)
        slow.settimeout(0.1)
        while True:
            assert time.monotonic() - began < 15
            try:
                if begun:
                    slow.sendall(b"1")
                if not slow.recv(65536):
                    break
            except TimeoutError:
                continue
            except ConnectionError:
                break
        assert site.client.get("/livez").status_code == 200


def test_a_connection_may_be_used_again_and_again(serve):
    """Patience is for each request, not for the connection's life."""
    with serve(patience=0.6) as site:
        for _ in range(4):
            assert site.ask().status_code == 200
            time.sleep(0.3)


def _get(site, path):
    """Return the answer over a connection of its own; nothing if that is closed at once."""
    head = b"GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    try:
        return site.raw(head % path).lower()
    except ConnectionError:
        return b""


def test_too_many_connections(serve, monkeypatch):
    """Beyond the limit there is 503 and health; beyond the reserve nothing; then all is well."""
    monkeypatch.setattr(connections, "RESERVE", 5)
    with serve(connections=4) as site:
        assert site.client.get("/livez").status_code == 200
        idle = [socket.create_connection(("127.0.0.1", site.port)) for _ in range(4)]
        _until(lambda: b" 503 " in _get(site, b"/documents"))
        refused = _get(site, b"/documents")
        for line in (b"retry-after: ", b"application/problem+json", b"connection: close"):
            assert line in refused
        for path in (b"/livez", b"/readyz"):
            assert b" 200 " in _get(site, path)
        idle += [socket.create_connection(("127.0.0.1", site.port)) for _ in range(20)]
        _until(lambda: not _get(site, b"/livez"))
        for connection in idle:
            connection.close()
        _until(lambda: b" 200 " in _get(site, b"/documents"))
        assert _metric(site, 'footnote_rejected_total{reason="connections"}') >= 2


def test_stopping_the_pool_stops_what_runs():
    """A server that has waited long enough ends at the next model call, not at the answer."""
    models = Models()

    async def story():
        pool = WorkerPool(workers=2, queue=2)
        waiting = [pool.submit(models) for _ in range(4)]
        await asyncio.to_thread(_until, lambda: pool.running == 2)
        assert (pool.running, pool.taken) == (2, 4)
        await asyncio.to_thread(pool.close)
        ended = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(each) for each in ended] == [Stopped] * 2 + [asyncio.CancelledError] * 2
        assert (pool.running, pool.taken) == (0, 0)

    asyncio.run(asyncio.wait_for(story(), 20))


def test_streams_never_go_below_or_above(serve):
    """The count of streams is what is open; its limit raises."""
    with serve(streams=1) as site:
        streams = site.app.state.asking.streams
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
