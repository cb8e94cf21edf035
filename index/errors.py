"""What can go wrong, one small class per thing the caller can do about it.

FootnoteError                 one clear line that says how to fix it
├── SourceError               correct the source folder or the file it names
│   └── UnreadableDocument    correct or remove that one document (--skip-bad goes on without it)
├── ModelError                install or repair a model's files
├── IndexMissing              build an index first
├── IndexDamaged              rebuild, or roll back
├── IndexBusy                 wait for the other rebuild
├── IndexUnwritable           allow writing the index folder, or name another
└── UnknownGeneration         name a generation that exists
"""


class FootnoteError(Exception):
    """An error whose message tells its reader how to fix it."""


class SourceError(FootnoteError):
    """The source folder cannot be indexed as it is."""


class UnreadableDocument(SourceError):
    """One document cannot be read.

    ``path`` is relative to the source folder; what a terminal cannot show in it is escaped.
    """

    def __init__(self, path: str, reason: str) -> None:
        self.path = shown(path)
        self.reason = reason
        super().__init__(f"{self.path}: {reason}")


class ModelError(FootnoteError):
    """A model's files are missing, damaged or not what their hash says."""


class IndexMissing(FootnoteError):
    """There is no published generation."""


class IndexDamaged(FootnoteError):
    """Files of a generation do not match its manifest, or ``CURRENT`` leads to none.

    ``files`` names what is damaged.
    """

    def __init__(self, message: str, files: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.files = files


class IndexBusy(FootnoteError):
    """Another process is rebuilding the same index."""


class IndexUnwritable(FootnoteError):
    """The index folder cannot be written."""


class UnknownGeneration(FootnoteError):
    """No generation of that name is kept."""


def shown(name: str) -> str:
    """Return a file name with what a terminal cannot show, or would obey, escaped."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in name
    )
