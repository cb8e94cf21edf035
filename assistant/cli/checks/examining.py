"""What an owner looks at when something does not work: models, index, permissions, threads.

Owns the list of findings. Changes nothing.
"""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from assistant.models.opening import models_sha256
from assistant.models.pinned import READER, RERANKER, RESOLVER
from assistant.models.reader import Reader
from assistant.models.reranker import Reranker
from assistant.quoting.quotable import suspicious_documents
from assistant.refusal import kept as kept_calibration
from assistant.settings import Settings
from index.embedding.packaged import sha256_of
from index.errors import FootnoteError, SourceError
from index.generations.kept import generations
from index.generations.opening import Generation
from index.generations.publish import current_folder
from index.unread import unread_documents, unread_told


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, whether it is as it should be, and what was seen."""

    name: str
    ok: bool
    detail: str


def examine(settings: Settings) -> tuple[Finding, ...]:
    """Look at everything that a rebuild or a server needs."""
    return (
        _looked("source", lambda: _readable(settings.source)),
        _looked("index", lambda: _index(settings.index)),
        _looked("languages", lambda: _languages(settings.index)),
        _looked("encoder", lambda: _encoder(settings.index)),
        _looked("reranker", lambda: _reranker(settings.reranker)),
        _looked("reader", lambda: _reader(settings.reader)),
        _looked("resolver", lambda: _named(RESOLVER.file())),
        _looked("calibration", lambda: _calibration(settings)),
        _looked("text to look at", lambda: _alarms(settings.index)),
        Finding("export", *_export()),
        *(Finding(name, True, detail) for name, detail in _choices(settings)),
        Finding("threads", True, f"{os.cpu_count()} processors, {settings.workers} workers"),
    )


def _looked(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, look())
    except (FootnoteError, OSError) as error:
        return Finding(name, False, str(error))


def _readable(source: Path) -> str:
    count = sum(1 for _ in source.iterdir())
    return f"{source} can be read, {count} entries"


def _index(index: Path) -> str:
    folder = current_folder(index)
    generation = Generation(folder)
    counts = generation.manifest.counts
    generation.close()
    writable = "writable" if os.access(index, os.W_OK) else "not writable by this user"
    kept = len(generations(index))
    return (
        f"{folder.name[:12]} is whole: {counts.documents} documents, {counts.passages} passages; "
        f"{kept} kept; {writable}"
    )


def _languages(index: Path) -> str:
    generation = Generation(current_folder(index))
    unread = unread_documents(generation.unread(), generation.documents)
    generation.close()
    if unread and not generation.manifest.counts.passages:
        raise SourceError(f"nothing can be answered: {unread_told(unread)}")
    return unread_told(unread) if unread else "every document is read"


def _alarms(index: Path) -> str:
    found = suspicious_documents(index)
    told = "".join(f"; {path}: {what}" for path, what in found)
    return f"{len(found)} documents give orders or hide from readers{told}" if found else "none"


def _encoder(index: Path) -> str:
    generation = Generation(current_folder(index))
    spec = generation.encoder.spec
    generation.close()
    return f"{spec.name}, {spec.precision}, weights {spec.sha256[:12] or 'from a hub'}"


def _reranker(reranker: str) -> str:
    folder = RERANKER.folder(reranker)
    Reranker(folder, threads=1).close()
    return _named(folder / "model.onnx")


def _reader(reader: str) -> str:
    folder = READER.folder(reader)
    Reader(folder, threads=1).close()
    return _named(folder / "model.onnx")


def _named(model: Path) -> str:
    return f"{model}, SHA-256 {sha256_of(model)[:12]}"


def _calibration(settings: Settings) -> str:
    kept = kept_calibration.read(settings.index)
    if kept is None:
        return "none: the shipped refusal model is in use"
    kept_calibration.in_use(settings.index, models_sha256(settings))
    return f"fitted to {kept.questions} questions, threshold {kept.model.threshold}"


def _export() -> tuple[bool, str]:
    """Say whether an encoder can be exported; that it cannot is worth knowing, but no fault."""
    try:
        return True, f"torch {version('torch')}, sentence-transformers available"
    except PackageNotFoundError:
        return True, "torch is not installed: a kept export is used, none can be made"


def _choices(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield what an owner can set for a folder, what it is set to, and what for."""
    globs = {"include": settings.include, "exclude": settings.exclude}
    files = [f"{name} = {json.dumps(value)}" for name, value in globs.items() if value]
    yield (
        "files",
        f"{', '.join(files)}"
        if files
        else "all are read; to choose, set include or exclude to globs, such as "
        'exclude = ["drafts"]',
    )
    yield (
        "base_url",
        settings.base_url
        or "not set: footnotes lead to this server's own page of a document; set it to where the "
        "documents are published, such as https://example.org/",
    )
    yield (
        "contact",
        settings.contact
        or "not set: a refusal names nobody to ask; set it to a line or an address",
    )
    yield "title", f"{settings.title!r} stands on the page and the widget; set title to change it"
