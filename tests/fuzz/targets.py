"""What is fuzzed: each target takes bytes, and lets nothing out but what is promised of them.

A target returns when the bytes were read as what they are or were refused with the typed error that
names the file; anything else is an exception. ``tests/fuzz`` feeds them with hypothesis for a
bounded time, ``tests.bench.stress.fuzz`` with atheris for as long as it is told.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from contextlib import chdir
from pathlib import Path
from types import MappingProxyType

from assistant.cli.run import settings_of
from assistant.evaluation.benchmark import read_benchmark, write_documents
from assistant.evaluation.golden import read_golden
from assistant.quoting.citing import check_answer_file
from assistant.refusal import kept as kept_calibration
from assistant.settings import Settings
from index.embedding import kept as kept_encoder
from index.embedding.encoder import ENCODER_FILES, Encoder
from index.errors import (
    FootnoteError,
    IndexDamaged,
    ModelError,
    SourceError,
    UnknownGeneration,
    UnreadableDocument,
)
from index.generations.kept import generations
from index.generations.opening import MANIFEST, read_manifest, verify
from index.generations.publish import CURRENT, HISTORY, current_id, rollback
from index.sources.folder import read_document
from tests.fuzz.documents import check_document

Target = Callable[[Path, bytes], None]

_LONGEST = 500  # characters; an error is a line that is read, not a copy of the file


class Broken(AssertionError):
    """What is promised of a file was not kept."""


def expected(error: FootnoteError, *names: str, files: tuple[str, ...] = ()) -> None:
    """Check that an error is one short line that names what it should, and carries ``files``."""
    line = str(error)
    if "\n" in line or len(line) > _LONGEST or any(name not in line for name in names):
        raise Broken(f"no short line that names {names}: {line[:2000]!r}")
    if files and getattr(error, "files", ()) != files:
        raise Broken(f"does not carry {files}: {error!r}")


def text_file(folder: Path, data: bytes) -> None:
    """A ``.txt`` file."""
    _source_file(folder, "a.txt", data)


def markdown_file(folder: Path, data: bytes) -> None:
    """A ``.md`` file."""
    _source_file(folder, "a.md", data)


def front_matter(folder: Path, data: bytes) -> None:
    """The header of a ``.md`` file: whatever it holds, the body is below it."""
    _source_file(folder, "a.md", b"---\n" + data + b"\n---\nA body.\n")


def _source_file(folder: Path, name: str, data: bytes) -> None:
    (folder / name).write_bytes(data)
    try:
        document = read_document(folder, name)
    except UnreadableDocument as error:
        expected(error, name)
        return
    if document.blocks:
        check_document(document, name, data)


def manifest(folder: Path, data: bytes) -> None:
    """``manifest.json``, in a folder of the name that its content calls for, if it has one."""
    named = folder / _index_id(data)
    named.mkdir(exist_ok=True)
    (named / MANIFEST).write_bytes(data)
    try:
        found = read_manifest(named)
    except IndexDamaged as error:
        expected(error, str(named), files=(MANIFEST,))
        assert verify(named) == (MANIFEST,)
        return
    assert found.to_json() == data
    assert found.index_id == found.content_id() == named.name
    # Its files are not there: every one of them is named, whatever else the manifest names.
    assert set(verify(named)) >= {"vectors.faiss", "passages.sqlite", "encoder/model.onnx"}


def _index_id(data: bytes) -> str:
    """Return the name that makes a manifest fit, so that what lies behind that check is reached."""
    try:
        index_id = json.loads(data)["index_id"]
    except (ValueError, KeyError, TypeError, RecursionError):
        index_id = ""
    return index_id if re.fullmatch("[0-9a-f]{64}", str(index_id)) else "0" * 64


def current(folder: Path, data: bytes) -> None:
    """``CURRENT``, and with the same bytes ``HISTORY``."""
    kept = "ab" * 32
    (folder / kept).mkdir(exist_ok=True)
    (folder / CURRENT).write_bytes(data)
    (folder / HISTORY).write_bytes(data)
    try:
        assert re.fullmatch("[0-9a-f]{64}", current_id(folder))
    except IndexDamaged as error:
        expected(error, str(folder / CURRENT), files=(CURRENT,))
    (listed,) = generations(folder)
    assert listed.index_id == kept
    assert listed.damage
    try:
        rollback(folder)
    except (IndexDamaged, UnknownGeneration) as error:
        expected(error)
    else:
        raise Broken("went back to an empty folder")


def encoder_spec(folder: Path, data: bytes) -> None:
    """``encoder.json`` of an encoder whose other files are missing."""
    _encoder_file(folder, "encoder.json", data)


def tokenizer(folder: Path, data: bytes) -> None:
    """``tokenizer.json`` of an encoder that is fine but for its model, which is missing."""
    spec = (
        b'{"name": "a", "sha256": "b", "dimension": 3, "precision": "int8", "pooling": "mean", '
        b'"window": 9, "query_prefix": "", "mean_cosine": 1, "top10_overlap": 1}'
    )
    (folder / "encoder.json").write_bytes(spec)
    _encoder_file(folder, "tokenizer.json", data)


def _encoder_file(folder: Path, name: str, data: bytes) -> None:
    (folder / name).write_bytes(data)
    try:
        Encoder(folder)
    except ModelError as error:
        expected(error, str(folder))
    else:
        raise Broken("opened an encoder that has no model")


def kept_checksums(folder: Path, data: bytes) -> None:
    """``checksums.json`` beside a kept encoder: what it does not vouch for is exported anew."""
    for name in ENCODER_FILES:
        (folder / name).write_bytes(b"?")
    (folder / "checksums.json").write_bytes(data)
    truth = dict.fromkeys(ENCODER_FILES, hashlib.sha256(b"?").hexdigest())
    vouched = kept_encoder._whole(folder) is not None
    assert vouched is (_json(data) == truth)


def _json(data: bytes) -> object:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def calibration(folder: Path, data: bytes) -> None:
    """``calibration.json``, and whatever it says put in use."""
    (folder / kept_calibration.STATE).write_bytes(data)
    damaged = kept_calibration.verify(folder)
    assert damaged in {(), (kept_calibration.STATE,)}
    try:
        found = kept_calibration.read(folder)
    except IndexDamaged as error:
        expected(error, kept_calibration.STATE, files=damaged)
        return
    assert found is not None
    assert found.to_json() == data
    try:
        used = kept_calibration.in_use(folder, {})
    except FootnoteError as error:
        expected(error, kept_calibration.STATE)
        return
    features = dict.fromkeys(kept_calibration.FEATURES, -3.0)
    for passages in (0, 1, 100, 10**6):
        assert 0 <= used.model.confidence(features, passages) <= 1


def golden_file(folder: Path, data: bytes) -> None:
    """A file of golden questions."""
    path = folder / "golden.jsonl"
    path.write_bytes(data)
    try:
        questions = read_golden(path)
    except FootnoteError as error:
        expected(error, path.name)
        return
    assert questions
    assert all(each.question.strip() and each.line for each in questions)
    assert len({each.id for each in questions}) == len(questions)


def saved_answers(folder: Path, data: bytes) -> None:
    """A file of ``/ask`` bodies, checked against a source folder."""
    source = folder / "source"
    source.mkdir(exist_ok=True)
    (source / "a.txt").write_text("A sentence.")
    path = folder / "answers.json"
    path.write_bytes(data)
    try:
        problems = check_answer_file(path, source)
    except SourceError as error:
        expected(error, path.name)
        return
    assert all(isinstance(each, str) for each in problems)


def settings_file(folder: Path, data: bytes) -> None:
    """``footnote.toml`` in the working folder."""
    (folder / "footnote.toml").write_bytes(data)
    with chdir(folder):
        try:
            found = settings_of()
        except FootnoteError as error:
            expected(error)
            return
    assert isinstance(found, Settings)


def corpus_rows(folder: Path, data: bytes) -> None:
    """``corpus.jsonl`` of a benchmark folder."""
    _benchmark_file(folder, "corpus.jsonl", data)


def packed_corpus_rows(folder: Path, data: bytes) -> None:
    """``corpus.jsonl.gz`` of a benchmark folder."""
    _benchmark_file(folder, "corpus.jsonl.gz", data)


def query_rows(folder: Path, data: bytes) -> None:
    """``queries.jsonl`` of a benchmark folder."""
    _benchmark_file(folder, "queries.jsonl", data)


def judgements(folder: Path, data: bytes) -> None:
    """``qrels.tsv`` of a benchmark folder."""
    _benchmark_file(folder, "qrels.tsv", data)


def _benchmark_file(folder: Path, name: str, data: bytes) -> None:
    (folder / "corpus.jsonl").write_text('{"id": "1", "text": "A sentence."}\n')
    (folder / "queries.jsonl").write_text('{"id": "1", "text": "What?"}\n')
    (folder / name).write_bytes(data)
    try:
        assert read_benchmark(folder).queries
        write_documents(folder, folder / "documents")
    except FootnoteError as error:
        expected(error, name)


TARGETS: Mapping[str, Target] = MappingProxyType(
    {
        each.__name__: each
        for each in (
            *(text_file, markdown_file, front_matter),
            *(manifest, current, encoder_spec, tokenizer, kept_checksums, calibration),
            *(golden_file, saved_answers, settings_file),
            *(corpus_rows, packed_corpus_rows, query_rows, judgements),
        )
    }
)
