"""What the READMEs say is true: settings, commands, paths, and how long they are."""

import re

import pytest

from assistant.cli.app import COMMANDS
from tests.places import ROOT
from tests.settings_table import README as COMMANDS_README
from tests.settings_table import with_table

README = (ROOT / "README.md").read_text("utf-8")
GUIDES = [
    file.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "assistant/**/*.md", "index/*.md", "tests/*.md", "tests/bench/*.md")
    for file in sorted(ROOT.glob(pattern))
    if "node_modules" not in file.parts
] + [".github/CONTRIBUTING.md"]


def test_every_setting_is_described_as_the_code_has_it() -> None:
    """``python -m tests.settings_table`` writes the table anew."""
    text = COMMANDS_README.read_text("utf-8")
    assert with_table(text) == text
    assert "| `source` |" in text


def test_every_command_is_listed() -> None:
    """A command that is not named is one that nobody finds."""
    text = COMMANDS_README.read_text("utf-8")
    for name in COMMANDS:
        assert f"`footnote {name}" in text


@pytest.mark.parametrize("heading", ["### Run it", "### Test it"])
def test_each_of_the_two_commands_is_one_line(heading: str) -> None:
    """A newcomer pastes a single line; ``.ci/run`` takes it from here."""
    block = README.split(f"{heading}\n")[1].split("```sh\n")[1].split("```")[0]
    assert block.count("\n") == 1
    assert "&&" in block


@pytest.mark.parametrize("guide", GUIDES)
def test_every_path_that_is_named_is_there(guide: str) -> None:
    """No guide names a file that was moved or removed, or a command that is not there."""
    text = (ROOT / guide).read_text("utf-8")
    named = re.findall(r"`((?:tests|assistant|index|prompts|seeds|\.ci|\.github)/[\w./-]*)`", text)
    assert [path for path in named if not (ROOT / path).exists()] == []
    modules = [name.replace(".", "/") for name in re.findall(r"python -m (tests[.\w]*\w)", text)]
    missing = [
        name
        for name in modules
        if not ((ROOT / f"{name}.py").exists() or (ROOT / name / "__main__.py").exists())
    ]
    assert missing == []


def test_readme_can_be_read_in_a_few_minutes() -> None:
    """What else there is to say stands beside what it describes."""
    assert len(README.encode()) <= 12_000
