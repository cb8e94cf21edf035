"""Errors as RFC 9457 problem documents, whoever raises them.

Owns the form and the words of every error. A detail says how to mend the request; it never holds a
stack trace, nor more than the name of what was sent.
"""

import http
from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from assistant.schemas import Problem

MEDIA_TYPE = "application/problem+json"
MAX_BODY = 1 << 20
# About the time that one question takes on a busy machine: long enough to be worth waiting.
RETRY_AFTER_SECONDS = 2

DETAILS = {
    400: "The body is not JSON in UTF-8. Send one JSON object, encoded as UTF-8.",
    404: "There is nothing at this address. GET /openapi.json lists every route.",
    405: "This route does not take that method. The Allow header names those it takes.",
    413: f"The body is over {MAX_BODY} bytes. Send a shorter history.",
    500: "An unexpected error, which the server has logged. Trying again may not help.",
}
# RFC 9110's names, which the standard library has only since Python 3.13.
TITLES = {413: "Content Too Large", 422: "Unprocessable Content"}


def problem_of(status: int, detail: str | None = None) -> Problem:
    """Return the problem of a status; ``detail`` defaults to what the status means here."""
    title = _title(status)
    return Problem(title=title, status=status, detail=detail or DETAILS.get(status, title))


def _title(status: int) -> str:
    return TITLES.get(status, http.HTTPStatus(status).phrase)


def problem(
    status: int, detail: str | None = None, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Return a problem as a response."""
    content = problem_of(status, detail).model_dump()
    return JSONResponse(content, status_code=status, headers=headers, media_type=MEDIA_TYPE)


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the entries of an OpenAPI operation for these problems, for ``responses=``."""
    return {status: {"description": _title(status), "content": _CONTENT} for status in statuses}


_CONTENT = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
ANY_PROBLEM: dict[int | str, dict[str, Any]] = {
    "default": {"description": "Any other error, such as an unknown host.", "content": _CONTENT}
}


class Explained(HTTPException):
    """An error in words of our own; those of the libraries say nothing about mending."""
