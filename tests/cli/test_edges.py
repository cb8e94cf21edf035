"""Usage, settings, failures, pipes: the edges that every command shares."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.console import Console

from assistant.cli_output import json_text, progress_bar, visible

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "COLUMNS": "100"}
COMMANDS = [
    "rebuild",
    "verify",
    "generations",
    "rollback",
    "ask",
    "serve",
    "embed",
    "key",
    "doctor",
]


def _footnote(*arguments, **how):
    command = [sys.executable, "-m", "assistant", *arguments]
    return subprocess.run(
        command, env=ENVIRONMENT, capture_output=True, text=True, timeout=30, check=False, **how
    )


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_golden(footnote, golden, monkeypatch, command):
    """No flag appears, changes or goes unnoticed. REWRITE_GOLDEN=1 accepts a change."""
    monkeypatch.setenv("COLUMNS", "100")
    done = footnote(*filter(None, [command]), "--help")
    assert (done.code, done.err) == (0, "")
    golden(f"{command or 'footnote'}.txt", done.out)


def test_help_is_quick():
    """Asking for help loads neither models nor server: about a third of a second."""
    began = time.monotonic()
    done = _footnote("--help")
    assert done.returncode == 0
    assert time.monotonic() - began < 3
    code = "import sys, assistant.cli; sys.stdout.write(' '.join(sys.modules))"
    command = [sys.executable, "-c", code]
    loaded = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    assert not set(loaded.stdout.split()) & {"numpy", "onnxruntime", "faiss", "fastapi", "uvicorn"}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "Missing command. See 'footnote --help'."),
        (("nonsense",), "No such command 'nonsense'. See 'footnote --help'."),
        (("ask",), "See 'footnote ask --help'."),
        (("ask", "a", "b"), "See 'footnote ask --help'."),
        (("ask", "a", "--source", "b"), "No such option: --source"),
        (("serve", "--port", "65536"), "--port"),
        (("serve", "--port", "http"), "--port"),
        (("rebuild", "--loud"), "No such option: --loud"),
        (("verify", "--citations"), "--citations"),
    ],
)
def test_wrong_usage(footnote, arguments, says):
    """Wrong usage is exit code 2 and one line that names what is wrong and where help is."""
    done = footnote(*arguments)
    assert (done.code, done.out, done.calls) == (2, "", [])
    assert says in done.err
    assert done.err.startswith("footnote: ")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    ("toml", "environment", "says"),
    [
        (b"workers = 0", {}, "workers: Input should be greater than or equal to 1"),
        (b"worker = 1", {}, "worker is not a setting; there are source, cache, include,"),
        (b"a = 1\nb = 1\nc = 1\nd = 1", {}, "footnote.toml: a, b, c … are not settings; there are"),
        (b"workers = ", {}, "footnote.toml"),
        (b"title = '\xff'", {}, "footnote.toml"),
        (b"", {"FOOTNOTE_QUEUE": "many"}, "FOOTNOTE_QUEUE"),
        (b"", {"FOOTNOTE_ORIGINS": "https://a.example"}, "FOOTNOTE_ORIGINS='[\"https://"),
    ],
)
def test_settings_that_cannot_be_used(footnote, monkeypatch, toml, environment, says):
    """A setting that cannot be used is named, with how to mend it: exit code 2, one line."""
    Path("footnote.toml").write_bytes(toml)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    done = footnote("generations")
    assert (done.code, done.out, done.calls) == (2, "", [])
    assert says in done.err
    assert done.err.count("\n") == 1


def test_flags_over_environment_over_file(footnote, monkeypatch):
    """The nearer word wins."""
    Path("footnote.toml").write_text('index = "file"\nsource = "file"\nmodel = "file"\n')
    monkeypatch.setenv("FOOTNOTE_INDEX", "environment")
    monkeypatch.setenv("FOOTNOTE_SOURCE", "environment")
    settings = footnote("doctor", "--index", "flag", examine=()).calls[0][1]["settings"]
    assert (str(settings.index), str(settings.source)) == ("flag", "environment")
    assert settings.model == "file"


def test_unexpected_errors(footnote, monkeypatch):
    """A bug is exit code 70 and one line; the traceback is only for those who ask."""
    done = footnote("generations", generations=RuntimeError("boom\x1b[2J\nsecond line"))
    assert (done.code, done.out) == (70, "")
    assert done.err.startswith("footnote: unexpected RuntimeError: boom\\x1b[2J second line")
    assert done.err.count("\n") == 1
    loud = footnote("--debug", "generations", generations=RuntimeError("boom"))
    assert loud.code == 70
    assert "Traceback" in loud.err
    monkeypatch.setenv("FOOTNOTE_DEBUG", "1")
    assert "Traceback" in footnote("generations", generations=RuntimeError("boom")).err


def test_interrupted(footnote):
    """Ctrl-C is exit code 130 and no traceback."""
    done = footnote("generations", generations=KeyboardInterrupt())
    assert (done.code, done.out, done.err) == (130, "", "")


def test_as_a_process(tmp_path):
    """``python -m assistant`` is the same command line, with the same exit codes."""
    done = _footnote("generations", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "footnote rebuild" in done.stderr


@pytest.mark.parametrize("code", [0, 1])
def test_a_closed_pipe_is_quiet(code):
    """Whoever stops reading has what they wanted: no complaint, and the exit code is the same."""
    program = (
        "import sys; from assistant.cli import run; from assistant.cli_steps import Steps\n"
        "class Fake(Steps):\n"
        "    def current_folder(self, index): return index / ('a' * 64)\n"
        f"    def verify(self, folder): return ('damaged' * 50000,) * {code}\n"
        "sys.stdin.readline()\n"
        "sys.exit(run(['verify', '--json'], Fake()))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdout.close()
    process.stdin.write(b"go\n")
    process.stdin.close()
    err = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(20) == code
    assert "Pipe" not in err
    assert "Traceback" not in err


def test_progress_on_a_terminal_only():
    """A terminal sees stages, counts and the time left; a file or a pipe sees nothing."""
    for terminal in (True, False):
        shown = io.StringIO()
        with progress_bar(Console(file=shown, force_terminal=terminal, width=100)) as progress:
            progress("embedding", 1, 10)
            progress("embedding", 10, 10)
        assert ("embedding" in shown.getvalue()) == terminal
        assert ("10/10" in shown.getvalue()) == terminal


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\n\ttext, café – “ok” 😀 漢字", None),
        ("می\u200cخواهم 👩\u200d🔬 co\u00adoperate", None),
        ("e\u0301", None),
        ("\x1b[31m", "\\x1b[31m"),
        ("\x9b2J\x07\x00\r", "\\x9b2J\\x07\\x00\\r"),
        ("a\u202eb\u2066c\u200f", "a\\u202eb\\u2066c\\u200f"),
        ("\u2028\u2029\ufeff\u200b", "\\u2028\\u2029\\ufeff\\u200b"),
        ("\U000e0041\ud800", "\\U000e0041\\ud800"),
    ],
)
def test_visible(text, shown):
    """Letters of every script stay as they are; what a terminal obeys or hides is spelled out."""
    assert visible(text) == (text if shown is None else shown)


@given(st.text())
@example("\x7f\x80\u202e\U000e0041\ud800\u2028")
def test_json_says_the_same(text):
    """JSON for a terminal holds the same value, and nothing that a terminal would obey."""
    written = json_text({"text": text})
    assert json.loads(written) == {"text": text}
    assert visible(written) == written


def test_interrupting_a_process(tmp_path):
    """A process that is interrupted while it works ends with 130 and says nothing."""
    program = (
        "import signal, sys, time\n"
        "from assistant.cli import run; from assistant.cli_steps import Steps\n"
        # A script that runs the tests in the background ignores SIGINT for all that it starts.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "class Fake(Steps):\n"
        "    def generations(self, index): print('at work', flush=True); time.sleep(20)\n"
        "sys.exit(run(['generations'], Fake()))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        env=ENVIRONMENT,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "at work\n"
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=10) == ("", "")
    assert process.returncode == 130
