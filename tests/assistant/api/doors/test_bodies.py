"""Large bodies: so many at the same time; the others are told, whatever becomes of the first."""

import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.api.doors import bodies
from assistant.api.problems import MAX_BODY
from assistant.api.work.overload import Places
from tests.assistant.api.by_hand import START, metric, until

pytestmark = pytest.mark.slow

HISTORY = [{"role": "user", "content": "x" * 100_000}]
TAKEN, REFUSED = b"HTTP/1.1 200 OK", b"HTTP/1.1 503 Service Unavailable"
JSON = {"content-type": "application/json"}
BEGUN = [
    START + b"Content-Length: %d\r\n\r\n{" % MAX_BODY,
    START + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
]


@pytest.fixture
def held(monkeypatch):
    """Return what counts the places taken."""
    made = []

    class Watched(Places):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            made.append(self)

    monkeypatch.setattr(bodies, "Places", Watched)
    return lambda: sum(each.open for each in made)


def _refused(site):
    return site.ask(history=HISTORY).status_code == 503


@pytest.mark.parametrize("begun", BEGUN)
def test_beyond_so_many_large_bodies_there_is_503(serve, monkeypatch, held, expect_problem, begun):
    """Others are served as ever; whoever goes away before the body's end gives the place back."""
    monkeypatch.setattr(bodies, "MOST", 2)
    with serve() as site:
        assert site.ask(history=HISTORY).status_code == 200
        senders = [socket.create_connection(("127.0.0.1", site.port)) for _ in range(2)]
        for sender in senders:
            sender.sendall(begun)
        until(lambda: held() == 2)
        response = site.ask(history=HISTORY)
        assert "shorter history" in expect_problem(response, 503)
        assert int(response.headers["retry-after"]) >= 1
        assert metric(site, 'footnote_rejected_total{reason="bodies"}') == 1
        for path in ("/livez", "/readyz", "/documents"):
            assert site.client.get(path).status_code == 200
        assert site.ask(history=[{"role": "user", "content": "x" * 60_000}]).status_code == 200
        senders[0].close()
        until(lambda: held() == 1)
        assert not _refused(site)
        senders[1].close()


def test_a_place_is_given_back_however_a_request_ends(serve, monkeypatch, held):
    """Answered, streamed, refused by its form, its size or its address, or cut off."""
    monkeypatch.setattr(bodies, "MOST", 1)
    asked = {"question": "a", "history": HISTORY}
    with serve(patience=1.0) as site:
        for path, content, status in (
            ("/ask", json.dumps(asked), 200),
            ("/ask", json.dumps({**asked, "stream": True}), 200),
            ("/ask", json.dumps({**asked, "question": ""}), 422),
            ("/ask", "{" * 100_000, 400),
            ("/ask", "x" * (MAX_BODY + 1), 413),
            ("/feedback", "x" * 100_000, 413),
            ("/nowhere", "x" * 100_000, 404),
        ):
            response = site.client.post(path, content=content, headers=JSON)
            assert response.status_code == status, path
            until(lambda: not held())
        with socket.create_connection(("127.0.0.1", site.port)) as slow:
            slow.sendall(BEGUN[0])
            until(held)
            until(lambda: not held())
        assert not _refused(site)


def test_a_place_is_held_while_the_answer_is_made(serve, fake, monkeypatch, held):
    """A body is in memory for as long as its request, and no longer."""
    monkeypatch.setattr(bodies, "MOST", 1)
    gate = threading.Event()
    work = {"work": lambda question: question == "slow" and gate.wait(20)}
    with serve(fake(**work)) as site, ThreadPoolExecutor(1) as asker:
        slow = asker.submit(site.ask, "slow", history=HISTORY)
        until(lambda: site.taken)
        assert _refused(site)
        assert site.ask("quick").status_code == 200
        gate.set()
        assert slow.result().status_code == 200
        until(lambda: not held())
        assert not _refused(site)


def test_a_deadline_gives_the_place_back(serve, fake, monkeypatch, held, expect_problem):
    """What ends in 503 for being late leaves room for the next, which is late for itself."""
    monkeypatch.setattr(bodies, "MOST", 1)
    gate = threading.Event()
    with serve(fake(work=lambda _: gate.wait(20)), deadline=0.2) as site:
        for _ in range(3):
            assert "in time" in expect_problem(site.ask(history=HISTORY), 503)
            until(lambda: not held())
        gate.set()


def test_of_many_bodies_of_a_mebibyte_so_many_are_taken(serve, monkeypatch):
    """Forty at once, all but their last byte: as many as may be are waited for, no other is kept.

    Whoever was told to come again had its whole body passed over, and can ask over the same
    connection.
    """
    monkeypatch.setattr(bodies, "MOST", 5)
    body = json.dumps({"question": "a", "history": HISTORY}).encode().ljust(MAX_BODY)
    request = START + b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
    with serve() as site:
        senders = [socket.create_connection(("127.0.0.1", site.port)) for _ in range(40)]
        for sender in senders:
            sender.settimeout(20)
            sender.sendall(request[:-1])
        until(lambda: metric(site, 'footnote_rejected_total{reason="bodies"}') == 35)
        for sender in senders:
            sender.sendall(request[-1:])
        heads = [sender.recv(65536).split(b"\r\n")[0] for sender in senders]
        assert (heads.count(TAKEN), heads.count(REFUSED)) == (5, 35)
        again = senders[heads.index(REFUSED)]
        again.sendall(request)
        assert again.recv(65536).startswith(TAKEN)
        for sender in senders:
            sender.close()
