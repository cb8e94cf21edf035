"""The header of a text file: id, title, url, questions, as site generators write it.

Owns where the header ends and what it says: YAML between ``---`` lines, TOML between ``+++`` lines.
A header is never a reason not to read a document. What cannot be read in it is left out of the text
all the same, and told.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from index.sources.loader import Matter

_YAML = re.compile(r"---[ \t]*\n(?P<header>(?s:.*?))^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
_TOML = re.compile(r"\+\+\+[ \t]*\n(?P<header>(?s:.*?))^\+\+\+[ \t]*(?:\n|\Z)", re.MULTILINE)
# "key: value" at the beginning of a line, which is how a header begins and prose rarely does.
_PAIR = re.compile(r"^(?P<key>[\w.-]+)[ \t]*:(?:[ \t]+(?P<value>[^\n]*\S))?[ \t]*$", re.MULTILINE)
_OPENED = re.compile(rf"---[ \t]*\n{_PAIR.pattern[1:]}", re.MULTILINE)
_UNCLOSED = "front matter opens with '---' and is never closed; all of it was read as text"
# What stands at the beginning of a line in YAML, besides a pair: a comment, an item, a bracket.
_OF_YAML = re.compile(r"[ \t#\-\]}>|?]|$")
_SENTENCE = re.compile(r"[.!?][\"'”’)]*$")
_TOML_PAIR = re.compile(r"^[ \t]*(?:[\w.\"'-]+[ \t]*=|\[)", re.MULTILINE)
# A name that a site generator would fill in: no reader ever sees it as it stands.
_FILLED_IN = re.compile(r"\{\{|\{%|<%|\$\{")
_NOT_IN_IDS = re.compile(r"[^A-Za-z0-9._-]+")
LONGEST_ID = 128


def _words(value: Any) -> str | None:
    """Return a value as one line of text, the first of several; ``None`` for anything else."""
    if isinstance(value, list):
        return next((words for words in map(_words, value) if words), None)
    if not isinstance(value, str):
        return None if value is None or isinstance(value, Mapping) else str(value)
    shown = (" " if unicodedata.category(each) in {"Cc", "Cs"} else each for each in value)
    words = " ".join("".join(shown).split())
    return words if words and not _FILLED_IN.search(words) else None


def _list(value: Any) -> tuple[str, ...]:
    each = value if isinstance(value, list) else [value]
    return tuple(words for words in map(_words, each) if words)


def _id(value: Any) -> str | None:
    plain = _NOT_IN_IDS.sub("-", _words(value) or "").strip("-._")
    return plain[:LONGEST_ID] or None


def _address(value: Any) -> str | None:
    """Return a web address, or the path of one on the owner's site; nothing else is a place."""
    words = _words(value)
    if words is None:
        return None
    try:
        parts = urlsplit(words)
    except ValueError:
        return None
    web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    on_site = not parts.scheme and not parts.netloc and bool(parts.path)
    return words if " " not in words and (web or on_site) else None


class _Header(BaseModel):
    """What we make of a header's values. Keys other than ours are the owner's business."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: Annotated[str | None, BeforeValidator(_id)] = None
    title: Annotated[str | None, BeforeValidator(_words)] = None
    url: Annotated[str | None, BeforeValidator(_address)] = None
    questions: Annotated[tuple[str, ...], BeforeValidator(_list)] = ()


@dataclass(frozen=True, slots=True)
class FrontMatter(Matter):
    """What a header says. ``end`` is where the body begins, in code points; 0 without a header.

    ``trouble`` says what could not be read.
    """

    end: int = 0
    trouble: str | None = None


def read_front_matter(text: str) -> FrontMatter:
    """Read the header of a canonical text. Prose between two rules is no header."""
    for fence, read in ((_YAML, _yaml), (_TOML, _toml)):
        found = fence.match(text)
        if found:
            values, trouble = read(found["header"])
            if values is None:
                return FrontMatter()
            header = _checked(values)
            return FrontMatter(**header.model_dump(), end=found.end(), trouble=trouble)
    opened = _OPENED.match(text)
    return FrontMatter(trouble=_UNCLOSED) if opened else FrontMatter()


def _checked(values: Mapping[Any, Any]) -> _Header:
    ours = {name: values[name] for name in _Header.model_fields if name in values}
    try:
        return _Header.model_validate(ours)
    except ValidationError as error:  # every value is read by a function that takes anything
        raise AssertionError(ours) from error


def _yaml(header: str) -> tuple[Mapping[Any, Any] | None, str | None]:
    """Return a header's values and what was wrong; no values if it is prose."""
    values = _loaded(header)
    if isinstance(values, Mapping):
        return (None if _is_prose(values) else values), None
    if not header.strip() or all(line.startswith("#") for line in header.split("\n") if line):
        return {}, None
    first = _PAIR.search(header)
    if first is None or header[: first.start()].strip(" \t\n-#"):
        return None, None
    quoted = _loaded(_PAIR.sub(_quoted, header))
    if isinstance(quoted, Mapping):
        return quoted, None
    lines = _PAIR.sub("", header).split("\n")
    if not all(_OF_YAML.match(line) for line in lines):
        return None, None
    pairs = {each["key"]: _loaded(each["value"] or "") for each in _PAIR.finditer(header)}
    return pairs, "parts of the front matter are no YAML; only its plain lines were read"


def _is_prose(values: Mapping[Any, Any]) -> bool:
    """Say whether what YAML takes for pairs are sentences with a colon: "Note: bring a coat."."""
    return bool(values) and all(_is_sentence(*pair) for pair in values.items())


def _is_sentence(key: Any, value: Any) -> bool:
    if not isinstance(key, str) or key.lower() in _Header.model_fields:
        return False
    ends = isinstance(value, str) and _SENTENCE.search(value)
    return " " in key or (key[:1].isupper() and bool(ends))


def _loaded(text: str) -> object:
    """Return what YAML says, every scalar as the string that was written; an error says nothing."""
    try:
        # Knows no tag, so that nothing is made but strings, lists and mappings.
        return yaml.BaseLoader(text).get_single_data()
    except (yaml.YAMLError, RecursionError):
        return _NOTHING


_NOTHING = object()


def _quoted(pair: re.Match[str]) -> str:
    """Return a line with its value in quotes, if YAML cannot read the line as it stands."""
    if pair["value"] is None or isinstance(_loaded(pair.group()), Mapping):
        return pair.group()
    value = pair["value"].replace("'", "''")
    return f"{pair['key']}: '{value}'"


def _toml(header: str) -> tuple[Mapping[Any, Any] | None, str | None]:
    try:
        return tomllib.loads(header), None
    except (tomllib.TOMLDecodeError, RecursionError):
        pass
    if not _TOML_PAIR.match(header):
        return None, None
    return {}, "the front matter is no TOML; nothing in it was read"
