"""``doctor --offline``: an answer with the network blocked."""

import json
import socket
import threading

import pytest

from assistant.cli_offline import NetworkBlockedError, network_blocked
from index.errors import ModelError


def _look_outside():
    with socket.socket() as outside:
        outside.connect(("127.0.0.1", 9))


def test_answers_without_the_network(footnote, assistant):
    """An assistant that needs no network passes, and the finding says what was asked."""
    done = footnote("doctor", "--offline", "--json", examine=(), open_assistant=assistant)
    ((finding),) = json.loads(done.out)
    assert (done.code, finding["ok"]) == (0, True)
    assert "network blocked" in finding["detail"]
    assert "What damages collagen?" in finding["detail"]
    assert assistant.closed


def test_asks_about_a_title_when_nothing_is_suggested(footnote, assistant):
    """Documents without suggestions still get a question."""
    assistant.suggested = []
    assert footnote("doctor", "--offline", examine=(), open_assistant=assistant).code == 0
    assert assistant.asked == ["Pores"]


def test_an_attempt_fails_the_check(footnote, assistant):
    """Whoever reaches for the network is stopped and named."""
    assistant.meanwhile = _look_outside
    done = footnote("doctor", "--offline", examine=(), open_assistant=assistant)
    assert done.code == 1
    assert "127.0.0.1" in done.out
    assert "socket.connect" in done.out


def test_a_hidden_attempt_fails_the_check_too(footnote, assistant):
    """Swallowing the error does not help: the attempt itself is the finding."""

    def swallow():
        with pytest.raises(NetworkBlockedError):
            socket.getaddrinfo("hub.invalid", 443)

    assistant.meanwhile = swallow
    done = footnote("doctor", "--offline", examine=(), open_assistant=assistant)
    assert done.code == 1
    assert "hub.invalid" in done.out


def test_what_cannot_be_opened_is_a_finding(footnote):
    """A model that is missing is reported, not raised."""
    done = footnote("doctor", "--offline", examine=(), open_assistant=ModelError("no reranker"))
    assert (done.code, done.out) == (1, "NOT OK  offline answer: no reranker\n")


def test_every_way_out_is_blocked_in_every_thread():
    """TCP, UDP and look-ups fail while blocked, in threads too; unix sockets go on working."""
    errors = []

    def try_all():
        datagram = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        with datagram, socket.socket() as stream:
            for attempt in (
                lambda: stream.connect(("127.0.0.1", 9)),
                lambda: stream.connect_ex(("127.0.0.1", 9)),
                lambda: datagram.sendto(b"a", ("127.0.0.1", 9)),
                lambda: datagram.sendmsg([b"a"], [], 0, ("127.0.0.1", 9)),
                lambda: socket.getaddrinfo("localhost", 80),
                lambda: socket.gethostbyname("localhost"),
            ):
                try:
                    attempt()
                except NetworkBlockedError as error:
                    errors.append(error)

    with network_blocked() as attempts:
        thread = threading.Thread(target=try_all)
        thread.start()
        thread.join()
        first, second = socket.socketpair(socket.AF_UNIX)
        with first, second:
            first.send(b"a")
            assert second.recv(1) == b"a"
        with socket.socket(socket.AF_UNIX) as local, pytest.raises(FileNotFoundError):
            local.connect("/nonexistent")
    assert len(errors) == len(attempts) == 6
    assert socket.gethostbyname("127.0.0.1") == "127.0.0.1"
