"""Which files of a folder are read, and under which names."""

from pathlib import Path

import pytest

from index.errors import SourceError, UnreadableDocument, UnreadableDocuments
from index.sources.folder import read_document, read_folder, read_text
from tests.index.conftest import DOCUMENTS, Workshop, write_documents
from tests.index.unprivileged import unprivileged, world_readable


def _outside(source: Path) -> None:
    (source.parent / "secret.md").write_text("A secret.")
    (source / "leak.md").symlink_to("../secret.md")


@pytest.mark.parametrize(
    "name",
    ["a\u00a0b.md", "👩\u200d🔬.md", "e\u0301te\u0301.md", "日本.txt", "‘a’ – b’.md", "a%20b?.md"],
)
def test_file_names_as_people_have_them_are_fine(tmp_path: Path, name: str) -> None:
    """No-break spaces, joined emoji and accents are no reason to leave a file out."""
    source = write_documents(tmp_path, {name: "Some text."})
    (document,) = read_folder(source).documents
    assert document.path == name


def test_a_file_without_read_permission_is_named() -> None:
    """A file that this user may not read fails the build by name; a folder likewise."""
    with world_readable() as source:
        write_documents(source, DOCUMENTS)
        for name, mode in (("opening.txt", 0o644), ("sub", 0o755)):
            (source / name).chmod(0)
            with (
                unprivileged(),
                pytest.raises(UnreadableDocuments, match=rf"^{name}: .*\(Permission"),
            ):
                read_folder(source)
            with unprivileged():
                found = read_folder(source, skip_bad=True)
            assert [each.path for each in found.skipped] == [name]
            assert len(found.documents) == len(DOCUMENTS) - 1
            (source / name).chmod(mode)
        source.chmod(0)
        with unprivileged(), pytest.raises(SourceError, match="cannot list"):
            read_folder(source)


def test_documents_are_read_in_the_order_of_their_paths(tmp_path: Path) -> None:
    """Neither the file system nor the order of creation decides; ids and titles are as promised."""
    names = ["b.txt", "a/z.md", "A.MD", "a.markdown", "été.txt", "a b.md", "_.md"]
    source = write_documents(tmp_path, dict.fromkeys(names, "Text without a title.\n\nMore."))
    seen: list[tuple[int, int]] = []
    collection = read_folder(source, progress=lambda done, total: seen.append((done, total)))
    documents = collection.documents
    assert [document.path for document in documents] == sorted(names)
    assert seen == [(number, len(names)) for number in range(1, len(names) + 1)]
    titles = {document.path: document.title for document in documents}
    assert titles["a/z.md"] == "z"
    ids = {document.path: document.id for document in documents}
    assert ids["a/z.md"].startswith("a-z-")
    assert ids["_.md"].startswith("document-")
    assert len(set(ids.values())) == len(names)
    assert ids["été.txt"].isascii()


def test_hidden_files_are_left_alone_and_others_are_listed(tmp_path: Path) -> None:
    """What is hidden is not ours; what has no loader is listed, its name fit for a terminal."""
    source = write_documents(tmp_path / "docs", {**DOCUMENTS, ".git/x.md": "X.", ".h.md": "H."})
    for name in ("b.pdf", "a", "e\x1b[31m.bin"):
        (source / name).write_bytes(b"\x00")
    (source / "linked").symlink_to("sub")
    (source / "far").symlink_to("/etc")
    collection = read_folder(source)
    assert collection.ignored == ("a", "b.pdf", r"e\x1b[31m.bin", "far", "linked")
    assert [document.path for document in collection.documents] == sorted(DOCUMENTS)
    assert collection.skipped == ()


def test_a_link_inside_the_folder_is_a_document(tmp_path: Path) -> None:
    """A link to another file of the folder is read under its own name."""
    source = write_documents(tmp_path, DOCUMENTS)
    (source / "same.md").symlink_to("sub/prices.md")
    paths = {document.path: document for document in read_folder(source).documents}
    assert paths["same.md"].sha256 == paths["sub/prices.md"].sha256
    assert paths["same.md"].id != paths["sub/prices.md"].id


def test_the_index_may_lie_in_the_source_folder(workshop: Workshop) -> None:
    """An index among the documents is neither indexed nor listed, and changes nothing."""
    inside = workshop.source / "index"
    workshop.index.rename(inside)
    workshop.index = inside
    first = workshop.rebuild()
    (inside / "notes.md").write_text("Notes that somebody keeps here are still a document.")
    second = workshop.rebuild()
    assert (first.ignored, second.ignored) == ((), ())
    assert second.documents.added == 1


def test_a_text_is_read_by_its_path(tmp_path: Path) -> None:
    """Bytes and canonical text of a file in the folder, for checking a citation against them."""
    write_documents(tmp_path, {"a.md": "One\r\nTwo"})
    assert read_text(tmp_path, "a.md") == (b"One\r\nTwo", "One\nTwo")


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("../secret.md", "leads out of the source folder"),
        ("sub/../../secret.md", "leads out of the source folder"),
        ("/etc/hostname", "leads out of the source folder"),
        ("leak.md", "leads out of the source folder"),
        ("up/secret.md", "leads out of the source folder"),
        ("passwd", "has no loader"),
        ("", "has no loader"),
        ("sub", "has no loader"),
        ("nowhere.md", "cannot be reached (No such file or directory)"),
        ("x" * 5000 + ".md", "cannot be reached (File name too long)"),
        ("a\0b.md", "cannot be shown"),
        ("\ud800.md", "cannot be shown"),
        ("wide.txt", "not valid UTF-16-LE"),
    ],
)
def test_a_path_that_somebody_wrote_down_never_leads_outside(
    tmp_path: Path, path: str, says: str
) -> None:
    """A citation's path is not trusted: nothing outside the folder is opened for it."""
    source = write_documents(tmp_path / "docs", DOCUMENTS)
    _outside(source)
    (source / "up").symlink_to("..")
    (source / "wide.txt").write_bytes(b"\xff\xfea")
    with pytest.raises(UnreadableDocument) as caught:
        read_text(source, path)
    assert says in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_document_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    """A file that vanishes between listing and reading is an unreadable document."""
    with pytest.raises(UnreadableDocument, match=r"gone.md: cannot be read \(No such file"):
        read_document(tmp_path, "gone.md")
