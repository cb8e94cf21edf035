"""What tests share: one export of the encoder, one index over the seeds, one real server.

A test that is skipped for want of a browser, a model or a package is a failure here.
"""

import contextlib
import fcntl
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

import httpx2
import hypothesis
import pytest

from assistant.answering import Assistant, open_assistant
from assistant.evaluation.suggesting import suggest_for
from assistant.models.opening import models_sha256
from assistant.question.routes.build import routes_for
from assistant.quoting.quotable import withhold_for
from assistant.refusal.kept import Calibration, holds_for, keep, shipped
from assistant.settings import Settings
from index.build import rebuild
from index.embedding.kept import PACKAGED, kept_encoder
from index.generations import publish
from tests.places import SEEDS

# A machine that runs two tests at a time, or is busy with something else, proves nothing by time.
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")

# What opens a model, or an index that was made with one.
_MODELS = frozenset({"kept_index", "seeds_index", "assistant", "real_server", "reader"})
_BROWSER = frozenset({"page", "browser"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs models or a browser; both make a test slow."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & _MODELS:
            item.add_marker(pytest.mark.models)
        if fixtures & _BROWSER:
            item.add_marker(pytest.mark.browser)
        if fixtures & (_MODELS | _BROWSER):
            item.add_marker(pytest.mark.slow)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turn a run with skipped tests into a failed one."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lend a cache folder of the tests' own: an encoder is exported once for all of them.

    The processes of pytest-xdist have temporary folders of their own below a common one.
    """
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "cache"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(autouse=True)
def _settings_of_this_test_only(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, cache: Path
) -> None:
    """Keep the environment of whoever runs the tests out of them."""
    del request
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    for name in [name for name in os.environ if name.startswith("FOOTNOTE_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def kept_index(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Path:
    """Keep an index folder with the exported encoder and nothing else; copy it, never write it."""
    index = tmp_path_factory.mktemp("kept") / "index"
    with (cache / "lock").open("w") as lock, publish.locked(index):
        fcntl.flock(lock, fcntl.LOCK_EX)  # whoever comes second takes what the first has exported
        kept_encoder(index, PACKAGED, cache=cache / "footnote")
    return index


@pytest.fixture(scope="session")
def seeds_index(kept_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publish an index over ``seeds/docs``, routes and all; read it, never write it."""
    index = tmp_path_factory.mktemp("seeds") / "index"
    index.mkdir()
    (index / "encoders").symlink_to(kept_index / "encoders")
    settings = Settings(source=SEEDS)
    rebuild(
        *(SEEDS, index),
        model=PACKAGED,
        routes=routes_for(settings),
        withhold=withhold_for(settings),
        suggest=suggest_for(settings),
    )
    return index


@pytest.fixture(scope="session")
def assistant(seeds_index: Path) -> Iterator[Assistant]:
    """Open the real assistant over ``seeds/docs``."""
    opened = open_assistant(Settings(source=SEEDS, index=seeds_index))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def real_server(seeds_index: Path) -> Iterator[str]:
    """Run a real server over ``seeds/docs`` in a process of its own; yield its URL."""
    with serving(seeds_index) as (base, _process):
        yield base


def keep_threshold(index: Path, threshold: float) -> None:
    """Keep a calibration that is the shipped model with another threshold."""
    plain, settings = shipped(), Settings()
    models = models_sha256(settings)
    model = replace(plain.model, threshold=threshold)
    keep(index, Calibration(model, "0" * 64, 40, "0" * 64, holds_for(models, plain)))


@contextlib.contextmanager
def serving(index: Path, **environment: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Run ``footnote serve`` over an index until the block ends; yield its URL and process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    # A file, not a pipe: nobody reads the log while the server runs, and a full pipe would stop it.
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "assistant", "serve"),
                *("--index", str(index), "--port", str(port)),
            ],
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
        try:
            _wait_until_ready(base, process, log)
            yield base, process
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_until_ready(base: str, process: subprocess.Popen[bytes], log: IO[bytes]) -> None:
    for _ in range(400):
        if process.poll() is not None:
            log.seek(0)
            pytest.fail(f"the server ended with {process.returncode}: {log.read().decode()}")
        with contextlib.suppress(httpx2.TransportError):
            if httpx2.get(f"{base}/readyz").status_code == 200:
                return
        time.sleep(0.05)
    pytest.fail("the server did not become ready within 20 s")
