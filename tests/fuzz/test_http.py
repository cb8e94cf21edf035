"""The HTTP interface against its own description, and against what no description foresees."""

import json
import os
import re
import socket
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, example, given, settings

from tests.conftest import serving
from tests.fuzz.inputs import examples
from tests.fuzz.requests import requests

pytestmark = pytest.mark.slow

SCHEMATHESIS = Path(sysconfig.get_path("scripts")) / "schemathesis"
# The interim answer, which comes before the one that counts, and a request that gets one.
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
EXPECTING = (
    b"POST /ask HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 2\r\n"
    b"Content-Type: application/json\r\nExpect: 100-continue\r\n\r\n{}"
)
EXAMPLES = "10"  # of each route in each phase; ``tests.bench.stress.fuzz`` takes its time


@pytest.fixture(scope="module")
def server(seeds_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a real server that keeps feedback; yield its URL."""
    kept = tmp_path_factory.mktemp("kept") / "feedback.jsonl"
    with serving(seeds_index, FOOTNOTE_FEEDBACK=str(kept)) as (base, process):
        yield base
        assert process.poll() is None, "the server did not survive"


def test_every_check_of_schemathesis_holds(server: str, tmp_path: Path) -> None:
    """Requests made of the OpenAPI document, valid and not, are answered as the document says."""
    finished = subprocess.run(
        [
            *(SCHEMATHESIS, "run", f"{server}/openapi.json", "--checks", "all", "--no-color"),
            *("--max-examples", EXAMPLES, "--generation-deterministic", "--continue-on-failure"),
            *("--request-timeout", "60"),
        ],
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    tested = re.search(r"Operations:\s+(\d+) selected / (\d+) total", finished.stdout)
    assert tested
    assert tested[1] == tested[2]
    generated = re.search(r"(\d+) generated, (\d+) passed", finished.stdout)
    assert generated
    assert int(generated[1]) > 200
    assert generated[1] == generated[2]


@settings(max_examples=examples(150), deadline=None, suppress_health_check=list(HealthCheck))
@given(request=requests())
@example(request=EXPECTING)
def test_any_request(server: str, request: bytes) -> None:
    """Whatever bytes a request holds, the answer is a document or a problem, and none is a 500."""
    status, headers, body = answer_to(server, request)
    assert status in {200, 204, 304, 400, 404, 405, 413, 422, 429}, (status, body[:500])
    if status == 405:
        assert headers["allow"]
    if status < 400 or request.startswith(b"HEAD "):
        return
    # What is no HTTP at all never reaches us; uvicorn says so in its own words.
    if (status, body) == (400, b"Invalid HTTP request received."):
        return
    assert headers["content-type"] == "application/problem+json"
    problem = json.loads(body.decode("utf-8"), parse_constant=pytest.fail)
    assert problem.keys() == {"type", "title", "status", "detail"}
    assert problem["status"] == status
    assert len(body) < 1000


def answer_to(server: str, request: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send bytes; return status, headers and the body, of which chunks are put together."""
    address = urlsplit(server)
    with socket.create_connection((address.hostname, address.port), timeout=60) as connection:
        connection.sendall(request)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = answer.removeprefix(CONTINUE).partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    headers = {
        name.lower(): value.strip() for name, _, value in (each.partition(":") for each in lines)
    }
    return int(status.split(" ")[1]), headers, body
