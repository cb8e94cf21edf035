"""One generation on disk: manifest, open, verify.

A generation is immutable and named by its content: ``index_id`` is the SHA-256 of its canonical
manifest (JSON, keys sorted, no white space, UTF-8) without that field, and the manifest names the
SHA-256 of every other file. Opening never writes. Knows nothing of how one is built or published.
"""

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from copy import copy
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from index.embedding.encoder import ENCODER_FILES, MODEL_FILE, SMALL_FILES, Encoder, EncoderSpec
from index.embedding.packaged import sha256_of
from index.errors import IndexDamaged, ModelError
from index.passages.chunking import Chunking
from index.plain import private_copy, read_plain
from index.records import DocumentInfo, Passage, Span
from index.stores.base import DocumentStore, LexiconStore, VectorStore
from index.stores.documents import Passages
from index.stores.lexicon import LEXICON_FILES, Lexicon
from index.stores.vectors import Vectors
from index.unread import Unread

SCHEMA_VERSION = 4
MANIFEST = "manifest.json"
VECTORS = "vectors.faiss"
PASSAGES = "passages.sqlite"
ENCODER = "encoder"
LEXICON = "lexicon"
ROUTES = "routes.json"
NO_ROUTES = b"null\n"  # what stands in that file if nobody chose any
SUGGESTIONS = "suggestions.json"
NO_SUGGESTIONS = b"{}\n"
FILES = (
    *(f"{ENCODER}/{name}" for name in ENCODER_FILES),
    *(f"{LEXICON}/{name}" for name in LEXICON_FILES),
    PASSAGES,
    ROUTES,
    SUGGESTIONS,
    VECTORS,
)
_REBUILD = "run 'footnote rebuild' to build it anew"
_MEND = f"{_REBUILD}, or 'footnote rollback' to go back"


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a generation holds."""

    documents: int
    passages: int
    sentences: int


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A source document as the manifest names it; hash and size in bytes are of the file."""

    id: str
    path: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What ``manifest.json`` says. ``versions`` are of the libraries whose output is stored.

    ``withholds`` says whether no passage was made of what the build was told to withhold.
    """

    schema_version: int
    index_id: str
    encoder: EncoderSpec
    chunking: Chunking
    withholds: bool
    counts: Counts
    versions: dict[str, str]
    files: dict[str, str]
    documents: tuple[SourceFile, ...]

    def to_json(self) -> bytes:
        """Return the canonical bytes of the manifest, ``index_id`` included."""
        return _canonical(_ADAPTER.dump_python(self, mode="json"))

    def named(self) -> "Manifest":
        """Return the same manifest under the ``index_id`` that its content calls for."""
        return replace(self, index_id=self.content_id())

    def content_id(self) -> str:
        """Return the ``index_id`` that the other fields call for."""
        fields = _ADAPTER.dump_python(self, mode="json")
        del fields["index_id"]
        return hashlib.sha256(_canonical(fields)).hexdigest()


_ADAPTER = TypeAdapter(Manifest)


def _canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def read_manifest(folder: Path) -> Manifest:
    """Read and check the manifest of a generation. Raises ``IndexDamaged`` naming it."""
    try:
        data = read_plain(folder / MANIFEST)
        manifest = _ADAPTER.validate_json(data)
    except (OSError, ValidationError) as error:
        raise IndexDamaged(f"{folder / MANIFEST} cannot be read; {_MEND}", (MANIFEST,)) from error
    if manifest.schema_version != SCHEMA_VERSION:
        raise IndexDamaged(
            f"{folder} has schema version {manifest.schema_version}, this program reads "
            f"{SCHEMA_VERSION}; {_REBUILD}",
            (MANIFEST,),
        )
    named = manifest.index_id == manifest.content_id() == folder.name
    if not named or data != manifest.to_json():
        raise IndexDamaged(f"{folder / MANIFEST} does not match its index_id; {_MEND}", (MANIFEST,))
    return manifest


def verify(folder: Path) -> tuple[str, ...]:
    """Re-read every file of a generation; return the names of damaged, missing or foreign ones."""
    try:
        manifest = read_manifest(folder)
    except IndexDamaged as error:
        return error.files
    damaged = _misplaced(folder) | manifest.files.keys() ^ set(FILES)
    for name in set(FILES) & manifest.files.keys() - damaged:
        try:
            whole = sha256_of(folder / name) == manifest.files[name]
        except OSError:
            whole = False
        if not whole:
            damaged.add(name)
    return tuple(sorted(damaged))


def _misplaced(folder: Path) -> set[str]:
    """Return the names of missing and foreign files, and of what is no plain file."""
    # A folder that goes away meanwhile, or cannot be listed, ends the walk: its files are missing.
    listed = [Path(place, name) for place, *names in os.walk(folder) for name in chain(*names)]
    paths = {
        path.relative_to(folder).as_posix(): path
        for path in listed
        if path.is_symlink() or not path.is_dir()
    }
    regular = {name for name, path in paths.items() if path.is_file() and not path.is_symlink()}
    return (paths.keys() ^ {*FILES, MANIFEST}) | (paths.keys() - regular)


class Generation:
    """A verified generation, open for reading from several threads.

    Each file is read once, and the bytes whose hash was checked are those that are parsed. Then the
    generation is in memory: whatever happens to its files happens to no answer.
    """

    def __init__(self, folder: Path) -> None:
        self.manifest = read_manifest(folder)
        if _misplaced(folder):
            raise _damaged(folder, verify(folder))

        def read(name: str) -> bytes:
            return _checked(folder, self.manifest, name)

        small = {name: read(f"{ENCODER}/{name}") for name in SMALL_FILES}
        model_name = f"{ENCODER}/{MODEL_FILE}"
        with (
            _parsing(folder, ENCODER),
            _checked_copy(folder, self.manifest, model_name) as model,
        ):
            self.encoder = Encoder(folder / ENCODER, small, model)
        with _parsing(folder, VECTORS):
            self.vectors: VectorStore = Vectors(read(VECTORS))
            if (len(self.vectors), self.vectors.dimension) != (
                *(self.manifest.counts.passages, self.manifest.encoder.dimension),
            ):
                raise ValueError("the vectors are not those that the manifest counts")
        with _parsing(folder, LEXICON):
            self.lexicon: LexiconStore = Lexicon(
                {name: read(f"{LEXICON}/{name}") for name in LEXICON_FILES}
            )
        # Questions that the owner sends to a person; opaque here, as they were given to the build.
        self.routes = read(ROUTES)
        # Questions that were tried on it before it was published; see ``index.generations.trying``.
        self.suggestions = read(SUGGESTIONS)
        with _parsing(folder, PASSAGES):
            self._passages: DocumentStore = Passages(read(PASSAGES))
            self.documents: tuple[DocumentInfo, ...] = self._passages.documents()

    def searched_by(self, vectors: VectorStore, lexicon: LexiconStore) -> "Generation":
        """Return this generation, searched in other stores that number its passages alike.

        It shares all else with this one, so only one of the two is closed.
        """
        other = copy(self)
        other.vectors, other.lexicon = vectors, lexicon
        return other

    @property
    def index_id(self) -> str:
        """The name of this generation."""
        return self.manifest.index_id

    def text(self, document: int) -> str:
        """Return the canonical text of the document in that row. Raises ``LookupError``."""
        return self._passages.text(document)

    def passage(self, number: int) -> Passage:
        """Return one passage. Raises ``LookupError``."""
        return self._passages.passage(number)

    def section(self, document: int, section: int) -> tuple[Passage, ...]:
        """Return the passages of one section in reading order."""
        return self._passages.section(document, section)

    def passages_of(self, document: int) -> tuple[Passage, ...]:
        """Return the passages of the document in that row, in reading order."""
        return self._passages.of_document(document)

    def headings(self) -> list[tuple[int, tuple[str, ...]]]:
        """Return the document row and heading path of every section, in reading order."""
        return self._passages.headings()

    def withheld(self) -> dict[int, list[Span]]:
        """Return the spans of each document, by its row, that no passage is made of."""
        return self._passages.withheld()

    def unread(self) -> list[Unread]:
        """Return what no passage is made of because the models do not read its language."""
        return self._passages.unread()

    def digests(self) -> list[str]:
        """Return the digest of each passage's retrieval text, in row order."""
        return self._passages.digests()

    def close(self) -> None:
        """Release what is held open."""
        self._passages.close()


def _checked(folder: Path, manifest: Manifest, name: str) -> bytes:
    """Return the bytes of a file that match the manifest. Raises ``IndexDamaged`` naming all."""
    try:
        data = read_plain(folder / name)
    except OSError:
        data = None
    if data is None or hashlib.sha256(data).hexdigest() != manifest.files.get(name):
        raise _damaged(folder, verify(folder) or (name,))
    return data


@contextmanager
def _checked_copy(folder: Path, manifest: Manifest, name: str) -> Iterator[Path]:
    """Lend a path to the bytes of a file that match the manifest. Raises as ``_checked`` does."""
    with ExitStack() as held:
        try:
            path, sha256 = held.enter_context(private_copy(folder / name))
        except OSError:
            path, sha256 = folder, ""
        if sha256 != manifest.files.get(name):
            raise _damaged(folder, verify(folder) or (name,))
        yield path


@contextmanager
def _parsing(folder: Path, name: str) -> Iterator[None]:
    """Name what has the right hash and still cannot be read: a forgery, or a fault of ours."""
    try:
        yield
    except (ValueError, TypeError, LookupError, ModelError, sqlite3.DatabaseError) as error:
        raise _damaged(folder, (name,)) from error


def _damaged(folder: Path, names: tuple[str, ...]) -> IndexDamaged:
    listed = ", ".join(str(folder / name) for name in names)
    return IndexDamaged(f"damaged: {listed}; {_MEND}", names)
