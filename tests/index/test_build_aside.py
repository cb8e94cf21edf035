"""A rebuild that is tried aside: what it would publish, and an index that nobody touched."""

import shutil
from pathlib import Path

import pytest

from index.build import build_aside, rebuild
from index.build_report import BuildReport, Changes
from index.errors import UnreadableDocuments
from index.generations import publish
from index.generations.opening import Generation, verify

from .conftest import DOCUMENTS, Workshop, contents

Seen = dict[str, tuple[int, int, int, str]]


def seen(index: Path) -> Seen:
    """Return inode, size, time of the last change and target of everything below a folder."""
    return {
        path.relative_to(index).as_posix(): (
            *(path.lstat().st_ino, path.lstat().st_size, path.lstat().st_mtime_ns),
            str(path.readlink()) if path.is_symlink() else "",
        )
        for path in [index, *index.rglob("*")]
    }


def _aside(workshop: Workshop, folder: Path) -> BuildReport:
    folder.mkdir()
    published = Generation(workshop.published)
    try:
        return build_aside(workshop.source, workshop.index, folder, published, model=workshop.model)
    finally:
        published.close()


def _edit(workshop: Workshop) -> None:
    workshop.write("opening.txt", DOCUMENTS["opening.txt"].replace("nine", "ten"))
    workshop.write("more.txt", "One more.")
    (workshop.source / "sub" / "prices.md").unlink()


def test_it_is_what_a_rebuild_then_publishes(workshop: Workshop, tmp_path: Path) -> None:
    """The same report, the same name and the same bytes, with all vectors reused that can be."""
    workshop.rebuild()
    _edit(workshop)
    tried = _aside(workshop, tmp_path / "aside")
    assert tried.passages == Changes(added=2, changed=0, removed=2, reused=3)
    assert workshop.rebuild() == tried
    assert contents(publish.current_folder(tmp_path / "aside")) == contents(workshop.published)


def test_an_unchanged_source_gives_what_is_published(workshop: Workshop, tmp_path: Path) -> None:
    """Nothing differs, nothing is embedded."""
    first = workshop.rebuild()
    tried = _aside(workshop, tmp_path / "aside")
    assert tried.index_id == first.index_id
    assert tried.passages == Changes(added=0, changed=0, removed=0, reused=5)


def test_the_index_stays_as_it_is_to_the_last_time_stamp(
    workshop: Workshop, tmp_path: Path
) -> None:
    """A rebuild may be at work: its lock is not asked for, and what it builds is not swept."""
    workshop.rebuild()
    _edit(workshop)
    with publish.locked(workshop.index):
        (workshop.index / ".building").mkdir()
        (workshop.index / ".building" / "half").write_bytes(b"half")
        before, files = seen(workshop.index), workshop.state()
        _aside(workshop, tmp_path / "aside")
        assert seen(workshop.index) == before
        assert workshop.state() == files
    shutil.rmtree(tmp_path / "aside")
    assert verify(workshop.published) == ()


@pytest.mark.parametrize("kept", ["damaged", "missing"])
def test_an_export_that_is_needed_is_made_aside(
    workshop: Workshop, tmp_path: Path, kept: str
) -> None:
    """An export that is not whole stays as it is in the index; the name comes out the same."""
    first = workshop.rebuild()
    encoders = workshop.index / "encoders"
    whole = encoders.resolve()
    encoders.unlink()
    if kept == "damaged":
        shutil.copytree(whole, encoders)
        (export,) = encoders.iterdir()
        (export / "model.onnx").write_bytes(b"damaged")
    before = seen(workshop.index)
    assert _aside(workshop, tmp_path / "aside").index_id == first.index_id
    assert seen(workshop.index) == before


def test_a_bad_document_fails_it_as_it_fails_a_rebuild(workshop: Workshop, tmp_path: Path) -> None:
    """The file is named, and the index stays as it is."""
    workshop.rebuild()
    (workshop.source / "bad.md").write_bytes(b"\xff\xfe\x00")
    before = seen(workshop.index)
    with pytest.raises(UnreadableDocuments, match=r"^bad\.md: ") as tried:
        _aside(workshop, tmp_path / "aside")
    assert seen(workshop.index) == before
    with pytest.raises(UnreadableDocuments) as rebuilt:
        rebuild(workshop.source, workshop.index, model=workshop.model)
    assert str(tried.value) == str(rebuilt.value)
