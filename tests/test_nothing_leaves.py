"""Nothing leaves the machine: what building, asking and serving do, seen from outside Python.

The processes run under strace with an empty home. That looking finds something is shown first.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

from assistant.cli.checks import watching
from assistant.cli.checks.watching import Watch, offline_answer
from index.errors import FootnoteError
from tests.places import SEEDS

pytestmark = pytest.mark.slow

# What an owner's machine may say, and what must make no difference.
TELEMETRY = {"ORT_DISABLE_TELEMETRY": "0", "HF_HUB_DISABLE_TELEMETRY": "0"}
FOOTNOTE = (sys.executable, "-m", "assistant")


@pytest.fixture(autouse=True)
def _unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep coverage, which writes a file for each process, out of those that are watched."""
    for name in [name for name in os.environ if name.startswith("COVERAGE_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    """A place for one process that is watched."""
    folder = tmp_path / "watched"
    folder.mkdir()
    return Watch(folder)


def _run(watch: Watch, *command: str, blocked: bool = False) -> subprocess.CompletedProcess[str]:
    environment = {**watch.environment, **TELEMETRY}
    watched = watch.command(*command, blocked=blocked)
    return subprocess.run(
        watched, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


@pytest.mark.parametrize(
    ("code", "address"),
    [
        ("s.connect_ex(('192.0.2.1', 9))", "192.0.2.1"),
        ("s.sendto(b'a', ('192.0.2.2', 9))", "192.0.2.2"),
        ("s.sendmsg([b'a'], [], 0, ('192.0.2.3', 9))", "192.0.2.3"),
        ("v6.connect_ex(('2001:db8::1', 9))", "2001:db8::1"),
    ],
)
def test_an_address_that_is_tried_is_seen(watch: Watch, code: str, address: str) -> None:
    """Nothing is sent for it: the addresses are those of examples, and the network is blocked."""
    sockets = "import socket as a; s = a.socket(a.AF_INET, a.SOCK_DGRAM)"
    sockets += "; v6 = a.socket(a.AF_INET6, a.SOCK_DGRAM)"
    _run(watch, sys.executable, "-c", f"{sockets}; {code}", blocked=True)
    assert watch.seen().addresses == (address,)


def test_a_look_up_and_a_file_are_seen(watch: Watch) -> None:
    """A name that is looked up is an attempt, whoever is asked; a file and a folder are files."""
    code = (
        "import pathlib, socket; (pathlib.Path.home() / '.cache').mkdir()\n"
        "(pathlib.Path.home() / '.cache' / 'id').write_text('x')\n"
        "socket.getaddrinfo('footnote.invalid', 80)"
    )
    _run(watch, sys.executable, "-c", code, blocked=True)
    seen = watch.seen()
    assert "a look-up of a host's name" in seen.addresses
    assert seen.files == (str(watch.home / ".cache"), str(watch.home / ".cache" / "id"))


def test_what_is_local_is_not_taken_for_a_way_out(watch: Watch) -> None:
    """Loopback, files that are read, and temporary files that are gone again."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        code = (
            "import socket, tempfile; tempfile.TemporaryFile().close()\n"
            f"socket.create_connection({listening.getsockname()!r}).close()\n"
            "open('/dev/null', 'w').close()"
        )
        assert _run(watch, sys.executable, "-c", code).returncode == 0
    seen = watch.seen()
    assert (seen.addresses, seen.files) == ((), ())


def test_a_rebuild_reaches_nothing_and_writes_its_index_alone(watch: Watch, tmp_path: Path) -> None:
    """From an empty index: the encoder is exported, with all the libraries that takes."""
    index = tmp_path / "index"
    done = _run(watch, *FOOTNOTE, "rebuild", "--source", str(SEEDS), "--index", str(index))
    assert done.returncode == 0, done.stderr
    seen = watch.seen()
    assert seen.addresses == ()
    ours = (index, watch.home / ".cache")
    outside = [
        path for path in seen.files if not any(Path(path).is_relative_to(each) for each in ours)
    ]
    # torch makes an empty folder among temporary files, for a compiler that nobody asked for.
    assert [path for path in outside if not Path(path).name.startswith("torchinductor_")] == []
    # What is kept there for other indexes is what an owner is told of.
    kept = watch.home / ".cache" / "footnote"
    files = [path for path in watch.home.rglob("*") if path.is_file()]
    assert all(path.is_relative_to(kept) for path in files)
    assert len(list(kept.glob("encoders/*/model.onnx"))) == 1


def test_an_answer_reaches_nothing_and_writes_nothing(watch: Watch, seeds_index: Path) -> None:
    """Not even when the environment asks libraries to report."""
    question = "What causes enlarged pores?"
    done = _run(watch, *FOOTNOTE, "ask", question, "--index", str(seeds_index))
    assert done.returncode == 0, done.stderr
    assert watch.seen() == watching.Seen((), ())


def test_a_server_reaches_nothing_and_writes_nothing(watch: Watch, seeds_index: Path) -> None:
    """Started, asked, left alone for longer than anything waits that reports, and stopped."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = (*FOOTNOTE, "serve", "--index", str(seeds_index), "--port", str(port))
    process = subprocess.Popen(
        watch.command(*command),
        env={**watch.environment, **TELEMETRY},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        base = f"http://127.0.0.1:{port}"
        _until(lambda: httpx2.get(f"{base}/readyz").status_code == 200)
        answer = httpx2.post(f"{base}/ask", json={"question": "What causes enlarged pores?"})
        assert answer.json()["status"] == "answered"
        time.sleep(5)  # onnxruntime looked its host up every two seconds
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=60)
    assert watch.seen() == watching.Seen((), ())


def test_the_owner_can_look_too(seeds_index: Path) -> None:
    """``footnote doctor --offline`` says what was seen."""
    ok, told = offline_answer(seeds_index)
    assert ok, told
    assert "no address was tried and no file was made" in told


def test_what_gives_no_answer_is_no_proof(tmp_path: Path) -> None:
    """An index that is not there is told, not taken for silence."""
    ok, told = offline_answer(tmp_path / "none")
    assert not ok
    assert "footnote rebuild" in told


def test_what_leaves_is_told(seeds_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that tries an address fails the check, whatever else it does."""
    seen = watching.Seen(("192.0.2.1",), ("/root/.cache/id",))
    monkeypatch.setattr(Watch, "seen", lambda _watch: seen)
    ok, told = offline_answer(seeds_index)
    assert not ok
    assert "192.0.2.1, /root/.cache/id" in told


def test_nobody_claims_to_have_looked_who_cannot(
    seeds_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without strace the finding says what to install."""
    monkeypatch.setenv("PATH", "")
    ok, told = offline_answer(seeds_index)
    assert not ok
    assert "install strace" in told
    with pytest.raises(FootnoteError):
        Watch(seeds_index)


def _until(holds: Callable[[], bool]) -> None:
    for _ in range(600):
        try:
            if holds():
                return
        except httpx2.TransportError:
            pass
        time.sleep(0.1)
    pytest.fail("nothing answered within a minute")
