"""The seam at which formats are added."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from index.passages.withholding import redacted
from index.records import Block, Span
from index.sources import loaders as module
from index.sources.blanking import blank
from index.sources.folder import read_folder
from index.sources.loader import Loaded, Matter, Outline, TextError, Without
from index.sources.loaders import GROUP, loaders


class Lines:
    """A format of somebody else: each line is a sentence, the first word of the file its title."""

    def load(self, data: bytes) -> Loaded:
        """Read a file that begins with an exclamation mark."""
        if not data.startswith(b"!"):
            raise TextError("does not begin with '!'; add it")
        text = data.decode()
        return Loaded(text, 1, self._outline(text, ()), Matter(id="lines"), ("is a list of lines",))

    def without(self, text: str, body: int, spans: Sequence[Span]) -> Without:
        """Leave the lines out that a span touches."""
        assert body == 1
        return Without(blank(text, spans), self._outline(text, spans))

    def _outline(self, text: str, spans: Sequence[Span]) -> Outline:
        blocks, start = [], 1
        for line in text[1:].splitlines():
            end = start + len(line)
            if line and not any(first < end and last > start for first, last in spans):
                blocks.append(Block(start, end, "item", 0, ()))
            start = end + 1
        return Outline("Lines", tuple(blocks))


class EntryPoint:
    """What a package declares."""

    name = ".lines"

    def load(self) -> Lines:
        """Give the loader."""
        return Lines()


@pytest.fixture
def _installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def entry_points(*, group: str) -> list[EntryPoint]:
        assert group == GROUP
        return [EntryPoint()]

    monkeypatch.setattr(module, "entry_points", entry_points)
    loaders.cache_clear()
    yield
    loaders.cache_clear()


def test_our_own_formats() -> None:
    """Every format that README names, and no other."""
    assert set(loaders()) == {".txt", ".md", ".markdown"}


@pytest.mark.usefixtures("_installed")
def test_a_package_adds_a_format(tmp_path: Path) -> None:
    """Its files are documents, what it notes and refuses is told; withholding goes through it."""

    class Nothing:
        def hidden(self, text: str) -> Sequence[Span]:
            del text
            return ()

        def shows_nothing(self, hidden: str) -> bool:
            del hidden
            return False

        def withheld(self, words: str) -> bool:
            return "secret" in words

    (tmp_path / "a.lines").write_text("!One line.\nA secret.\nTwo lines.\n", "utf-8")
    (tmp_path / "b.lines").write_text("One line.\n", "utf-8")
    found = read_folder(tmp_path, skip_bad=True)
    (document,) = found.documents
    assert (document.id, document.title, document.path) == ("lines", "Lines", "a.lines")
    assert [each.reason for each in found.notes] == ["is a list of lines"]
    assert [each.reason for each in found.skipped] == ["does not begin with '!'; add it"]
    read = redacted(document, Nothing()).document
    assert [document.text[each.start : each.end] for each in read.blocks] == [
        "One line.",
        "Two lines.",
    ]
