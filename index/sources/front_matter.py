"""The optional ``---`` header of a text file: id, title, url, questions.

Owns where the header ends and what it says. Reads YAML as a stream of events and accepts only plain
values and lists of them, so that no tag, alias or nesting can surprise.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import yaml

from index.sources.canonical import TextError

_OPEN = re.compile(r"---[ \t]*\n")
_CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_LONGEST = 16_384  # code points; a header is a few lines, anything longer is a mistake or an attack
_DEEPEST = 8
_NOT_MEANT = "or put an empty line before the '---' if it is no front matter"
_FRAME = (
    *(yaml.StreamStartEvent, yaml.StreamEndEvent),
    *(yaml.DocumentStartEvent, yaml.DocumentEndEvent),
)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a header says. ``end`` is where the body begins, in code points; 0 without a header."""

    end: int = 0
    id: str | None = None
    title: str | None = None
    url: str | None = None
    questions: tuple[str, ...] = ()


def read_front_matter(text: str) -> FrontMatter:
    """Read the header of a canonical text. Raises ``TextError``.

    Keys other than ours are an owner's business and are passed over.
    """
    opening = _OPEN.match(text)
    if not opening:
        return FrontMatter()
    closing = _CLOSE.search(text, opening.end())
    if not closing:
        first, _, _ = text[opening.end() : opening.end() + _LONGEST].partition("\n")
        if ":" not in first:
            return FrontMatter()  # a thematic break on the first line, not a header
        raise TextError(
            f"front matter opens with '---' but is never closed; add a '---' line, {_NOT_MEANT}"
        )
    if closing.end() > _LONGEST:
        raise TextError(
            f"front matter is longer than {_LONGEST:,} characters; shorten it, {_NOT_MEANT}"
        )
    values = _plain_values(text[opening.end() : closing.start()])
    return FrontMatter(
        end=closing.end(),
        id=_checked_id(_one(values, "id")),
        title=_one(values, "title"),
        url=_checked_url(_one(values, "url")),
        questions=tuple(values.get("questions", ())),
    )


def _plain_values(header: str) -> dict[str, list[str]]:
    """Parse ``key: value`` and ``key: [values]``; every value stays the string that was written."""
    try:
        events = list(_bounded(yaml.parse(header, Loader=yaml.SafeLoader)))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise TextError(
            f"front matter cannot be read at line {line}: {error.problem}; put quotes around a "
            "value that holds more than plain words"
        ) from error
    except yaml.reader.ReaderError as error:
        raise TextError(
            f"front matter holds the character U+{error.character:04X}; remove it"
        ) from error
    if not events:
        return {}
    if not isinstance(events[0], yaml.MappingStartEvent):
        raise TextError(f"front matter must be lines of 'key: value'; mend it, {_NOT_MEANT}")
    return _pairs(iter(events[1:-1]))


def _bounded(events: Iterator[yaml.Event]) -> Iterator[yaml.Event]:
    """Yield what lies in the document; stop at the first construct that a header does not need."""
    depth = 0
    for event in events:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise TextError(
                "front matter must not use YAML anchors or aliases (& and *); quote the value"
            )
        if getattr(event, "tag", None):
            raise TextError("front matter must not use YAML tags (!); quote the value")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise TextError("front matter is nested too deeply; use 'key: value' lines")
        if not isinstance(event, _FRAME):
            yield event


def _pairs(events: Iterator[yaml.Event]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for key in events:
        if not isinstance(key, yaml.ScalarEvent):
            raise TextError("front matter keys must be plain words; use 'key: value' lines")
        if key.value in values:
            raise TextError(f"front matter has {key.value[:80]!r} twice; keep one")
        values[key.value] = _value(events)
    return values


def _value(events: Iterator[yaml.Event]) -> list[str]:
    """Collect the scalars of one value, however it is nested; ours are checked by their readers."""
    found: list[str] = []
    depth = 0
    while True:
        event = next(events)  # the parser closes whatever it has opened
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.ScalarEvent) and event.value.strip():
            found.append(_clean(event.value))
        if depth == 0:
            return found


def _clean(value: str) -> str:
    """Make runs of white space one space; YAML's escapes can write what no text file holds."""
    value = " ".join(value.split())
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in value):
        raise TextError(
            f"front matter value {value[:80]!r} holds a control character; write it without the "
            "escape"
        )
    return value


def _one(values: dict[str, list[str]], key: str) -> str | None:
    found = values.get(key, [])
    if len(found) > 1:
        raise TextError(f"front matter {key!r} must be a single value; keep one")
    return found[0] if found else None


def _checked_id(value: str | None) -> str | None:
    if value is not None and not _ID.fullmatch(value):
        raise TextError(
            f"front matter id {value[:80]!r} must be 1-128 letters, digits, '.', '_' or '-', "
            "beginning with a letter or digit"
        )
    return value


def _checked_url(value: str | None) -> str | None:
    if value is None:
        return None
    try:
        parts = urlsplit(value)
    except ValueError as error:
        raise TextError(f"front matter url {value[:80]!r} cannot be read: {error}") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or " " in value:
        raise TextError(
            f"front matter url {value[:80]!r} must be one address beginning with http:// or "
            "https://"
        )
    return value
