"""Source folder -> Documents.

Owns what each document is called, and that all that becomes of a file is told. How a file is read
is its loader's (``index.sources.loaders``).
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from index.errors import SourceError, UnreadableDocument, UnreadableDocuments, shown
from index.records import Document, Told
from index.sources.choosing import EVERYTHING, Choice
from index.sources.front_matter import LONGEST_ID
from index.sources.loader import Loaded, TextError
from index.sources.loaders import loader_of, loaders
from index.sources.walking import candidates, root_of, suffix, unfit

_LARGEST = 32 * 1024 * 1024  # bytes; a text file beyond this is a dump, not a document


@dataclass(frozen=True, slots=True)
class Collection:
    """What a folder holds: documents by path, and what became of every other file.

    ``skipped`` could not be read, ``empty`` holds no text, ``excluded`` counts what the owner chose
    to leave out, ``ignored`` has no loader. ``notes`` says what is worth knowing of files that were
    read. Paths are relative to the folder; what a terminal cannot show in them is escaped.
    """

    documents: tuple[Document, ...]
    skipped: tuple[Told, ...]
    empty: tuple[str, ...]
    excluded: int
    ignored: tuple[str, ...]
    notes: tuple[Told, ...]


def read_folder(
    source: Path,
    *,
    choice: Choice = EVERYTHING,
    skip_bad: bool = False,
    index: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Collection:
    """Read every document of a folder that the owner chose, ordered by relative path.

    Raises ``SourceError`` if the folder is missing, is no folder, cannot be listed, or holds no
    document; ``UnreadableDocuments`` naming every file or folder in it that cannot be read, unless
    ``skip_bad``, which lists them instead. Files of ``index`` are not listed as ignored.
    """
    root = root_of(source)
    found_files = candidates(root, choice, loaders(), index)
    skipped = list(found_files.bad)
    documents: list[Document] = []
    empty: list[str] = []
    notes: list[Told] = []
    for number, path in enumerate(found_files.paths):
        try:
            document, told = _read(root, path)
        except UnreadableDocument as error:
            skipped.append(Told(error.path, error.reason))
        else:
            notes += [Told(shown(path), each) for each in told]
            if document.blocks:
                url = choice.address(path, document.url)
                documents.append(replace(document, url=url))
            else:
                empty.append(shown(path))
        if progress:
            progress(number + 1, len(found_files.paths))
    skipped.sort(key=lambda each: each.path)
    if skipped and not skip_bad:
        raise UnreadableDocuments([(each.path, each.reason) for each in skipped])
    found = Collection(
        tuple(_with_ids_of_their_own(documents, notes)),
        tuple(skipped),
        tuple(empty),
        found_files.excluded,
        found_files.ignored,
        tuple(notes),
    )
    if not documents:
        raise SourceError(_nothing_to_read(source, found))
    return found


def _nothing_to_read(source: Path, found: Collection) -> str:
    why = [f"{each.path}: {each.reason}" for each in found.skipped[:1]]
    why += [f"{path} holds no text" for path in found.empty[:1]]
    why += [f"include and exclude leave out {found.excluded} files"] if found.excluded else []
    reasons = f" ({'; '.join(why)})" if why else ""
    return (
        f"{source} holds no document with text{reasons}; put files ending in "
        f"{', '.join(sorted(loaders()))} into it, or name another folder with --source"
    )


def read_document(root: Path, path: str) -> Document:
    """Read one document by its path relative to ``root``. Raises ``UnreadableDocument``.

    It has no blocks if it holds no text, and the address that it gives itself.
    """
    document, _ = _read(root, path)
    return document


def _read(root: Path, path: str) -> tuple[Document, tuple[str, ...]]:
    """Return a document, and what is worth knowing of how it was read."""
    data = _bytes(root, path)
    loaded = _loaded(path, data)
    matter = loaded.matter
    document = Document(
        id=matter.id or _slug(path),
        title=matter.title or loaded.outline.title or stem(path),
        path=path,
        url=matter.url,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        text=loaded.text,
        blocks=loaded.outline.blocks,
        questions=matter.questions,
        body=loaded.body,
        given=matter.title,
    )
    return document, loaded.notes


def stem(path: str) -> str:
    """Return what a document is called that has no title."""
    return Path(path).stem


def read_text(source: Path, path: str) -> tuple[bytes, str]:
    """Return the bytes and canonical text of a file that stands inside the folder.

    For checking a path that somebody else wrote down. Raises ``UnreadableDocument`` for a path that
    leads outside or has no loader, and ``SourceError`` if the folder is missing.
    """
    root = root_of(source)
    if Path(path).is_absolute() or ".." in Path(path).parts:
        raise UnreadableDocument(path, "leads out of the source folder")
    reason = "has no loader" if suffix(path) not in loaders() else unfit(root, path)
    if reason:
        raise UnreadableDocument(path, reason)
    data = _bytes(root, path)
    return data, _loaded(path, data).text


def _loaded(path: str, data: bytes) -> Loaded:
    try:
        return loader_of(path).load(data)
    except TextError as error:
        raise UnreadableDocument(path, str(error)) from error


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


def _slug(path: str) -> str:
    """Name a document after its path; the hash keeps apart what slugs alike."""
    words = re.sub(r"[^A-Za-z0-9]+", "-", str(Path(path).with_suffix(""))).strip("-").lower()
    return f"{words[:100].rstrip('-')}-{_digest(path)}" if words else f"document-{_digest(path)}"


def _digest(path: str) -> str:
    return hashlib.sha256(path.encode()).hexdigest()[:8]


def _with_ids_of_their_own(documents: list[Document], notes: list[Told]) -> Iterator[Document]:
    """Yield the documents, those with a path's hash in the id that have that of an earlier one."""
    seen: dict[str, str] = {}
    for document in documents:
        named = document
        while named.id in seen:
            hashed = f"{named.id[: LONGEST_ID - 9]}-{_digest(document.path)}"
            other = shown(seen[document.id])
            told = f"has the id '{document.id}', as {other} has; it is served as '{hashed}'"
            notes.append(Told(shown(document.path), told))
            named = replace(named, id=hashed)
        seen[named.id] = document.path
        yield named
