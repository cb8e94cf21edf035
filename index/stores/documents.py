"""Passages and documents at rest: one SQLite database, written once, opened in memory to be read.

Owns the tables. Knows nothing of vectors, of how passages are found, or of files: it is given bytes
that were checked, so that what happens to the file later happens to no reader.
"""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import astuple
from threading import Lock
from typing import Any

from index.records import DocumentInfo, Passage, Redacted, Sentence, Span
from index.unread import Unread

_TABLES = """
CREATE TABLE documents (
    row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL,
    path TEXT NOT NULL UNIQUE, url TEXT, sha256 TEXT NOT NULL, size INTEGER NOT NULL,
    questions TEXT NOT NULL, text TEXT NOT NULL
) STRICT;
CREATE TABLE passages (
    id INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES documents (row),
    section INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL, text TEXT NOT NULL,
    headings TEXT NOT NULL, sentences TEXT NOT NULL, digest TEXT NOT NULL
) STRICT;
CREATE TABLE withheld (
    document INTEGER NOT NULL REFERENCES documents (row),
    start INTEGER NOT NULL, stop INTEGER NOT NULL
) STRICT;
CREATE TABLE unread (
    document INTEGER NOT NULL REFERENCES documents (row),
    start INTEGER NOT NULL, stop INTEGER NOT NULL, language TEXT NOT NULL
) STRICT;
CREATE INDEX sections ON passages (document, section);
"""
_PASSAGE = "SELECT id, document, section, start, stop, text, headings, sentences FROM passages"


class Passages:
    """The store, opened. Safe to read from several threads.

    Raises ``sqlite3.DatabaseError``, at the latest when read, for bytes that are no such database.
    """

    def __init__(self, data: bytes) -> None:
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        self._database.deserialize(data)
        self._database.execute("PRAGMA query_only = ON")
        # Python hands one prepared statement to whoever asks the same: one thread at a time.
        self._lock = Lock()

    def close(self) -> None:
        """Let go of the memory."""
        with self._lock:
            self._database.close()

    def documents(self) -> tuple[DocumentInfo, ...]:
        """Return every document in row order, without its text."""
        rows = self._rows(
            "SELECT id, title, path, url, sha256, size, questions FROM documents ORDER BY row"
        )
        return tuple(
            DocumentInfo(id_, title, path, url, sha256, size, tuple(json.loads(questions)))
            for id_, title, path, url, sha256, size, questions in rows
        )

    def text(self, document: int) -> str:
        """Return a document's canonical text. Raises ``LookupError``."""
        for (text,) in self._rows("SELECT text FROM documents WHERE row = ?", document):
            return str(text)
        raise LookupError(f"no document in row {document}")

    def passage(self, number: int) -> Passage:
        """Return one passage. Raises ``LookupError``."""
        for row in self._rows(f"{_PASSAGE} WHERE id = ?", number):
            return _passage(row)
        raise LookupError(f"no passage {number}")

    def section(self, document: int, section: int) -> tuple[Passage, ...]:
        """Return the passages of one section in reading order."""
        where = "WHERE document = ? AND section = ? ORDER BY id"
        return tuple(map(_passage, self._rows(f"{_PASSAGE} {where}", document, section)))

    def of_document(self, document: int) -> tuple[Passage, ...]:
        """Return the passages of one document in reading order."""
        where = "WHERE document = ? ORDER BY id"
        return tuple(map(_passage, self._rows(f"{_PASSAGE} {where}", document)))

    def headings(self) -> list[tuple[int, tuple[str, ...]]]:
        """Return the document row and heading path of every section, in reading order."""
        rows = self._rows(
            "SELECT document, headings FROM passages GROUP BY document, section ORDER BY MIN(id)"
        )
        return [(document, tuple(json.loads(headings))) for document, headings in rows]

    def digests(self) -> list[str]:
        """Return the digest of each passage's retrieval text, in row order."""
        return [digest for (digest,) in self._rows("SELECT digest FROM passages ORDER BY id")]

    def withheld(self) -> dict[int, list[Span]]:
        """Return the spans of each document, by its row, that no passage is made of."""
        found: dict[int, list[Span]] = {}
        rows = self._rows(
            "SELECT document, start, stop FROM withheld ORDER BY document, start, stop"
        )
        for document, start, stop in rows:
            found.setdefault(document, []).append((start, stop))
        return found

    def unread(self) -> list[Unread]:
        """Return what no passage is made of because the models do not read its language."""
        query = "SELECT document, start, stop, language FROM unread ORDER BY document, start"
        return [Unread(*row) for row in self._rows(query)]

    def _rows(self, query: str, *values: int) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._database.execute(query, values).fetchall()


def passages_bytes(
    documents: Sequence[Redacted],
    passages: Sequence[Passage],
    digests: Sequence[str],
    unread: Sequence[Unread] = (),
) -> bytes:
    """Return what ``Passages`` opens; the same input gives the same bytes."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        database.executescript(f"BEGIN; {_TABLES}")
        database.executemany(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (row, d.id, d.title, d.path, d.url, d.sha256, d.size, _json(d.questions), d.text)
                for row, d in enumerate(each.document for each in documents)
            ),
        )
        database.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    *(p.id, p.document, p.section, p.start, p.end, p.text, _json(p.headings)),
                    *(_json([(s.start, s.end, s.block, s.kind) for s in p.sentences]), digest),
                )
                for p, digest in zip(passages, digests, strict=True)
            ),
        )
        database.executemany(
            "INSERT INTO withheld VALUES (?, ?, ?)",
            ((row, *span) for row, each in enumerate(documents) for span in each.withheld),
        )
        database.executemany("INSERT INTO unread VALUES (?, ?, ?, ?)", map(astuple, unread))
        database.execute("COMMIT")
        return database.serialize()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _passage(row: tuple[Any, ...]) -> Passage:
    number, document, section, start, stop, text, headings, sentences = row
    return Passage(
        id=number,
        document=document,
        section=section,
        start=start,
        end=stop,
        text=text,
        headings=tuple(json.loads(headings)),
        sentences=tuple(Sentence(*fields) for fields in json.loads(sentences)),
    )
