"""The source folder: what is read, what is refused, and that each refusal says how to mend it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import SourceError, UnreadableDocuments
from index.records import Told
from index.sources.choosing import Choice
from index.sources.folder import read_folder, read_text
from tests.index.conftest import DOCUMENTS, Workshop, write_documents

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
    "binary": (_file("photo.txt", b"GIF89a\x00\x01"), "photo.txt", "is a GIF picture under"),
    "database": (_file("a.txt", b"text\x00text"), "a.txt", "looks like a binary file"),
    "encoding": (_file("a.txt", b"\xff\xfea\x00\x00\xd8"), "a.txt", "not valid UTF-16-LE at byte"),
    "pdf": (
        _file("leaflet.txt", b"%PDF-1.7\n"),
        "leaflet.txt",
        "is a PDF under the name of a text",
    ),
    "nesting": (_file("a.md", b">" * 999 + b" a"), "a.md", "nest too deeply at line 1"),
    "too large": (_file("a.txt", b"a " * (16 * 1024**2 + 1)), "a.txt", "larger than 32 MiB; split"),
    "outside": (_outside, "leak.md", "leads out of the source folder; copy the file in"),
    "absolute": (_link("hosts.md", "/etc/hostname"), "hosts.md", "leads out of the source folder"),
    "dangling": (_link("gone.md", "nowhere"), "gone.md", "(No such file or directory); fix or"),
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
    with pytest.raises(UnreadableDocuments) as caught:
        workshop.rebuild()
    ((told, reason),) = caught.value.problems
    assert told == path
    assert says in reason
    assert str(caught.value) == f"{path}: {reason}. To go on without it, add --skip-bad"
    assert str(caught.value).isprintable()
    assert workshop.state() == before


def test_all_that_cannot_be_read_is_told_at_once(workshop: Workshop) -> None:
    """An owner fixes a folder once, not file by file; of very many the first are named."""
    for number in range(30):
        (workshop.source / f"bad-{number:02}.txt").write_bytes(b"\x00")
    (workshop.source / "gone.md").symlink_to("nowhere")
    with pytest.raises(UnreadableDocuments) as caught:
        workshop.rebuild()
    assert len(caught.value.problems) == 31
    first, *told, rest, last = caught.value.lines
    assert first == "31 files cannot be read:"
    assert [line.split(":")[0].strip() for line in told] == [f"bad-{n:02}.txt" for n in range(20)]
    assert rest == "  and 11 more"
    assert last.endswith("add --skip-bad")


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
        (_empty, "holds no document with text; put files ending in .markdown, .md, .txt into it"),
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
        (workshop.source / name).write_bytes(b"\x00")
    with pytest.raises(SourceError, match=r"no document with text \(opening.txt: looks like a bi"):
        workshop.rebuild(skip_bad=True)
    assert workshop.state() == before


def test_of_two_documents_with_one_id_both_are_served(workshop: Workshop) -> None:
    """Ids are what citations point at: the later path gets one of its own, and it is told."""
    workshop.write("zoo/copy.md", DOCUMENTS["pores.md"])
    workshop.write("zoo/other.md", DOCUMENTS["pores.md"])
    found = read_folder(workshop.source)
    ids = {document.path: document.id for document in found.documents}
    assert ids["pores.md"] == "pores"
    assert ids["zoo/copy.md"].startswith("pores-")
    assert len(set(ids.values())) == len(ids)
    assert [note.path for note in found.notes] == ["zoo/copy.md", "zoo/other.md"]
    assert found.notes[0].reason == (
        f"has the id 'pores', as pores.md has; it is served as '{ids['zoo/copy.md']}'"
    )
    assert workshop.rebuild().documents.added == len(DOCUMENTS) + 2


def test_a_file_without_text_is_left_out_and_told(workshop: Workshop) -> None:
    """A page of a menu, a stub, an empty file: nothing to quote, and nothing to stop for."""
    texts = {
        "_index.md": "---\ntitle: Section\n---\n",
        "empty.txt": "",
        "heading.md": "# Heading\n",
        "space.md": "\u00a0\n\n\u3000",
    }
    for name, text in texts.items():
        workshop.write(name, text)
    report = workshop.rebuild()
    assert report.empty == tuple(texts)
    assert report.documents.added == len(DOCUMENTS)


def test_a_folder_of_files_without_text_says_so(tmp_path: Path) -> None:
    """There is nothing to answer from, and the reason is told."""
    write_documents(tmp_path, {"a.md": "# Heading\n"})
    with pytest.raises(SourceError, match=r"holds no document with text \(a.md holds no text\)"):
        read_folder(tmp_path)


def test_an_old_encoding_is_read_and_told(workshop: Workshop) -> None:
    """What is not UTF-8 is read as what its letters say, and its owner hears of it."""
    data = "Le café ouvre à huit heures.\n".encode("cp1252")
    (workshop.source / "cafe.txt").write_bytes(data)
    found = read_folder(workshop.source)
    assert found.notes == (Told("cafe.txt", "was read as cp1252, not UTF-8"),)
    assert read_text(workshop.source, "cafe.txt") == (data, "Le café ouvre à huit heures.\n")


def test_the_owner_chooses_what_is_read(workshop: Workshop) -> None:
    """What include and exclude leave out is counted, and no reason to stop."""
    workshop.write("drafts/bad.md", "\x00")
    choice = Choice(exclude=("drafts", "opening.*"))
    found = read_folder(workshop.source, choice=choice)
    assert [document.path for document in found.documents] == ["pores.md", "sub/prices.md"]
    assert found.excluded == 2
    with pytest.raises(SourceError, match="include and exclude leave out 4 files"):
        read_folder(workshop.source, choice=Choice(include=("*.rst",)))


def test_documents_lead_to_where_they_are_published(workshop: Workshop) -> None:
    """By what they say themselves, or by the address of the site."""
    workshop.write("page.md", "---\nurl: /about/\n---\nWe are a clinic.\n")
    choice = Choice(base_url="https://example.org/site/")
    urls = {d.path: d.url for d in read_folder(workshop.source, choice=choice).documents}
    assert urls == {
        "opening.txt": "https://example.org/site/opening/",
        "page.md": "https://example.org/about/",
        "pores.md": "https://clinic.example/pores",
        "sub/prices.md": "https://example.org/site/sub/prices/",
    }
    bare = {d.path: d.url for d in read_folder(workshop.source).documents}
    assert bare["page.md"] is None


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
