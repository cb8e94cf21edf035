"""A server and its calibration: followed as a generation is, and refused if damaged."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest

from assistant.refusal.kept import STATE, remove
from tests.assistant.api.by_hand import until
from tests.conftest import keep_threshold, serving

QUESTION = "What causes enlarged pores?"


@pytest.fixture
def index(seeds_index: Path, tmp_path: Path) -> Path:
    """Return a copy of the seeds' index that may be written."""
    shutil.copytree(seeds_index, tmp_path / "index", symlinks=True)
    return tmp_path / "index"


def _status(base: str) -> str:
    response = httpx2.post(f"{base}/ask", json={"question": QUESTION}, timeout=60)
    return str(response.raise_for_status().json()["status"])


def _wait_for(base: str, status: str) -> None:
    until(lambda: _status(base) == status, 30)


def test_a_running_server_follows_a_calibration(index: Path) -> None:
    """Fitted, damaged, fitted anew, reset: no question fails, and damage changes nothing."""
    with serving(index) as (base, process):
        assert _status(base) == "answered"
        keep_threshold(index, 1.0)
        _wait_for(base, "refused")
        (index / STATE).write_text("damaged")
        for _ in range(20):
            assert _status(base) == "refused"
            # Two seconds in all, in which the server looks four times: nothing is to happen then.
            time.sleep(0.1)
        keep_threshold(index, 0.5)
        _wait_for(base, "answered")
        keep_threshold(index, 1.0)
        _wait_for(base, "refused")
        assert remove(index)
        _wait_for(base, "answered")
        assert process.poll() is None


def test_a_server_does_not_start_with_a_damaged_calibration(index: Path) -> None:
    """Exit code 2 and one line: the file, and the commands that mend it."""
    keep_threshold(index, 1.0)
    state = index / STATE
    state.write_bytes(state.read_bytes().replace(b"1.0", b"0.0", 1))
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "serve", "--index", str(index), "--port", "0"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"footnote: {state} does not match its SHA-256; run 'footnote")
    assert "'footnote calibrate --reset'" in done.stderr
    assert done.stderr.count("\n") == 1
