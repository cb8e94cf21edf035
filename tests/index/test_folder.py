"""The source folder: what is read, what is refused, and that each refusal says how to mend it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import SourceError, UnreadableDocument
from index.sources import folder as folder_module
from index.sources.folder import Skipped, read_document, read_folder, read_text

from .conftest import DOCUMENTS, Workshop, write_documents
from .unprivileged import unprivileged, world_readable

_Spoil = Callable[[Path], object]


def _link(name: str, target: str) -> _Spoil:
    return lambda source: (source / name).symlink_to(target)


def _file(name: str, data: bytes) -> _Spoil:
    return lambda source: (source / name).write_bytes(data)


def _outside(source: Path) -> None:
    (source.parent / "secret.md").write_text("A secret.")
    (source / "leak.md").symlink_to("../secret.md")


# What is put into the folder, the path that the error names, and what it says besides.
_BAD: dict[str, tuple[_Spoil, str, str]] = {
    "binary": (_file("photo.txt", b"GIF89a\x00\x01"), "photo.txt", "looks like a binary file"),
    "encoding": (_file("latin.txt", b"caf\xe9 au lait"), "latin.txt", "not valid UTF-8 at byte 3"),
    "front matter": (
        _file("a.md", b"---\nid: [\n---\nText."),
        "a.md",
        "front matter cannot be read",
    ),
    "unclosed": (_file("a.md", b"---\nid: x\nText."), "a.md", "never closed; add a '---' line"),
    "no text": (_file("a.md", b"# Heading\n"), "a.md", "holds no text to quote; write some"),
    "empty file": (_file("a.txt", b""), "a.txt", "holds no text to quote"),
    "only space": (_file("a.md", "\u00a0\n\n\u3000".encode()), "a.md", "holds no text to quote"),
    "nesting": (_file("a.md", b">" * 999 + b" a"), "a.md", "nest too deeply at line 1"),
    "too large": (_file("a.txt", b"a " * (16 * 1024**2 + 1)), "a.txt", "larger than 32 MiB; split"),
    "outside": (_outside, "leak.md", "leads out of the source folder; copy the file in"),
    "absolute": (_link("hosts.md", "/etc/hostname"), "hosts.md", "leads out of the source folder"),
    "dangling": (_link("gone.md", "nowhere"), "gone.md", "(No such file or directory); mend or"),
    "ring": (_link("ring.md", "ring.md"), "ring.md", "cannot be reached"),
    "folder link": (_link("sub.md", "sub"), "sub.md", "is not a regular file; remove it"),
    "pipe": (lambda source: os.mkfifo(source / "pipe.md"), "pipe.md", "is not a regular file"),
    "name": (_file("a\x1b[2J\n.md", b"T."), r"a\x1b[2J\n.md", "cannot be shown; rename it"),
    "bidi name": (_file("a\u202egpj.md", b"T."), r"a\u202egpj.md", "cannot be shown"),
    "bytes name": (
        lambda source: Path(os.fsdecode(os.fsencode(source) + b"/\xff.md")).write_text("T."),
        r"\udcff.md",
        "cannot be shown",
    ),
}


@pytest.mark.parametrize("case", _BAD)
def test_a_bad_document_fails_the_build_and_nothing_changes(workshop: Workshop, case: str) -> None:
    """The error names the file and the mend in one line; the published generation is untouched."""
    spoil, path, says = _BAD[case]
    workshop.rebuild()
    before = workshop.state()
    spoil(workshop.source)
    with pytest.raises(UnreadableDocument) as caught:
        workshop.rebuild()
    assert caught.value.path == path
    assert str(caught.value).startswith(f"{path}: ")
    assert says in str(caught.value)
    assert str(caught.value).isprintable()
    assert workshop.state() == before


@pytest.mark.parametrize("case", _BAD)
def test_skip_bad_goes_on_and_lists_what_it_skipped(workshop: Workshop, case: str) -> None:
    """Asked to, a rebuild leaves out what it cannot read, and says what and why."""
    spoil, path, says = _BAD[case]
    spoil(workshop.source)
    report = workshop.rebuild(skip_bad=True)
    (skipped,) = report.skipped
    assert skipped.path == path
    assert says in skipped.reason
    assert report.documents.added == len(DOCUMENTS)


def _missing(source: Path) -> Path:
    return source / "missing"


def _not_a_folder(source: Path) -> Path:
    return source / "pores.md"


def _ring(source: Path) -> Path:
    (source / "ring").symlink_to("ring")
    return source / "ring"


def _empty(source: Path) -> Path:
    (source / "empty").mkdir()
    (source / "empty" / "photo.jpg").write_bytes(b"jpg")
    (source / "empty" / ".hidden.md").write_text("Hidden.")
    return source / "empty"


def _no_path(source: Path) -> Path:
    return source / "a\0b"


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (_missing, "cannot be reached (No such file or directory); create it, or name another"),
        (_not_a_folder, "is not a folder; name the folder that holds it with --source"),
        (_ring, "cannot be reached"),
        (_no_path, "cannot be reached (embedded null byte)"),
        (_empty, "holds no readable documents; put files ending in .markdown, .md, .txt into it"),
    ],
)
def test_a_bad_folder_fails_the_build_and_nothing_changes(
    workshop: Workshop, make: Callable[[Path], Path], says: str
) -> None:
    """A missing, empty or wrong folder is told with its mend; what is published stays."""
    workshop.rebuild()
    before = workshop.state()
    workshop.source = make(workshop.source)
    with pytest.raises(SourceError) as caught:
        workshop.rebuild()
    assert says in str(caught.value)
    assert workshop.state() == before


def test_with_every_document_bad_there_is_nothing_to_skip_to(workshop: Workshop) -> None:
    """An index is never emptied by skipping; the first reason is told."""
    workshop.rebuild()
    before = workshop.state()
    for name in DOCUMENTS:
        (workshop.source / name).write_bytes(b"\xff")
    with pytest.raises(SourceError, match=r"no readable documents \(opening.txt: not valid UTF-8"):
        workshop.rebuild(skip_bad=True)
    assert workshop.state() == before


@pytest.mark.parametrize("skip_bad", [False, True])
def test_two_documents_with_one_id_are_both_named(workshop: Workshop, skip_bad: bool) -> None:
    """Ids are what citations point at: two alike fail the build even where bad ones are skipped."""
    workshop.rebuild()
    before = workshop.state()
    workshop.write("copy.md", DOCUMENTS["pores.md"])
    with pytest.raises(SourceError, match=r"copy.md and pores.md both have the id 'pores'; change"):
        workshop.rebuild(skip_bad=skip_bad)
    assert workshop.state() == before


def test_a_file_without_read_permission_is_named() -> None:
    """A file that this user may not read fails the build by name; a folder likewise."""
    with world_readable() as source:
        write_documents(source, DOCUMENTS)
        for name, mode in (("opening.txt", 0o644), ("sub", 0o755)):
            (source / name).chmod(0)
            with (
                unprivileged(),
                pytest.raises(UnreadableDocument, match=rf"^{name}: .*\(Permission"),
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


def test_titles_come_from_header_then_heading_then_name(workshop: Workshop) -> None:
    """A document is called what its header says, else its first heading, else its file."""
    workshop.write("name.txt", "No heading here.")
    titles = {d.path: d.title for d in read_folder(workshop.source).documents}
    assert titles == {
        "pores.md": "Enlarged pores",
        "opening.txt": "Opening hours",
        "sub/prices.md": "Prices",
        "name.txt": "name",
    }


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
        ("latin.txt", "not valid UTF-8"),
    ],
)
def test_a_path_that_somebody_wrote_down_never_leads_outside(
    tmp_path: Path, path: str, says: str
) -> None:
    """A citation's path is not trusted: nothing outside the folder is opened for it."""
    source = write_documents(tmp_path / "docs", DOCUMENTS)
    _outside(source)
    (source / "up").symlink_to("..")
    (source / "latin.txt").write_bytes(b"\xe9")
    with pytest.raises(UnreadableDocument) as caught:
        read_text(source, path)
    assert says in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_document_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    """A file that vanishes between listing and reading is an unreadable document."""
    with pytest.raises(UnreadableDocument, match=r"gone.md: cannot be read \(No such file"):
        read_document(tmp_path, "gone.md")


def test_loaders_are_a_table() -> None:
    """A format is a row; the table is not changed by accident."""
    assert set(folder_module.LOADERS) == {".txt", ".md", ".markdown"}
    assert Skipped("a", "b") == Skipped("a", "b")
