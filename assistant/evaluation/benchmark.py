"""A benchmark folder: its corpus, queries and judgements.

``corpus.jsonl`` (or ``corpus.jsonl.gz``) and, if there, ``extra_distractors.jsonl``: ``{id, title,
text}``. ``queries.jsonl``: ``{id, text, answers, answerable}``, with ``doc`` where one document
answers. ``qrels.tsv``, if there: query, document and grade. Other fields are passed over. Owns
reading these and naming what is wrong with them; knows nothing of indexes or answers.
"""

import gzip
import hashlib
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json

from assistant.invalid import brief, in_words
from index.errors import FootnoteError, shown

_DOCUMENT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_GRADE = re.compile(r"-?[0-9]{1,9}")
_CORPORA = ("corpus.jsonl", "corpus.jsonl.gz", "extra_distractors.jsonl")
_QUERIES = "queries*.jsonl"
_QRELS = "qrels.tsv"


@dataclass(frozen=True, slots=True)
class Query:
    """A question, whether the corpus answers it, and strings that would answer it."""

    id: str
    text: str
    answers: tuple[str, ...]
    answerable: bool


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Queries in the file's order; ``grades`` are of documents, named as the index names them."""

    folder: Path
    queries: tuple[Query, ...]
    grades: Mapping[str, Mapping[str, int]]

    @property
    def name(self) -> str:
        """What the benchmark is called."""
        return self.folder.resolve().name


class _Row(BaseModel):
    model_config = ConfigDict(strict=True)

    id: str


class _DocumentRow(_Row):
    title: str = ""
    text: str


class _QueryRow(_Row):
    text: str = Field(pattern=r"\S")
    answers: list[str] = Field(default_factory=list)
    answerable: bool = True
    doc: str | None = None


R = TypeVar("R", bound=_Row)


def read_benchmark(folder: Path) -> Benchmark:
    """Read queries and judgements. Raises ``FootnoteError`` naming file and line."""
    found = sorted(folder.glob(_QUERIES))
    if not found or not _corpus_files(folder):
        raise FootnoteError(
            f"{shown(str(folder))} is not a benchmark folder: it needs corpus.jsonl (or "
            "corpus.jsonl.gz) with id, title and text a line, and queries.jsonl with id, text, "
            "answers and answerable"
        )
    rows = list(_rows(found[0], _QueryRow))
    if not rows:
        raise FootnoteError(f"{shown(str(found[0]))} holds no query; write some")
    grades = {row.id: {document_id(row.doc): 1} for row in rows if row.doc is not None}
    judged = _qrels(folder / _QRELS) if (folder / _QRELS).exists() else {}
    queries = tuple(Query(row.id, row.text, tuple(row.answers), row.answerable) for row in rows)
    return Benchmark(folder, queries, {**grades, **judged})


def write_documents(folder: Path, target: Path) -> None:
    """Write the corpus as a source folder: a .txt a document, its title as the first line.

    Makes ``target`` hold these and no other .txt file. Raises ``FootnoteError`` for a broken line.
    """
    target.mkdir(parents=True, exist_ok=True)
    written = set()
    for path in _corpus_files(folder):
        for row in _rows(path, _DocumentRow):
            name = document_id(row.id)
            title = " ".join(row.title.split()).rstrip(".:;,!?")
            body = f"{title}\n\n{row.text}\n" if title else f"{row.text}\n"
            file = target / f"{name}.txt"
            file.write_text(f"---\nid: {name}\n---\n{body}", encoding="utf-8")
            written.add(file)
    for stale in set(target.glob("*.txt")) - written:
        stale.unlink()


def document_id(name: str) -> str:
    """Return the id under which the index knows a document: its own name where that is allowed."""
    if _DOCUMENT_ID.fullmatch(name):
        return name
    slug = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:80]
    return f"{slug or 'document'}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def json_rows(path: Path) -> Iterator[tuple[int, Any]]:
    """Yield line number and value of each line of a JSON Lines file, plain or ``.gz``.

    Raises ``FootnoteError``.
    """
    try:
        with _opened(path) as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, _value(path, number, line)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise FootnoteError(f"{shown(str(path))} cannot be read as JSON Lines: {error}") from error


def _value(path: Path, number: int, line: str) -> Any:
    try:
        return from_json(line)
    except ValueError as error:
        where = str(error).replace(" at line 1 column ", " at column ")
        raise _broken(path, number, f"not JSON: {where}") from error


def _opened(path: Path) -> Any:
    return (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open("rt", encoding="utf-8")
    )


def _corpus_files(folder: Path) -> list[Path]:
    found = [folder / name for name in _CORPORA if (folder / name).is_file()]
    return found if any(path.name.startswith("corpus.") for path in found) else []


def _rows(path: Path, model: type[R]) -> Iterator[R]:
    seen: set[str] = set()
    for number, value in json_rows(path):
        try:
            row = model.model_validate(value)
        except ValidationError as error:
            raise _broken(path, number, in_words(error)) from error
        if row.id in seen:
            raise _broken(
                path, number, f"the id '{brief(row.id)}' stands above already; rename one"
            )
        seen.add(row.id)
        yield row


def _qrels(path: Path) -> dict[str, dict[str, int]]:
    grades: dict[str, dict[str, int]] = {}
    try:
        lines: Sequence[str] = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise FootnoteError(f"{shown(str(path))} cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        fields = line.rstrip("\r").split("\t")
        if not line.strip() or (number == 1 and fields[0] == "query-id"):
            continue
        if len(fields) != 3 or not _GRADE.fullmatch(fields[2]):
            raise _broken(path, number, "write query-id, corpus-id and a whole grade between tabs")
        grades.setdefault(fields[0], {})[document_id(fields[1])] = int(fields[2])
    return grades


def _broken(path: Path, line: int, reason: str) -> FootnoteError:
    return FootnoteError(f"{shown(str(path))}, line {line}: {reason}")
