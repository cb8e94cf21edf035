"""README is true: its settings, commands and paths are those of the code."""

import re

import pytest
from typer.main import get_command

from assistant.cli.app import app
from assistant.settings import Settings
from tests.places import ROOT

README = (ROOT / "README.md").read_text("utf-8")


def test_every_setting_is_described_as_the_code_has_it() -> None:
    """Name, default and meaning of each setting, and no setting that is not there."""
    rows = re.findall(r"^\| `(\w+)` \| `(.*)` \| (.*) \|$", README, re.MULTILINE)
    fields = Settings.model_fields
    expected = []
    for name, field in fields.items():
        default = field.get_default(call_default_factory=True)
        shown = str(default).replace("'", '"') if isinstance(default, list) else str(default)
        expected.append((name, shown, field.description))
    assert rows == expected


def test_every_command_is_listed() -> None:
    """A command that README does not name is one that nobody finds."""
    commands = get_command(app).commands  # type: ignore[attr-defined] # typer's group has them
    for name in commands:
        assert f"`footnote {name}" in README


@pytest.mark.parametrize("heading", ["### Run it", "### Test it"])
def test_each_of_the_two_commands_is_one_line(heading: str) -> None:
    """A newcomer pastes a single line; ``.ci/run`` takes it from here."""
    block = README.split(f"{heading}\n")[1].split("```sh\n")[1].split("```")[0]
    assert block.count("\n") == 1
    assert "&&" in block


def test_every_path_that_is_named_is_there() -> None:
    """README names no file that was moved or removed."""
    named = re.findall(r"`((?:tests|assistant|index|prompts|seeds)/[\w./-]*)`", README)
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []
