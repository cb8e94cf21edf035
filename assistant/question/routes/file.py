"""Routes as an owner writes them: a TOML file -> checked values.

Owns the file's form, the set that is shipped (``prompts/routes``), and errors that name the line
and its mending. Knows nothing of how a question is recognised.
"""

import re
import stat
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from assistant.question.routes.phrases import PhraseError, compiled
from index.errors import FootnoteError, shown

SHIPPED = "clinic"
_LARGEST = 1024 * 1024  # bytes; a file of routes is some hundred lines
_HEADER = re.compile(r"\s*\[\[\s*route\s*\]\]")

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class RoutesError(FootnoteError):
    """A file of routes cannot be used. The message names file, line and mending."""


class Route(BaseModel):
    """One route as it is written.

    ``examples`` are questions that belong to it and ``ordinary`` ones that come near and do not;
    ``always`` are phrases that are enough, ``words`` phrases that speak for it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
    notice: Text
    examples: Annotated[list[Text], Field(min_length=3, max_length=1000)]
    always: Annotated[list[Text], Field(max_length=1000)] = []
    words: Annotated[list[Text], Field(max_length=1000)] = []
    ordinary: Annotated[list[Text], Field(max_length=1000)] = []


@dataclass(frozen=True, slots=True)
class RouteSet:
    """The routes of a file in their order, and the bytes of all that they were read from."""

    routes: tuple[Route, ...]
    ordinary: tuple[str, ...]
    read_from: bytes


def shipped_routes() -> RouteSet:
    """Return the routes that come with the code. Raises ``RoutesError``, which would be a bug."""
    folder = files("prompts").joinpath("routes")
    data = folder.joinpath(f"{SHIPPED}.toml").read_bytes()
    return _parsed(f"prompts/routes/{SHIPPED}.toml", data)


def read_routes(path: Path) -> RouteSet:
    """Read an owner's routes. ``use = "clinic"`` stands for the shipped ones.

    Raises ``RoutesError``.
    """
    name = shown(str(path))
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise RoutesError(f"{name} is no file; name a file of routes, or remove it")
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise RoutesError(
            f"the routes {name} cannot be read ({error.strerror}); name another file in the "
            f"setting routes, or '{SHIPPED}' for those that are shipped"
        ) from error
    if len(data) > _LARGEST:
        raise RoutesError(f"{name} is larger than {_LARGEST // 1024} KiB; shorten it")
    return _parsed(name, data)


def ordinary_questions() -> list[str]:
    """Return questions that belong to no route, whatever the documents are about."""
    text = files("prompts").joinpath("routes", "ordinary.txt").read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _parsed(name: str, data: bytes) -> RouteSet:
    text = _decoded(name, data)
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise RoutesError(f"{name} is not TOML: {error}; correct that line") from error
    if content == {"use": SHIPPED}:
        return shipped_routes()
    for key in content.keys() - {"route"}:
        raise _wrong(name, f"'{key}' is not known here", _line(text, key), _FORM)
    tables = content.get("route")
    if not isinstance(tables, list) or not tables:
        raise _wrong(name, "no [[route]] is there", 1, _FORM)
    routes: list[Route] = []
    for place, table in enumerate(tables):
        route = _route(name, text, place, table)
        if any(route.name == other.name for other in routes):
            line = _line(text, "name", place)
            raise _wrong(name, f"there are two routes '{route.name}'", line, "rename one")
        routes.append(route)
    return RouteSet(tuple(routes), tuple(ordinary_questions()), data)


_FORM = f"write [[route]] tables with name, notice and examples, or only use = '{SHIPPED}'"


def _decoded(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise RoutesError(f"{name}, line {line}: not UTF-8; save the file as UTF-8") from error


def _route(name: str, text: str, place: int, table: Any) -> Route:
    try:
        route = Route.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        key, *below = (str(part) for part in first["loc"]) if first["loc"] else ("",)
        what = f"{key}: {first['msg']}" if key else first["msg"]
        where = _line(text, key, place)
        if below and isinstance(first.get("input"), str):
            where = _line_of(text, first["input"], where)
        known = ", ".join(Route.model_fields)
        raise _wrong(name, what, where, f"a route has {known}") from error
    for phrase in (*route.always, *route.words):
        try:
            compiled(phrase)
        except PhraseError as error:
            where = _line_of(text, phrase, _line(text, "name", place))
            raise _wrong(name, f"the phrase '{phrase}'", where, str(error)) from error
    return route


def _wrong(name: str, what: str, line: int, mend: str) -> RoutesError:
    return RoutesError(f"{name}, line {line}: {what}; {mend}")


def _line(text: str, key: str, place: int | None = None) -> int:
    """Return the line of a key, in the whole file or in the nth route; else the first of these."""
    lines = text.splitlines()
    first, last = 0, len(lines)
    if place is not None:
        headers = [row for row, line in enumerate(lines) if _HEADER.match(line)]
        if place < len(headers):
            first = headers[place]
            last = headers[place + 1] if place + 1 < len(headers) else last
    for row in range(first, last):
        if key and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", lines[row]):
            return row + 1
    return first + 1


def _line_of(text: str, value: str, otherwise: int) -> int:
    """Return the first line from ``otherwise`` on that holds a value as it was written."""
    for row, line in enumerate(text.splitlines()[otherwise - 1 :], start=otherwise):
        if value and value in line:
            return row
    return otherwise
