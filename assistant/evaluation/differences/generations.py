"""What a rebuild would change, and which golden questions would answer differently.

Owns the comparison of the published generation with the one that a rebuild would publish, which is
built in a temporary folder and thrown away. Publishes nothing and writes nothing into the index.
Knows nothing of terminals.
"""

import fcntl
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from assistant.evaluation.differences.answers import ChangedAnswer, changed_answers
from assistant.evaluation.differences.sentences import ChangedSentence, changed_sentences
from assistant.evaluation.golden import GoldenQuestion, read_golden
from assistant.evaluation.suggesting import suggest_for
from assistant.question.routes.build import routes_for
from assistant.quoting.quotable import withhold_for
from assistant.settings import Settings
from index.build import build_aside
from index.build_report import Changes
from index.errors import IndexBusy, IndexUnwritable
from index.files import DISK
from index.generations.opening import ROUTES, Generation, Manifest
from index.generations.publish import current_id, open_published
from index.records import Told

Progress = Callable[[str, int, int], None]
_PREFIX = "footnote-diff-"
# A folder whose maker is gone is removed by the next comparison; one that is younger may be of a
# process that has not come to locking it yet.
_ABANDONED_SECONDS = 60


@dataclass(frozen=True, slots=True)
class ChangedDocument:
    """A document whose bytes or path would change; ``before`` is the path that it has now.

    ``sentences`` are those that would be added and removed: none, if only its path, its layout or
    what is said of it in front matter would change.
    """

    path: str
    before: str
    sentences: tuple[ChangedSentence, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentChanges:
    """Documents by path, told apart by their ids. ``reused`` counts those that stay as they are."""

    added: tuple[str, ...]
    changed: tuple[ChangedDocument, ...]
    removed: tuple[str, ...]
    reused: int


@dataclass(frozen=True, slots=True)
class GoldenChanges:
    """What was asked of both generations; nothing, if they are the same."""

    file: str
    asked: int
    changed: tuple[ChangedAnswer, ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """What a rebuild would change.

    ``published`` and ``index_id`` name the generation that is published and the one that a rebuild
    would publish. ``made_with`` says what differs besides documents, a sentence each: encoder,
    chunking, libraries. ``golden`` is ``None`` if there is no golden file.
    """

    published: str
    index_id: str
    documents: DocumentChanges
    passages: Changes
    skipped: tuple[Told, ...]
    made_with: tuple[str, ...]
    golden: GoldenChanges | None


def differences(
    settings: Settings,
    *,
    skip_bad: bool = False,
    progress: Progress = lambda _stage, _done, _total: None,
) -> Differences:
    """Compare the published generation with what a rebuild would publish now.

    Raises ``IndexMissing`` or ``IndexDamaged`` if nothing whole is published, ``IndexBusy`` if it
    is replaced meanwhile, ``FootnoteError`` for a golden file that is broken, or missing although
    it was named, and what ``rebuild`` raises for the source folder and the model.
    """
    questions = _questions(settings)
    with ExitStack() as opened:
        published = opened.enter_context(closing(open_published(settings.index)))
        aside = opened.enter_context(_temporary_folder())
        report = build_aside(
            *(settings.source, settings.index, aside, published),
            model=settings.model,
            choice=settings.choice,
            routes=routes_for(settings),
            withhold=withhold_for(settings),
            suggest=suggest_for(settings),
            skip_bad=skip_bad,
            progress=progress,
        )
        if current_id(settings.index) != published.index_id:
            raise IndexBusy(
                f"another generation of {settings.index} was published meanwhile; run 'footnote "
                "diff' again"
            )
        rebuilt = opened.enter_context(closing(open_published(aside)))
        return Differences(
            published=published.index_id,
            index_id=report.index_id,
            documents=_document_changes(published, rebuilt),
            passages=report.passages,
            skipped=report.skipped,
            made_with=_made_with(published.manifest, rebuilt.manifest),
            golden=_golden_changes(settings, questions, published, rebuilt, progress),
        )


def _questions(settings: Settings) -> list[GoldenQuestion] | None:
    """Read the golden file, or return ``None`` if there is none where nobody promised one."""
    if "golden" not in settings.model_fields_set and not settings.golden.exists():
        return None
    return read_golden(settings.golden)


@contextmanager
def _temporary_folder() -> Iterator[Path]:
    """Lend a folder that is removed afterwards: by the next comparison, if this one is killed."""
    try:
        _remove_abandoned(Path(tempfile.gettempdir()))
        folder = tempfile.TemporaryDirectory(prefix=_PREFIX)
    except OSError as error:
        raise IndexUnwritable(
            f"no temporary folder can be made ({error.strerror}); name one that can be written "
            "with TMPDIR"
        ) from error
    with folder as name, _held(Path(name)):
        yield Path(name)


def _remove_abandoned(temporary: Path) -> None:
    """Remove our own folders that nobody holds any more; what cannot be removed is left."""
    for path in temporary.glob(f"{_PREFIX}*"):
        with suppress(OSError, IndexBusy, IndexUnwritable):
            found = path.lstat()
            age = time.time() - found.st_mtime
            if found.st_uid == os.geteuid() and age > _ABANDONED_SECONDS and path.is_dir():
                with _held(path):
                    DISK.remove_tree(path)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold a folder for as long as this process lives. Raises ``IndexBusy``."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def _document_changes(published: Generation, rebuilt: Generation) -> DocumentChanges:
    before, after = (
        {document.id: (row, document) for row, document in enumerate(each.documents)}
        for each in (published, rebuilt)
    )
    kept = [(before[name], after[name]) for name in after if name in before]
    changed = [
        ChangedDocument(
            path=new.path,
            before=old.path,
            sentences=()
            if old.sha256 == new.sha256
            else changed_sentences(published.passages_of(old_row), rebuilt.passages_of(new_row)),
        )
        for (old_row, old), (new_row, new) in kept
        if (old.sha256, old.path) != (new.sha256, new.path)
    ]
    return DocumentChanges(
        added=tuple(document.path for name, (_, document) in after.items() if name not in before),
        changed=tuple(changed),
        removed=tuple(document.path for name, (_, document) in before.items() if name not in after),
        reused=len(kept) - len(changed),
    )


def _made_with(before: Manifest, after: Manifest) -> tuple[str, ...]:
    sentences = []
    if before.encoder != after.encoder:
        old, new = before.encoder, after.encoder
        sentences.append(
            f"encoder: {old.name} ({old.sha256[:12]}, {old.precision}) becomes "
            f"{new.name} ({new.sha256[:12]}, {new.precision})"
        )
    if before.chunking != after.chunking:
        sentences.append(f"chunking: {before.chunking} becomes {after.chunking}")
    if before.files.get(ROUTES) != after.files.get(ROUTES):
        sentences.append("routes: other questions go to a person")
    for name in sorted(before.versions.keys() | after.versions.keys()):
        versions = [each.versions.get(name, "absent") for each in (before, after)]
        if versions[0] != versions[1]:
            sentences.append(f"{name}: {versions[0]} becomes {versions[1]}")
    return tuple(sentences)


def _golden_changes(
    settings: Settings,
    questions: Sequence[GoldenQuestion] | None,
    published: Generation,
    rebuilt: Generation,
    progress: Progress,
) -> GoldenChanges | None:
    if questions is None:
        return None
    if published.index_id == rebuilt.index_id:
        return GoldenChanges(str(settings.golden), 0, ())
    changed = changed_answers(
        questions, published, rebuilt, settings, lambda done, total: progress("asking", done, total)
    )
    return GoldenChanges(str(settings.golden), len(questions), changed)
