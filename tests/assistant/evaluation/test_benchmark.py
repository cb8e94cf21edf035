"""Benchmark folders: what they hold, what is wrong with a broken one, and their documents."""

import gzip
import json
from pathlib import Path

import pytest

from assistant.evaluation.benchmark import (
    Query,
    document_id,
    json_rows,
    read_benchmark,
    write_documents,
)
from index.errors import FootnoteError
from index.sources.folder import read_folder

pytestmark = pytest.mark.slow

CORPUS = [
    {"id": "d1", "title": "Pores\nand skin.", "text": "Pores are small.", "url": "x"},
    {"id": "a b/ü", "text": "No title."},
]
QUERIES = [
    {"id": "q1", "text": "What are pores?", "answers": ["small"], "answerable": True, "doc": "d1"},
    {"id": "q2", "text": "What do they cost?", "answerable": False},
]


def lines(*rows: object) -> str:
    """Return rows as JSON Lines."""
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a small benchmark."""
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "corpus.jsonl").write_text(lines(*CORPUS), "utf-8")
    (folder / "queries.jsonl").write_text(lines(*QUERIES) + "\n", "utf-8")
    return folder


def test_queries_and_grades(folder: Path) -> None:
    """A query's ``doc`` is a judgement; ``qrels.tsv`` has more to say where it says something."""
    found = read_benchmark(folder)
    assert found.name == "small"
    assert found.queries == (
        Query("q1", "What are pores?", ("small",), answerable=True),
        Query("q2", "What do they cost?", (), answerable=False),
    )
    assert found.grades == {"q1": {"d1": 1}}
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tgrade\nq1\td1\t3\r\nq1\td2\t-1\n\n")
    assert read_benchmark(folder).grades == {"q1": {"d1": 3, "d2": -1}}


def test_the_corpus_becomes_a_source_folder(folder: Path, tmp_path: Path) -> None:
    """One document a row, under its own id where it may have it; stale files go."""
    (folder / "extra_distractors.jsonl").write_text(lines({"id": "d9", "text": "Other."}))
    target = tmp_path / "docs"
    target.mkdir()
    (target / "stale.txt").write_text("gone tomorrow")
    write_documents(folder, target)
    documents = read_folder(target, index=tmp_path / "index").documents
    assert {each.id: (each.title, each.text.split("---\n")[-1]) for each in documents} == {
        "d1": ("Pores and skin", "Pores and skin\n\nPores are small.\n"),
        document_id("a b/ü"): (document_id("a b/ü"), "No title.\n"),
        "d9": ("d9", "Other.\n"),
    }


def test_a_packed_corpus(folder: Path, tmp_path: Path) -> None:
    """``corpus.jsonl.gz`` does as well."""
    (folder / "corpus.jsonl.gz").write_bytes(gzip.compress(lines(CORPUS[0]).encode()))
    (folder / "corpus.jsonl").unlink()
    write_documents(folder, tmp_path / "docs")
    assert [path.name for path in (tmp_path / "docs").iterdir()] == ["d1.txt"]


@pytest.mark.parametrize("name", ["d1", "ADAM_0003147_Sec1.txt", "4983"])
def test_an_id_that_is_allowed_is_kept(name: str) -> None:
    """Judgements and documents go by the same name."""
    assert document_id(name) == name


def test_ids_that_are_not_allowed_stay_apart() -> None:
    """Whatever is dropped from them, two are never one."""
    names = ["a b", "a/b", "ä", "-", "x" * 200, "x" * 201]
    found = {document_id(name) for name in names}
    assert len(found) == len(names)
    assert all(document_id(name) == name for name in found)


@pytest.mark.parametrize("missing", ["corpus.jsonl", "queries.jsonl"])
def test_what_is_no_benchmark(folder: Path, missing: str) -> None:
    """A folder without corpus or queries, distractors notwithstanding."""
    (folder / missing).unlink()
    (folder / "extra_distractors.jsonl").write_text(lines(CORPUS[0]))
    with pytest.raises(FootnoteError, match="is not a benchmark folder: it needs corpus"):
        read_benchmark(folder)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("queries.jsonl", lines(*QUERIES, QUERIES[0]), "line 3: the id 'q1' stands above"),
        ("queries.jsonl", lines({"id": 1, "text": "x"}), "line 1: id: Input should be a valid s"),
        ("queries.jsonl", lines({"id": "1", "text": " "}), "line 1: text: String should match"),
        ("queries.jsonl", lines("no object"), "line 1: Input should be"),
        ("queries.jsonl", "", "holds no query"),
        ("queries.jsonl", "{", "line 1: not JSON: EOF while parsing an object at column 1"),
        ("qrels.tsv", "q1\td1\n", "line 1: write query-id, corpus-id and a whole grade"),
        ("qrels.tsv", "q1\td1\tx\n", "line 1: write query-id, corpus-id and a whole grade"),
        ("qrels.tsv", b"\xff", "cannot be read"),
    ],
)
def test_a_broken_file_is_named(folder: Path, name: str, content: str | bytes, reason: str) -> None:
    """File, line and what to mend."""
    data = content if isinstance(content, bytes) else content.encode()
    (folder / name).write_bytes(data)
    with pytest.raises(FootnoteError) as error:
        read_benchmark(folder)
    assert str(folder / name) in str(error.value)
    assert reason in str(error.value)


def test_broken_packing_is_named(folder: Path) -> None:
    """A truncated archive is no traceback."""
    whole = gzip.compress(lines(CORPUS[0]).encode())
    (folder / "corpus.jsonl.gz").write_bytes(whole[:-10])
    with pytest.raises(FootnoteError, match=r"corpus\.jsonl\.gz cannot be read"):
        list(json_rows(folder / "corpus.jsonl.gz"))
