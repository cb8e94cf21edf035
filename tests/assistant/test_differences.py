"""What a rebuild would change: told in full, and nothing of it done."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.differences import ChangedDocument, Differences, _made_with, differences
from assistant.settings import Settings
from index import publish
from index.build import rebuild
from index.chunking import Chunking
from index.errors import (
    FootnoteError,
    IndexBusy,
    IndexMissing,
    IndexUnwritable,
    UnreadableDocument,
)
from index.generation import read_manifest
from tests.conftest import keep_threshold

OPENS = "The shop opens at nine and closes at six."
SUNDAYS = "On Sundays it is closed."
SHOP = f"---\nid: shop\n---\n# The shop\n\n{OPENS} {SUNDAYS}\n"
BRAKES = "---\nid: brakes\n---\n# Brakes\n\nWe replace brake pads and cables within a day.\n"
OLD = "Old bicycles are taken back for nothing.\n"
ASKED = [
    {
        "id": "opens",
        "question": "When does the shop open?",
        "answerable": True,
        "spans": [{"document_id": "shop", "start": SHOP.index(OPENS), "end": SHOP.index(SUNDAYS)}],
    },
    {"id": "brakes", "question": "Do you replace brake cables?", "answerable": True},
    {"id": "far", "question": "What is the capital of Australia?", "answerable": False},
]

_HOLD = """
import fcntl, os, sys, time
fcntl.flock(os.open(sys.argv[1], os.O_RDONLY), fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(600)
"""


class Shop:
    """A source folder, an index, a golden file, and a place for temporary folders."""

    def __init__(self, folder: Path, kept: Path) -> None:
        self.source, self.index = folder / "docs", folder / "index"
        self.temporary, self.golden = folder / "temporary", folder / "golden.jsonl"
        for each in (self.source, self.index, self.temporary):
            each.mkdir()
        (self.index / "encoders").symlink_to(kept / "encoders")
        for name, text in {"shop.md": SHOP, "brakes.md": BRAKES, "old.txt": OLD}.items():
            self.write(name, text)
        self.golden.write_text("\n".join(json.dumps(line) for line in ASKED))
        self.settings = Settings(source=self.source, index=self.index, golden=self.golden)

    def write(self, name: str, text: str) -> None:
        """Write a document."""
        (self.source / name).write_text(text, "utf-8")

    def rebuild(self) -> str:
        """Rebuild the index and return the ``index_id``."""
        return rebuild(self.source, self.index, model=self.settings.model).index_id

    def edit(self) -> None:
        """Add a document, change one, move one, remove one."""
        self.write("new.txt", "Helmets are sold on the first floor.\n")
        self.write("shop.md", SHOP.replace("nine", "ten"))
        (self.source / "brakes.md").rename(self.source / "moved.md")
        (self.source / "old.txt").unlink()

    def seen(self) -> dict[str, tuple[int, int, bytes]]:
        """Return inode, time of the last change and bytes of everything in the index."""
        return {
            str(path): (
                *(path.lstat().st_ino, path.lstat().st_mtime_ns),
                path.read_bytes() if path.is_file() else b"",
            )
            for path in [self.index, *self.index.rglob("*")]
        }

    def is_tidy(self) -> bool:
        """Tell whether no temporary folder was left behind."""
        return not list(self.temporary.iterdir())


@pytest.fixture
def shop(tmp_path: Path, kept_index: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A small corpus without a generation, worked on in a folder of its own."""
    made = Shop(tmp_path, kept_index)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(made.temporary))
    return made


@pytest.fixture
def edited(shop: Shop) -> tuple[Shop, str, Differences]:
    """Publish, edit, compare; return the shop, what is published, and what was found."""
    published = shop.rebuild()
    shop.edit()
    before = shop.seen()
    steps: list[tuple[str, int, int]] = []
    found = differences(shop.settings, progress=lambda *step: steps.append(step))
    assert [step for step in steps if step[0] == "asking"] == [
        ("asking", number, 3) for number in range(4)
    ]
    assert shop.seen() == before
    assert shop.is_tidy()
    return shop, published, found


def test_documents_and_passages_are_told_as_the_rebuild_tells_them(
    edited: tuple[Shop, str, Differences],
) -> None:
    """Nothing is published, and a rebuild then publishes what was named, with the same counts."""
    shop, published, found = edited
    assert found.published == publish.current_id(shop.index) == published
    assert found.documents.added == ("new.txt",)
    assert found.documents.changed == (
        ChangedDocument(path="moved.md", before="brakes.md"),
        ChangedDocument(path="shop.md", before="shop.md"),
    )
    assert found.documents.removed == ("old.txt",)
    assert found.documents.reused == 0
    assert found.made_with == ()
    report = rebuild(shop.source, shop.index, model=shop.settings.model)
    assert found.index_id == report.index_id != published
    assert found.passages == report.passages
    assert (report.documents.added, report.documents.changed, report.documents.removed) == (1, 2, 1)
    assert report.passages.reused == 1


def test_golden_questions_that_answer_differently_are_told(
    edited: tuple[Shop, str, Differences],
) -> None:
    """Before and after, with status, quotes and verdict; one that says the same is not told."""
    shop, _, found = edited
    assert found.golden is not None
    assert (found.golden.file, found.golden.asked) == (str(shop.golden), 3)
    (changed,) = found.golden.changed
    assert (changed.id, changed.question) == ("opens", "When does the shop open?")
    assert changed.before.status == changed.after.status == "answered"
    assert changed.before.right is True
    assert changed.after.right is None  # the golden sentence is gone
    texts = [[quote.text for quote in reply.quotes] for reply in (changed.before, changed.after)]
    assert OPENS in texts[0]
    assert OPENS.replace("nine", "ten") in texts[1]
    assert {quote.path for quote in changed.after.quotes} == {"shop.md"}


def test_both_sides_use_the_refusal_model_in_use(shop: Shop) -> None:
    """With a threshold that nothing reaches, both refuse: what differs is the documents' doing."""
    shop.rebuild()
    shop.edit()
    keep_threshold(shop.index, 1.0)
    before = shop.seen()
    found = differences(shop.settings)
    assert found.golden is not None
    assert (found.golden.asked, found.golden.changed) == (3, ())
    assert shop.seen() == before


def test_nothing_is_asked_if_nothing_would_change(shop: Shop) -> None:
    """The same name means the same answers."""
    published = shop.rebuild()
    before = shop.seen()
    found = differences(shop.settings)
    assert found.index_id == found.published == published
    assert found.documents.reused == 3
    assert found.golden is not None
    assert (found.golden.asked, found.golden.changed) == (0, ())
    assert shop.seen() == before
    assert shop.is_tidy()


def test_without_an_index_there_is_nothing_to_compare_with(shop: Shop) -> None:
    """The error names the command that builds one, and none is begun."""
    with pytest.raises(IndexMissing, match="footnote rebuild"):
        differences(shop.settings)
    assert {path.name for path in shop.index.iterdir()} == {"encoders"}
    assert shop.is_tidy()


def test_no_golden_file_where_nobody_named_one(shop: Shop) -> None:
    """The rest is still compared."""
    shop.rebuild()
    shop.edit()
    found = differences(Settings(source=shop.source, index=shop.index))
    assert found.golden is None
    assert found.documents.added == ("new.txt",)


@pytest.mark.parametrize("how", ["flag", "environment"])
def test_a_golden_file_that_was_named_must_be_there(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Whoever names a file wants it asked, however they named it; nothing is built before."""
    if how == "environment":
        monkeypatch.setenv("FOOTNOTE_GOLDEN", "none.jsonl")
    flags = {"golden": Path("none.jsonl")} if how == "flag" else {}
    steps: list[str] = []
    with pytest.raises(FootnoteError, match=r"no golden file none\.jsonl"):
        differences(
            Settings(source=shop.source, index=shop.index, **flags),
            progress=lambda stage, _done, _total: steps.append(stage),
        )
    assert steps == []


@pytest.mark.parametrize("stage", ["embedding", "asking"])
def test_an_interruption_leaves_nothing_behind(shop: Shop, stage: str) -> None:
    """Whenever it comes, the temporary folder goes and the index is as it was."""
    shop.rebuild()
    shop.edit()
    before = shop.seen()

    def interrupt(reached: str, done: int, _total: int) -> None:
        if reached == stage and done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        differences(shop.settings, progress=interrupt)
    assert shop.seen() == before
    assert shop.is_tidy()


def test_a_generation_published_meanwhile_is_not_compared_with(shop: Shop) -> None:
    """What was published when it began is no longer what a rebuild would replace."""
    shop.rebuild()
    shop.edit()
    shop.rebuild()
    shop.write("new.txt", "Helmets are sold on the second floor.\n")

    def publish_another(stage: str, done: int, _total: int) -> None:
        if (stage, done) == ("writing", 0):
            publish.rollback(shop.index)

    with pytest.raises(IndexBusy, match="run 'footnote diff' again"):
        differences(shop.settings, progress=publish_another)
    assert shop.is_tidy()


def test_no_place_for_a_temporary_folder(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The line says which variable names another."""
    shop.rebuild()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(IndexUnwritable, match="TMPDIR"):
        differences(shop.settings)


def test_what_a_killed_comparison_left_is_removed_by_the_next(shop: Shop) -> None:
    """Only what is ours, old enough, and held by nobody: its maker may still be at work."""
    shop.rebuild()
    made = {
        name: shop.temporary / f"footnote-diff-{name}" for name in ("abandoned", "held", "young")
    }
    for folder in made.values():
        folder.mkdir()
        (folder / "encoders").mkdir()
        (folder / "published").symlink_to(shop.index, target_is_directory=True)
        os.utime(folder, (0, 0) if folder != made["young"] else None)
    (shop.temporary / "another program's").mkdir()
    os.utime(shop.temporary / "another program's", (0, 0))
    before = shop.seen()
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(made["held"])], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    differences(shop.settings)
    assert {path.name for path in shop.temporary.iterdir()} == {
        *("another program's", made["held"].name, made["young"].name)
    }
    holder.kill()
    holder.communicate()
    differences(shop.settings)
    assert not made["held"].exists()
    assert shop.seen() == before


def test_bad_documents_are_skipped_if_told(shop: Shop) -> None:
    """As a rebuild does, and the same generation: what was skipped is listed."""
    shop.rebuild()
    shop.write("bad.md", "\x00")
    with pytest.raises(UnreadableDocument, match=r"^bad\.md: "):
        differences(shop.settings)
    found = differences(shop.settings, skip_bad=True)
    assert [each.path for each in found.skipped] == ["bad.md"]
    assert found.index_id == found.published
    assert shop.is_tidy()


def test_what_differs_besides_documents(shop: Shop) -> None:
    """Another encoder, chunking or library is named: it can change answers as an edit can."""
    shop.rebuild()
    manifest = read_manifest(publish.current_folder(shop.index))
    assert _made_with(manifest, manifest) == ()
    versions = {name: each for name, each in manifest.versions.items() if name != "sqlite"}
    other = replace(
        manifest,
        encoder=replace(manifest.encoder, name="other", sha256="f" * 64),
        chunking=Chunking(limit=99),
        versions={**versions, "numpy": "1.0"},
    )
    encoder, chunking, numpy, sqlite = _made_with(manifest, other)
    assert encoder.startswith(f"encoder: {manifest.encoder.name} (")
    assert encoder.endswith("becomes other (ffffffffffff, int8)")
    assert "limit=99" in chunking
    assert numpy == f"numpy: {manifest.versions['numpy']} becomes 1.0"
    assert sqlite == f"sqlite: {manifest.versions['sqlite']} becomes absent"
