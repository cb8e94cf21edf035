"""A small corpus, a tiny model, and an index folder that holds its export."""

import hashlib
import sys
from pathlib import Path

import pytest

from index.build import rebuild
from index.build_report import BuildReport
from index.embedding.encoder import Encoder
from index.embedding.kept import kept_encoder
from index.generations import publish
from index.passages.withholding import Withhold

from .scenarios import Place, hand_made_export
from .tiny import make_model

DOCUMENTS = {
    "pores.md": (
        "---\nid: pores\ntitle: Enlarged pores\nurl: https://clinic.example/pores\n"
        "questions:\n- What enlarges pores?\n- Do pores close?\n---\n"
        "# Enlarged pores\n\nPores are often a matter of genes. Oil makes them look larger.\n\n"
        "## What helps\n\n- Washing twice a day.\n- Sun cream.\n"
    ),
    "opening.txt": "Opening hours\n\nThe clinic opens at nine.\n\nClosed:\n\nIt rests on Sunday.\n",
    "sub/prices.md": "# Prices\n\nA visit costs forty euros. Pores are looked at for free.\n",
}


def write_documents(folder: Path, documents: dict[str, str] | None = None) -> Path:
    """Write documents, in the order given, and return the folder."""
    for name, text in (DOCUMENTS if documents is None else documents).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return folder


def contents(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder, links followed."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


class Workshop:
    """A source folder, an index folder beside it, and the one command that joins them."""

    def __init__(self, folder: Path, model: str, kept: Path) -> None:
        self.source = write_documents(folder / "docs")
        self.index = folder / "index"
        self.index.mkdir()
        (self.index / "encoders").symlink_to(kept / "encoders")
        self.model = model

    def rebuild(
        self,
        *,
        full: bool = False,
        skip_bad: bool = False,
        keep: int = 3,
        withhold: Withhold | None = None,
    ) -> BuildReport:
        """Rebuild the index."""
        return rebuild(
            *(self.source, self.index),
            model=self.model,
            full=full,
            skip_bad=skip_bad,
            keep=keep,
            withhold=withhold,
        )

    def write(self, name: str, text: str) -> None:
        """Write a document."""
        write_documents(self.source, {name: text})

    @property
    def published(self) -> Path:
        """The folder of the published generation."""
        return publish.current_folder(self.index)

    def state(self) -> dict[str, str]:
        """Return what a reader of the index can see: every file but the lock."""
        seen = contents(self.index)
        seen.pop(publish.LOCK, None)
        return seen


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The folder of a model of a few kilobytes."""
    return str(make_model(tmp_path_factory.mktemp("tiny")))


@pytest.fixture(scope="session")
def tiny_kept(tiny_model: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index folder that holds the export of the tiny model and nothing else."""
    index = tmp_path_factory.mktemp("tiny-kept") / "index"
    with publish.locked(index):
        kept_encoder(index, tiny_model)
    return index


@pytest.fixture
def workshop(tmp_path: Path, tiny_model: str, tiny_kept: Path) -> Workshop:
    """A small corpus and an index with no generation yet."""
    return Workshop(tmp_path, tiny_model, tiny_kept)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A generation over a small corpus, made with one model and without torch."""
    monkeypatch.setitem(sys.modules, "index.embedding.export", hand_made_export())
    made = Place(tmp_path / "place", tmp_path / "models", "clinic")
    made.write()
    made.rebuild()
    return made


@pytest.fixture(scope="session")
def encoder(kept_index: Path) -> Encoder:
    """The real encoder."""
    (folder,) = (kept_index / "encoders").iterdir()
    return Encoder(folder)
