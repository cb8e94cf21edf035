"""What can go wrong, one small class per thing the caller can do about it.

FootnoteError                 one clear line that says how to fix it
├── SourceError               correct the source folder or the file it names
│   ├── UnreadableDocument    fix or remove that one document
│   └── UnreadableDocuments   the same of all that a folder holds (--skip-bad goes on without them)
├── ModelError                install or repair a model's files
├── IndexMissing              build an index first
├── IndexDamaged              rebuild, or roll back
├── OtherChoice               rebuild, or take the setting back
├── IndexBusy                 wait for the other rebuild
├── IndexUnwritable           allow writing the index folder, or name another
└── UnknownGeneration         name a generation that exists
"""

from collections.abc import Sequence


class FootnoteError(Exception):
    """An error whose message tells its reader how to fix it.

    ``lines`` is the message in several lines, if it has more than one.
    """

    lines: tuple[str, ...] = ()


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


class UnreadableDocuments(SourceError):
    """Documents of a folder that cannot be read: ``problems`` has each path, and why."""

    _TOLD = 20

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        self.problems = tuple(problems)
        told = [f"{path}: {reason}" for path, reason in self.problems[: self._TOLD]]
        if len(self.problems) == 1:
            super().__init__(f"{told[0]}. To go on without it, add --skip-bad")
            return
        more = len(self.problems) - len(told)
        rest = [f"and {more} more"] if more else []
        self.lines = (
            f"{len(self.problems)} files cannot be read:",
            *(f"  {each}" for each in (*told, *rest)),
            "Fix or remove them, or go on without them: add --skip-bad",
        )
        super().__init__(" ".join(each.strip() for each in self.lines))


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


class OtherChoice(FootnoteError):
    """A generation was built by another setting than the one in force."""


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
