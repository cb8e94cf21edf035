"""The story of a rebuild: read the folder, cut passages, embed what is new, publish.

Knows the order of the steps and what the owner is told; each step is a module of its own.
"""

import hashlib
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from index.build_report import BuildReport, Changes
from index.embedding.embedder import Embedder, Threads
from index.embedding.encoder import ENCODER_FILES, Encoder, EncoderSpec
from index.embedding.kept import ENCODERS, Export, kept_encoder, prune_exports
from index.files import DISK, Disk
from index.generations import publish
from index.generations.opening import (
    ENCODER,
    LEXICON,
    NO_ROUTES,
    PASSAGES,
    ROUTES,
    SCHEMA_VERSION,
    SUGGESTIONS,
    VECTORS,
    Counts,
    Generation,
    Manifest,
    SourceFile,
)
from index.generations.previous import Previous, previous_of
from index.generations.trying import Suggest, tried
from index.language import read_and_unread
from index.passages.chunking import Chunking, all_passages, retrieval_text
from index.passages.withholding import Withhold, redacted
from index.records import Document, Passage, Told, Vector
from index.sources.choosing import EVERYTHING, Choice
from index.sources.folder import Collection, read_folder
from index.stores.documents import passages_bytes
from index.stores.lexicon import lexicon_files
from index.stores.vectors import vectors_bytes
from index.unread import Unread, unread_documents

Progress = Callable[[str, int, int], None]
# Given the encoder and what is published of them, the bytes of the routes that a generation keeps.
Routes = Callable[[Encoder, bytes], bytes]
# Libraries whose output is stored: another version may store other bytes.
_STORED_BY = (
    *("PyStemmer", "bm25s", "charset-normalizer", "faiss-cpu", "markdown-it-py", "numpy"),
    *("onnxruntime", "py3langid", "PyYAML", "regex", "sentencex", "tokenizers"),
)


def rebuild(  # noqa: PLR0913 - two folders, and by name what an owner may set
    source: Path,
    index: Path,
    *,
    model: str,
    choice: Choice = EVERYTHING,
    full: bool = False,
    skip_bad: bool = False,
    keep: int = 3,
    routes: Routes = lambda _encoder, _published: NO_ROUTES,
    withhold: Withhold | None = None,
    suggest: Suggest | None = None,
    cache: Path | None = None,
    embedder: Embedder | None = None,
    progress: Progress = lambda _stage, _done, _total: None,
    disk: Disk = DISK,
) -> BuildReport:
    """Build a generation from a folder and publish it. ``full`` embeds every passage anew.

    ``choice`` is which files are read, and where their documents are published.
    ``routes`` is asked before anything is embedded; what it raises fails the build. Of what
    ``withhold`` names no passage is made; the generation notes where it stands. ``suggest`` is
    asked which questions visitors may be offered, of the generation that is about to be published.
    ``cache`` lends exports of encoders to all indexes. ``embedder`` embeds what is new; without one
    this process does.

    Raises ``SourceError`` for the folder or a document in it, ``ModelError``, ``IndexBusy``,
    ``IndexUnwritable``; then what was published stays published.
    """
    # Read under the lock: of two rebuilds the one that read later must also publish later.
    with publish.locked(index, disk):
        collection = read_folder(
            source,
            choice=choice,
            skip_bad=skip_bad,
            index=index,
            progress=lambda done, total: progress("reading", done, total),
        )
        progress("encoder", 0, 1)
        export = kept_encoder(index, model, disk, cache=cache)
        progress("encoder", 1, 1)
        encoder = Encoder(export.folder, export.contents)
        previous = previous_of(index, encoder.spec, _versions)
        routed = routes(encoder, NO_ROUTES if full else previous.routes)
        chunking = Chunking(limit=encoder.spec.window)
        readings = [redacted(document, withhold) for document in collection.documents]
        cut = all_passages([each.document for each in readings], encoder.count, chunking)
        passages, unread = read_and_unread(cut, encoder.unknown)
        texts = [retrieval_text(passage, encoder.count, chunking) for passage in passages]
        digests = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        known = {} if full else previous.vectors
        vectors = _embed(embedder or Threads(), encoder, texts, digests, known, progress)

        def contents() -> Iterator[tuple[str, bytes]]:
            for name, data in export.contents.items():
                yield f"{ENCODER}/{name}", data
            yield ROUTES, routed
            for name, data in lexicon_files(texts).items():
                yield f"{LEXICON}/{name}", data
            yield PASSAGES, passages_bytes(readings, passages, digests, unread)
            yield VECTORS, vectors_bytes(vectors, encoder.spec.dimension)

        def manifest(hashes: dict[str, str]) -> Manifest:
            return _manifest(
                *(hashes, encoder.spec, chunking, collection.documents, passages),
                withholds=withhold is not None,
            )

        made = dict(contents())
        progress("suggestions", 0, 1)
        kept = previous.suggestions
        made[SUGGESTIONS], trouble = tried(index, made, manifest, suggest, kept, disk)
        progress("suggestions", 1, 1)

        def fill(put: publish.Put) -> Manifest:
            progress("writing", 0, 1)
            return manifest({name: put(name, data) for name, data in made.items()})

        index_id = publish.publish(index, keep, fill, disk)
        with publish.published_already(index_id):
            _prune_exports(index, export, disk)
        progress("writing", 1, 1)
    report = _report(index_id, collection, unread, digests, known, previous, encoder.spec)
    troubles = {"suggestions": trouble, "encoder": export.trouble}
    notes = tuple(Told(what, why) for what, why in troubles.items() if why)
    return replace(report, notes=(*report.notes, *notes))


def build_aside(  # noqa: PLR0913 - it calls rebuild, and takes what that takes
    source: Path,
    index: Path,
    aside: Path,
    published: Generation,
    *,
    model: str,
    choice: Choice = EVERYTHING,
    routes: Routes = lambda _encoder, _published: NO_ROUTES,
    withhold: Withhold | None = None,
    suggest: Suggest | None = None,
    skip_bad: bool = False,
    progress: Progress = lambda _stage, _done, _total: None,
    disk: Disk = DISK,
) -> BuildReport:
    """Build in ``aside``, an empty folder, what ``rebuild`` would publish in ``index``.

    ``published`` is the generation of ``index`` that is compared with and whose vectors are reused.
    ``aside`` becomes an index of its own with the new generation published in it; ``index`` is only
    read, so its lock is not needed. Raises as ``rebuild`` does.
    """
    # Copied, because an export that is missing or damaged is made anew where it is looked for.
    for path in sorted((index / ENCODERS).glob("*/*")):
        if path.is_file():
            copied = aside / path.relative_to(index)
            disk.make_folder(copied.parent)
            disk.write(copied, path.read_bytes())
    folder = (index / published.index_id).resolve()
    (aside / published.index_id).symlink_to(folder, target_is_directory=True)
    disk.replace(aside / publish.CURRENT, f"{published.index_id}\n".encode())
    return rebuild(
        *(source, aside),
        model=model,
        choice=choice,
        routes=routes,
        withhold=withhold,
        suggest=suggest,
        skip_bad=skip_bad,
        keep=2,
        progress=progress,
        disk=disk,
    )


def _prune_exports(index: Path, used: Export, disk: Disk) -> None:
    kept = [
        {name: manifest.files[f"{ENCODER}/{name}"] for name in ENCODER_FILES}
        for manifest in publish.kept_manifests(index)
    ]
    prune_exports(index, used, kept, disk)


def _embed(
    embedder: Embedder,
    encoder: Encoder,
    texts: Sequence[str],
    digests: Sequence[str],
    known: Mapping[str, Vector],
    progress: Progress,
) -> list[Vector]:
    """Return one vector a text, computing each text once and only if it is not known."""
    missing = {
        digest: text for digest, text in zip(digests, texts, strict=True) if digest not in known
    }
    vectors = dict(known)
    progress("embedding", 0, len(missing))
    embedded = zip(missing, embedder.embed(encoder, missing.values()), strict=True)
    for done, (digest, vector) in enumerate(embedded, start=1):
        vectors[digest] = vector
        progress("embedding", done, len(missing))
    return [vectors[digest] for digest in digests]


def _manifest(
    hashes: dict[str, str],
    encoder: EncoderSpec,
    chunking: Chunking,
    documents: Sequence[Document],
    passages: Sequence[Passage],
    *,
    withholds: bool,
) -> Manifest:
    unnamed = Manifest(
        schema_version=SCHEMA_VERSION,
        index_id="",
        encoder=encoder,
        chunking=chunking,
        withholds=withholds,
        counts=Counts(len(documents), len(passages), sum(len(p.sentences) for p in passages)),
        versions=_versions(),
        files=hashes,
        documents=tuple(SourceFile(d.id, d.path, d.sha256, d.size) for d in documents),
    )
    return unnamed.named()


def _versions() -> dict[str, str]:
    libraries = {name: version(name) for name in _STORED_BY}
    return {**libraries, "sqlite": sqlite3.sqlite_version, "unicode": unicodedata.unidata_version}


def _report(
    index_id: str,
    collection: Collection,
    unread: Sequence[Unread],
    digests: Sequence[str],
    known: Mapping[str, Vector],
    previous: Previous,
    encoder: EncoderSpec,
) -> BuildReport:
    before = {document.id: (document.sha256, document.path) for document in previous.documents}
    after = {document.id: (document.sha256, document.path) for document in collection.documents}
    kept = before.keys() & after.keys()
    unchanged = sum(before[name] == after[name] for name in kept)
    same = Counter(previous.digests) & Counter(digests)
    reused = sum(number for digest, number in same.items() if digest in known)
    return BuildReport(
        index_id=index_id,
        documents=Changes(
            added=len(after.keys() - before.keys()),
            changed=len(kept) - unchanged,
            removed=len(before.keys() - after.keys()),
            reused=unchanged,
        ),
        passages=Changes(
            added=len(digests) - same.total(),
            changed=same.total() - reused,
            removed=len(previous.digests) - same.total(),
            reused=reused,
        ),
        skipped=collection.skipped,
        empty=collection.empty,
        excluded=collection.excluded,
        ignored=collection.ignored,
        notes=collection.notes,
        first=not previous.documents,
        unread=unread_documents(unread, collection.documents),
        encoder=encoder.told(),
    )
