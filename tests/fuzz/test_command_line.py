"""The command line, given anything: it does as it is told or says in one line why it cannot."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assistant.api.doors.doors import middleware
from assistant.api.server import reachable
from assistant.api.work.listening import bind
from assistant.cli.app import UNEXPECTED, USAGE
from assistant.cli.terminal import visible
from assistant.settings import Settings
from tests.assistant.cli.steps import run_with
from tests.fuzz.inputs import examples

pytestmark = pytest.mark.slow

_COMMANDS = (
    *("rebuild", "diff", "verify", "generations", "rollback", "ask", "serve", "embed"),
    *("evaluate", "calibrate", "doctor"),
)
_OPTIONS = (
    *("--full", "--skip-bad", "--source", "--index", "--json", "--citations", "--host", "--port"),
    *("--url", "--golden", "--bench", "--limit", "--without-gold", "--plot", "--force", "--reset"),
    *("--help", "-h", "--debug", "--", "-", "--nothing", "--index=", "--port=\x00", "-\udcff"),
)
# What a shell can hand over: any bytes but NUL, undecodable ones as surrogates; NUL from a program.
# No slash, so that nothing outside of the test's own folder is named.
_WORDS = st.text(st.characters(exclude_characters="/"), max_size=12) | st.sampled_from(
    [
        *(
            "",
            ".",
            "..",
            "~",
            "source",
            "a.json",
            "a.json\x00",
            "\x00",
            "\udcff",
            "\ud83d",
            "a" * 300,
        ),
        *(
            "a" * 9000,
            "0",
            "-1",
            "65536",
            "9" * 5000,
            "1e3",
            "NaN",
            "inf",
            "\u202e",
            "[bold]",
            "%s",
        ),
        *(
            "a\nb",
            "\x1b[31m",
            "::1",
            "[::1]",
            "256.0.0.1",
            "*",
            "a..invalid",
            ".invalid",
            "é.invalid",
        ),
        *("http:", "https:é", "{}", "null", "\r", "\u2028"),
    ]
)
_ARGUMENTS = st.lists(st.sampled_from(_OPTIONS) | _WORDS, max_size=6)
_ENVIRONMENT = st.dictionaries(
    st.sampled_from(sorted(Settings.model_fields)).map(lambda name: f"FOOTNOTE_{name.upper()}"),
    st.text(st.characters(exclude_characters="/\x00", exclude_categories=["Cs"]), max_size=12)
    | st.sampled_from(["[", "[1]", '["*"]', "\udcff", "0", "-1", "9" * 5000, "a" * 5000]),
    max_size=2,
)


class BindingSteps:
    """The real steps; a server goes as far as its doors and its address, and ends."""

    def serve(self, settings: Settings, *, host: str, port: int) -> None:
        """Open the doors and the address, and close it."""
        middleware(reachable(settings, host))
        bind(host, port).close()


@contextmanager
def environment(values: dict[str, str]) -> Iterator[None]:
    """Set variables for a while."""
    os.environ.update(values)
    try:
        yield
    finally:
        for name in values:
            del os.environ[name]


@pytest.fixture
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder of a document that cannot be read, deep enough for ``..``."""
    here = tmp_path / "a" / "b"
    (here / "source").mkdir(parents=True)
    (here / "source" / "bad.txt").write_bytes(b"\xff\xfe\x00")
    (here / "a.json").write_text("{}")
    monkeypatch.chdir(here)


@pytest.mark.usefixtures("_here")
def test_any_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    """No arguments and no environment end in an unexpected error; a failure is said in a line."""

    @settings(max_examples=examples(80), deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(_COMMANDS), _ARGUMENTS, _ENVIRONMENT)
    @example("serve", ["--host", "\x00"], {})
    @example("serve", ["--host", "a" * 300], {})
    @example("serve", ["--host", "a..invalid"], {})
    @example("serve", ["--host", "\udcff"], {})
    @example("ask", ["\udcff"], {})
    @example("ask", ["--index", "\x00", "a"], {})
    @example("rebuild", ["--index", "a" * 9000], {})
    @example("verify", ["--citations", "\x00"], {})
    @example("evaluate", ["--bench", "\x00"], {})
    @example("evaluate", ["--golden", "a" * 9000], {})
    @example("embed", ["--url", "https://\udcff"], {"FOOTNOTE_TITLE": "\udcff"})
    @example("embed", [], {"FOOTNOTE_WORKERS": "9" * 5000})
    def try_one(command: str, arguments: list[str], variables: dict[str, str]) -> None:
        with environment(variables):
            code = run_with([command, *arguments], BindingSteps())
        captured = capsys.readouterr()
        assert code != UNEXPECTED, captured.err
        assert code in {0, 1, USAGE}
        if code == USAGE:
            last = captured.err.rstrip("\n").splitlines()[-1]
            assert last.startswith("footnote: ")
            assert last == visible(last)
            assert captured.out == ""

    try_one()
