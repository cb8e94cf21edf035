"""Source folder -> Documents.

Owns which files are documents, what each is called, and that nothing is skipped silently. A loader
is chosen by suffix from ``LOADERS``; adding a format is adding a row. Links are never followed out
of the folder, hidden files are left alone, files without a loader are listed.
"""

import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from index.errors import SourceError, UnreadableDocument, shown
from index.records import Document
from index.sources.canonical import TextError, canonical_text
from index.sources.front_matter import read_front_matter
from index.sources.markdown import outline_markdown
from index.sources.text import Outline, outline_text

Outliner = Callable[[str, int], Outline]
LOADERS: Mapping[str, Outliner] = MappingProxyType(
    {".txt": outline_text, ".md": outline_markdown, ".markdown": outline_markdown}
)
# An owner's file beside the documents that is no document: which questions go to a person.
ROUTES = "routes.toml"
_LARGEST = 32 * 1024 * 1024  # bytes; a text file beyond this is a dump, not a document


@dataclass(frozen=True, slots=True)
class Skipped:
    """A document that was left out, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Collection:
    """What a folder holds: documents by path, what was skipped, and what has no loader.

    Paths are relative to the folder; what a terminal cannot show in them is escaped.
    """

    documents: tuple[Document, ...]
    skipped: tuple[Skipped, ...]
    ignored: tuple[str, ...]


def read_folder(
    source: Path,
    *,
    skip_bad: bool = False,
    index: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Collection:
    """Read every document of a folder, ordered by relative path.

    Raises ``SourceError`` if the folder is missing, is no folder, cannot be listed, holds no
    document or two with one id; ``UnreadableDocument`` for the first file or folder in it that
    cannot be read, unless ``skip_bad``, which lists it instead. Files of ``index`` are not listed
    as ignored.
    """
    root = _root(source)
    paths, skipped, ignored = _candidates(root, index, skip_bad=skip_bad)
    documents: list[Document] = []
    for number, path in enumerate(paths):
        try:
            documents.append(read_document(root, path))
        except UnreadableDocument as error:
            if not skip_bad:
                raise
            skipped.append(Skipped(error.path, error.reason))
        if progress:
            progress(number + 1, len(paths))
    _check_ids(documents)
    if not documents:
        suffixes = ", ".join(sorted(LOADERS))
        why = f" ({skipped[0].path}: {skipped[0].reason})" if skipped else ""
        raise SourceError(
            f"{source} holds no readable documents{why}; put files ending in {suffixes} into it, "
            "or name another folder with --source"
        )
    return Collection(tuple(documents), tuple(skipped), tuple(ignored))


def read_document(root: Path, path: str) -> Document:
    """Read one document by its path relative to ``root``. Raises ``UnreadableDocument``."""
    data, text = _decoded(root, path)
    try:
        matter = read_front_matter(text)
        outline = outlined(path, text, matter.end)
    except TextError as error:
        raise UnreadableDocument(path, str(error)) from error
    if not outline.blocks:
        raise UnreadableDocument(path, "holds no text to quote; write some, or remove the file")
    return Document(
        id=matter.id or _slug(path),
        title=matter.title or outline.title or stem(path),
        path=path,
        url=matter.url,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        text=text,
        blocks=outline.blocks,
        questions=matter.questions,
    )


def outlined(path: str, text: str, start: int) -> Outline:
    """Return the outline of a canonical text from ``start`` on, as the loader of a path reads it.

    Raises ``TextError``.
    """
    return LOADERS[_suffix(path)](text, start)


def stem(path: str) -> str:
    """Return what a document is called that has no title."""
    return Path(path).stem


def read_text(source: Path, path: str) -> tuple[bytes, str]:
    """Return the bytes and canonical text of a file that stands inside the folder.

    For checking a path that somebody else wrote down. Raises ``UnreadableDocument`` for a path that
    leads outside or has no loader, and ``SourceError`` if the folder is missing.
    """
    root = _root(source)
    if Path(path).is_absolute() or ".." in Path(path).parts:
        raise UnreadableDocument(path, "leads out of the source folder")
    reason = "has no loader" if _suffix(path) not in LOADERS else _unfit(root, path)
    if reason:
        raise UnreadableDocument(path, reason)
    return _decoded(root, path)


def _decoded(root: Path, path: str) -> tuple[bytes, str]:
    data = _bytes(root, path)
    try:
        return data, canonical_text(data)
    except TextError as error:
        raise UnreadableDocument(path, str(error)) from error


def _root(source: Path) -> Path:
    try:
        root = source.resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as error:  # missing; a ring of links; a NUL
        raise SourceError(
            f"the source folder {source} cannot be reached ({_why(error)}); create it, or name "
            "another with --source"
        ) from error
    if not root.is_dir():
        raise SourceError(f"{source} is not a folder; name the folder that holds it with --source")
    return root


def _candidates(
    root: Path, index: Path | None, *, skip_bad: bool
) -> tuple[list[str], list[Skipped], list[str]]:
    """Return relative paths with a loader, what cannot be read, and files without a loader."""
    paths: list[str] = []
    skipped: list[Skipped] = []
    ignored: list[str] = []
    ours = index.resolve() if index else None

    def bad(relative: str, reason: str) -> None:
        if not skip_bad:
            raise UnreadableDocument(relative, reason)
        skipped.append(Skipped(shown(relative), reason))

    for relative in _walk(root, bad):
        if relative == ROUTES:
            continue
        if _suffix(relative) not in LOADERS:
            if ours is None or not (root / relative).is_relative_to(ours):
                ignored.append(shown(relative))
            continue
        reason = _unfit(root, relative)
        if reason is None:
            paths.append(relative)
        else:
            bad(relative, reason)
    return sorted(paths), skipped, sorted(ignored)


def _walk(root: Path, bad: Callable[[str, str], None]) -> Iterator[str]:
    """Yield the relative path of every visible file and of every link to a folder.

    ``bad`` is told of each folder that cannot be listed, and why. Raises ``SourceError`` for the
    root.
    """

    def refuse(error: OSError) -> None:
        relative = Path(error.filename).relative_to(root).as_posix()
        mend = "allow reading it, or move it out of the source folder"
        if relative == ".":
            raise SourceError(f"cannot list {root}: {error.strerror}; {mend}") from error
        bad(relative, f"cannot be listed ({error.strerror}); {mend}")

    for folder, names, files in os.walk(root, onerror=refuse):
        names[:] = sorted(name for name in names if not name.startswith("."))
        linked = [name for name in names if (Path(folder) / name).is_symlink()]
        for name in sorted([*files, *linked]):
            if not name.startswith("."):
                yield (Path(folder) / name).relative_to(root).as_posix()


def _unfit(root: Path, relative: str) -> str | None:
    """Say why a candidate must not be opened, before it is."""
    path = root / relative
    if not relative.isprintable():
        return "its name holds characters that cannot be shown; rename it"
    try:
        target = path.resolve(strict=True)
        mode = target.stat().st_mode
    except (OSError, RuntimeError) as error:
        return f"cannot be reached ({_why(error)}); mend or remove it"
    if not target.is_relative_to(root):
        return "is a link that leads out of the source folder; copy the file in instead"
    if not stat.S_ISREG(mode):
        return "is not a regular file; remove it, or copy the file in instead of the link"
    return None


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _bytes(root: Path, path: str) -> bytes:
    try:
        with (root / path).open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise UnreadableDocument(
            path, f"cannot be read ({error.strerror}); allow reading it, or remove it"
        ) from error
    if len(data) > _LARGEST:
        raise UnreadableDocument(
            path, f"is larger than {_LARGEST // 1024**2} MiB; split it into several files"
        )
    return data


def _suffix(path: str) -> str:
    return Path(path).suffix.lower()


def _slug(path: str) -> str:
    """Name a document after its path; the hash keeps apart what slugs alike."""
    words = re.sub(r"[^A-Za-z0-9]+", "-", str(Path(path).with_suffix(""))).strip("-").lower()
    digest = hashlib.sha256(path.encode()).hexdigest()[:8]
    return f"{words[:100].rstrip('-')}-{digest}" if words else f"document-{digest}"


def _check_ids(documents: list[Document]) -> None:
    seen: dict[str, str] = {}
    for document in documents:
        if document.id in seen:
            raise SourceError(
                f"{seen[document.id]} and {document.path} both have the id '{document.id}'; "
                "change the id in one of them"
            )
        seen[document.id] = document.path
