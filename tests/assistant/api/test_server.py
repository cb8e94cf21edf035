"""``footnote serve`` as a process: what it prints, how it stops, what it loads."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from ipaddress import IPv4Address
from pathlib import Path

import httpx2
import pytest
import structlog

from assistant.api.server import reachable
from assistant.api.work.listening import address, bind
from assistant.api.work.logs import configure
from assistant.quoting.quotable import Suppressed
from assistant.settings import Settings
from index.build import rebuild
from index.embedding.kept import PACKAGED
from index.errors import FootnoteError
from tests.assistant.api.by_hand import until
from tests.conftest import serving
from tests.places import ROOT

pytestmark = pytest.mark.slow

SERVING = Path(__file__).with_name("serving.py")
# Found from any folder, whether the package is installed or not.
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.fixture
def index(tmp_path):
    """Return an index folder whose published generation is the fake's."""
    (tmp_path / "CURRENT").write_text("a" * 64 + "\n")
    return tmp_path


def _start(index, *more, seconds=0.0, **environment):
    command = [sys.executable, SERVING, str(seconds), "serve", "--index", index, *more]
    return subprocess.Popen(
        command,
        env={**ENVIRONMENT, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def _serving(index, *more, seconds=0.0, **environment):
    """Run a server and give its process and first log line; it is gone afterwards."""
    process = _start(index, "--port", "0", *more, seconds=seconds, **environment)
    try:
        yield process, json.loads(process.stderr.readline())
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_told_to_stop_it_finishes_what_it_accepted(index, sent, code):
    """The log names the URL; a question under way is answered, then the assistant is closed."""
    with _serving(index, seconds=0.7) as (process, line):
        assert (line["event"], line["index_id"]) == ("listening", "a" * 64)
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", line["url"])
        answers = []

        def ask():
            answers.append(httpx2.post(f"{line['url']}/ask", json={"question": "a"}, timeout=10))

        asking = threading.Thread(target=ask)
        asking.start()
        assert process.stdout.readline() == "asked\n"
        process.send_signal(sent)
        asking.join()
        assert [answer.status_code for answer in answers] == [200]
        out, err = process.communicate(timeout=10)
        assert process.returncode == code
        assert out == "closed\n"
        lines = [json.loads(each) for each in err.splitlines()]
        assert [each["path"] for each in lines] == ["/ask"]


def test_told_to_stop_it_finishes_what_waits(index):
    """Every question that was accepted, running or waiting, streamed or not, is answered."""
    with (
        _serving(index, seconds=0.4) as (process, line),
        ThreadPoolExecutor(8) as askers,
        httpx2.Client(base_url=line["url"], timeout=30) as client,
    ):

        def ask(number):
            return client.post("/ask", json={"question": "a", "stream": number % 2 == 0})

        asked = [askers.submit(ask, number) for number in range(8)]
        assert process.stdout.readline() == "asked\n"
        _until_waiting(client, 6)
        process.send_signal(signal.SIGTERM)
        answers = [each.result() for each in asked]
        assert [each.status_code for each in answers] == [200] * 8
        assert all("Sun damages collagen." in each.text for each in answers)
        process.communicate(timeout=20)
        assert process.returncode == 0


def _until_waiting(client, count):
    end = time.monotonic() + 20
    while f"footnote_queue {count}.0" not in client.get("/metrics").text:
        assert time.monotonic() < end


def test_told_to_stop_it_does_not_wait_for_ever(index):
    """What is not finished within ``grace`` seconds is given up; the server ends all the same."""
    with _serving(index, seconds=600, FOOTNOTE_GRACE="1") as (process, line):
        body = json.dumps({"question": "a"}).encode()
        with socket.create_connection(("127.0.0.1", int(line["url"].rsplit(":", 1)[1]))) as asker:
            asker.sendall(
                b"POST /ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
            )
            assert process.stdout.readline() == "asked\n"
            process.send_signal(signal.SIGTERM)
            out, _ = process.communicate(timeout=60)
        assert out == "closed\n"
        assert process.returncode == 0


@pytest.mark.parametrize(
    ("host", "more"),
    [
        *[("192.0.2.7", ["192.0.2.7"]), ("::1", ["::1"]), ("docs.lan", ["docs.lan"])],
        *[(str(IPv4Address(0)), []), ("::", []), ("0::0", []), ("", [])],
    ],
)
def test_the_address_it_listens_on_is_an_allowed_host(host, more):
    """An owner who gives an address need not allow it a second time; every address allows none."""
    settings = Settings(allowed_hosts=["docs.example"])
    assert reachable(settings, host).allowed_hosts == ["docs.example", *more]


def test_port_in_use(index):
    """A port that is taken is one line that says so, exit code 2, and nothing is left open."""
    with bind("127.0.0.1", 0) as taken:
        process = _start(index, "--port", str(taken.getsockname()[1]))
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (2, "closed\n")
    assert re.fullmatch(r"footnote: Cannot listen on .* in use.*--port\.\n", err)


def test_told_to_look_it_follows_at_once_and_loses_nothing(seeds_index, tmp_path):
    """SIGHUP, which ends most programs: what is being answered is, and what is new is served."""
    index, question = tmp_path / "index", {"question": "What is a boat pass?"}
    shutil.copytree(seeds_index, index, symlinks=True)
    with (
        serving(index) as (base, process),
        httpx2.Client(base_url=base, timeout=60) as client,
        ThreadPoolExecutor(4) as askers,
    ):
        before = client.post("/ask", json=question).json()["index_id"]
        asked = [askers.submit(client.post, "/ask", json=question) for _ in range(12)]
        documents = tmp_path / "docs"
        documents.mkdir()
        (documents / "boats.md").write_text("# Boats\n\nA boat pass is a card for a year.\n")
        after = rebuild(documents, index, model=PACKAGED, withhold=Suppressed()).index_id
        for _ in range(6):
            asked.append(askers.submit(client.post, "/ask", json=question))
            process.send_signal(signal.SIGHUP)
        until(lambda: client.post("/ask", json=question).json()["index_id"] == after)
        assert [each.result().status_code for each in asked] == [200] * 18
        assert {each.result().json()["index_id"] for each in asked} <= {before, after}
        assert process.poll() is None


def test_without_an_index_the_command_that_builds_it_is_named(tmp_path):
    """Of the folder that was named, in words that a shell takes as they are."""
    source, index = tmp_path / "my docs", tmp_path / "none"
    command = [sys.executable, "-m", "assistant", "serve", "--port", "0"]
    command += ["--source", str(source), "--index", str(index)]
    done = subprocess.run(
        command, env=ENVIRONMENT, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 2
    assert f"footnote rebuild --source '{source}' --index {index}\n" in done.stderr


def test_missing_index():
    """Without an index the real server does not begin to listen: exit code 2, and what to do."""
    command = [sys.executable, "-m", "assistant", "serve", "--index", "/nonexistent", "--port", "0"]
    done = subprocess.run(
        command, env=ENVIRONMENT, capture_output=True, text=True, timeout=30, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"footnote: .*footnote rebuild.*\n", done.stderr)


def test_serving_never_loads_what_only_building_needs():
    """No torch, no sentence-transformers, and no terminal library in the server itself."""
    code = "import sys, assistant.api.server; sys.stdout.write(' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "assistant.api.app" in loaded
    assert not loaded & {"torch", "sentence_transformers", "transformers", "onnx", "typer"}


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid", "::ffff:192.0.2.1"])
def test_addresses_that_are_not_ours(host):
    """An address of another machine, or a name of none, is an error that names the flag."""
    with pytest.raises(FootnoteError, match="--host"):
        bind(host, 0)


def test_connections_do_not_wait_for_acknowledgements():
    """A listening socket says that it is TCP: only then does asyncio send small writes at once."""
    with bind("127.0.0.1", 0) as listener:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", address(listener))
        with socket.create_connection(listener.getsockname()):
            accepted, _ = listener.accept()
            with accepted:
                assert accepted.proto == socket.IPPROTO_TCP


def test_ipv6_addresses_are_bracketed_in_urls():
    """The URL in the log can be pasted into a browser."""
    with socket.socket(socket.AF_INET6) as unbound:
        assert address(unbound) == "http://[::]:0"


@pytest.fixture
def _restored():
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def _fail(question):
    raise RuntimeError(f"{len(question)} characters")


def _log_something(capsys, *, terminal, question="private words"):
    configure(terminal=terminal)
    log = structlog.get_logger()
    log.debug("too much")
    try:
        _fail(question)
    except RuntimeError:
        log.exception("unexpected error", path="/a\n2026 forged \x1b[2J")
    out, err = capsys.readouterr()
    assert out == ""
    assert "too much" not in err
    # A traceback shows the message and lines of code, never the values of variables.
    assert "private words" not in err
    assert "RuntimeError: 13 characters" in err
    return err


@pytest.mark.usefixtures("_restored")
def test_log_lines_for_programs(capsys):
    """Off a terminal every event is one line of JSON, tracebacks included."""
    (line,) = _log_something(capsys, terminal=False).splitlines()
    event = json.loads(line)
    assert (event["event"], event["level"]) == ("unexpected error", "error")
    assert event["path"] == "/a\n2026 forged \x1b[2J"


@pytest.mark.usefixtures("_restored")
def test_log_lines_for_people(capsys):
    """On a terminal a value cannot forge a line or move the cursor."""
    err = _log_something(capsys, terminal=True)
    assert "\n2026 forged" not in err
    assert "\x1b[2J" not in err


@pytest.mark.usefixtures("_restored")
def test_log_lines_follow_stderr(capsys):
    """What is not a terminal gets JSON without being told."""
    configure()
    structlog.get_logger().info("here")
    assert json.loads(capsys.readouterr().err)["event"] == "here"
