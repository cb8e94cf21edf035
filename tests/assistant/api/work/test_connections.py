"""What a connection may hold on to: slow readers, slow senders, and too many of them."""

import socket
import time
from contextlib import ExitStack, suppress
from functools import partial

import pytest

from assistant.api.state import state_of
from assistant.api.work import connections
from tests.assistant.api.by_hand import ASK, START, metric, until

pytestmark = pytest.mark.slow


def _asked(site, count):
    """Say whether so many have asked "a" and nothing is being computed."""
    questions = [question for question, _ in site.assistant.asked]
    return questions.count("a") == count and not site.taken


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
            until(partial(_asked, site, number + 1))
            assert site.ask("b").status_code == 200
        for reader in readers:
            received = 0
            # What was on its way arrives, then the connection is reset: never the whole.
            with suppress(ConnectionResetError):
                while chunk := reader.recv(1 << 20):
                    received += len(chunk)
                    # Slow is what this client is; however slow, it is to be cut off.
                    time.sleep(0.3)
            assert received < len(huge)
        until(lambda: state_of(site.app).asking.streams.open == 0)


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
            # Idle for half the patience: four times that is beyond it, and is allowed.
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
        until(lambda: b" 503 " in _get(site, b"/documents"))
        refused = _get(site, b"/documents")
        for line in (b"retry-after: ", b"application/problem+json", b"connection: close"):
            assert line in refused
        for path in (b"/livez", b"/readyz"):
            assert b" 200 " in _get(site, path)
        idle += [socket.create_connection(("127.0.0.1", site.port)) for _ in range(20)]
        until(lambda: not _get(site, b"/livez"))
        for connection in idle:
            connection.close()
        until(lambda: b" 200 " in _get(site, b"/documents"))
        assert metric(site, 'footnote_rejected_total{reason="connections"}') >= 2
