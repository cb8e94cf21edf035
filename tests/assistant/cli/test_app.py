"""The table of commands."""

import importlib
import inspect
import subprocess
import sys

import pytest

from assistant.cli.app import COMMANDS

_HELP = """
import sys
from assistant.cli.app import run
run(["--help"])
sys.exit(" ".join({"numpy", "onnxruntime", "pydantic", "fastapi", "rich"} & set(sys.modules)) or 0)
"""


def test_help_imports_no_command() -> None:
    """What lists the commands loads none of them, nor what they stand on."""
    done = subprocess.run(
        [sys.executable, "-c", _HELP], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_of_a_command_is_the_first_of_its_own_help(name: str) -> None:
    """A command is found where the table says, and described the same in both places."""
    command = COMMANDS[name]
    function = getattr(importlib.import_module(command.module), name)
    assert (inspect.getdoc(function) or "").partition("\n")[0] == command.help
