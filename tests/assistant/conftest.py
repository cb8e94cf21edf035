"""What tests of answering share: an assistant over a small corpus of a test's own."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from assistant.answering import Assistant, open_assistant
from assistant.quoting.quotable import Suppressed
from assistant.settings import Settings
from index.build import rebuild
from index.embedding.kept import PACKAGED
from tests.assistant.shop import Shop


@pytest.fixture
def corpus(kept_index: Path, tmp_path: Path) -> Iterator[Callable[..., Assistant]]:
    """Build an index over files by name, .txt if it has no suffix; open an assistant on it."""
    with ExitStack() as opened:

        def build(**files: str) -> Assistant:
            source, index = tmp_path / "docs", tmp_path / "index"
            source.mkdir()
            index.mkdir()
            (index / "encoders").symlink_to(kept_index / "encoders")
            for name, text in files.items():
                (source / (name if "." in name else f"{name}.txt")).write_text(
                    text, encoding="utf-8"
                )
            rebuild(source, index, model=PACKAGED, withhold=Suppressed())
            assistant = open_assistant(Settings(source=source, index=index))
            opened.callback(assistant.close)
            return assistant

        yield build


@pytest.fixture
def shop(tmp_path: Path, kept_index: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A small corpus without a generation, worked on in a folder of its own."""
    made = Shop(tmp_path, kept_index)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(made.temporary))
    return made
