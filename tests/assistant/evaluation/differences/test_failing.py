"""A comparison that cannot begin, is interrupted or overtaken: said, and nothing left behind."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from assistant.evaluation.differences.generations import differences
from assistant.settings import Settings
from index.errors import FootnoteError, IndexBusy, IndexMissing, IndexUnwritable
from index.generations import publish
from tests.assistant.shop import Shop

_HOLD = """
import fcntl, os, sys
fcntl.flock(os.open(sys.argv[1], os.O_RDONLY), fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


def test_without_an_index_there_is_nothing_to_compare_with(shop: Shop) -> None:
    """The error names the command that builds one, and none is begun."""
    with pytest.raises(IndexMissing, match="footnote rebuild"):
        differences(shop.settings)
    assert {path.name for path in shop.index.iterdir()} == {"encoders"}
    assert shop.is_tidy()


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
        [sys.executable, "-c", _HOLD, str(made["held"])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
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
