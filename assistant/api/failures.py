"""What becomes of errors and of refusals of libraries: each ends as a problem document.

Owns which error means what to a client, and that nothing ends otherwise. The form and the words of
a problem are ``assistant.api.problems``'s.
"""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

import structlog
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.api.problems import RETRY_AFTER_SECONDS, Explained, problem
from assistant.api.state import state_of
from assistant.api.work.overload import Overloaded

log = structlog.get_logger(__name__)

# No answer is sent to a client that has gone; the number is nginx's, for the access log.
CLIENT_GONE = 499
# What libraries beneath us say in plain text, and what it means for whoever meets it.
FOREIGN = {
    "Invalid host header": (
        "This server does not answer to that host name. Its owner can add the name to "
        "allowed_hosts in footnote.toml or FOOTNOTE_ALLOWED_HOSTS."
    ),
    "Disallowed CORS": (
        "Pages of that origin may not send this request. The server's owner can add the origin to "
        "origins in footnote.toml or FOOTNOTE_ORIGINS."
    ),
}
HINTS = {
    "missing": "is required",
    "extra_forbidden": "is not a known field",
    "string_pattern_mismatch": "must hold more than white space",
    "string_unicode": "must be well-formed Unicode, without unpaired surrogates",
    "model_attributes_type": 'must be a JSON object, sent with "Content-Type: application/json"',
}
ERRORS_NAMED = 3


def _explain(errors: Sequence[Mapping[str, Any]]) -> str:
    """Put validation errors into words: where, and what would be right."""
    lines = []
    for error in errors[:ERRORS_NAMED]:
        where = ".".join(str(part) for part in error["loc"][1:])
        no_body = not where and error["type"] == "missing"
        kind = "model_attributes_type" if no_body else error["type"]
        what = HINTS.get(kind, error["msg"][:1].lower() + error["msg"][1:])
        lines.append(f"{where[:80] or 'The body'}: {what}.")
    if len(errors) > ERRORS_NAMED:
        lines.append(f"And {len(errors) - ERRORS_NAMED} more.")
    return " ".join(lines)


async def _http_error(_request: Request, error: HTTPException) -> Response:
    own_words = error.detail if isinstance(error, Explained) else None
    return problem(error.status_code, own_words, error.headers)


async def _invalid(_request: Request, error: RequestValidationError) -> Response:
    errors = error.errors()
    if errors[0]["type"] == "json_invalid":
        return problem(400)
    return problem(422, _explain(errors))


async def overloaded(request: Request, error: Overloaded) -> Response:
    """Count what is turned away, and return what says so."""
    state_of(request.app).metrics.rejected(error.reason)
    return problem(503, error.detail, {"Retry-After": str(RETRY_AFTER_SECONDS)})


async def _gone(request: Request, _error: ClientDisconnect) -> Response:
    state_of(request.app).metrics.gone()
    return Response(status_code=CLIENT_GONE)


Handler = Callable[[Request, Any], Coroutine[Any, Any, Response]]
HANDLERS: dict[int | type[Exception], Handler] = {
    HTTPException: _http_error,
    RequestValidationError: _invalid,
    Overloaded: overloaded,
    ClientDisconnect: _gone,
}


class Unexpected:
    """Turns any exception into a 500 problem and logs it; the client learns nothing of it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, whatever happens inside."""
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, watch)
        # The edge of the server: a bug may raise anything. Starlette's own handler raises it again
        # after answering, and uvicorn would log it a second time in a form of its own.
        except Exception:
            # Once a response has begun, dropping the connection is all that can be done.
            if started or scope["type"] != "http":
                raise
            log.exception("unexpected error", method=scope["method"])
            await problem(500)(scope, receive, send)


class PlainErrors:
    """Rewrites the plain-text errors of libraries (hosts, CORS, body limit) into problems."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass every message on, but for plain-text errors."""
        start: Message | None = None

        async def rewrite(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_plain_error(message):
                start = message
            elif start is None:
                await send(message)
            else:
                kept = {
                    name.decode(): value.decode()
                    for name, value in start["headers"]
                    if name not in {b"content-type", b"content-length"}
                }
                said = message["body"].decode()
                detail = next((FOREIGN[key] for key in FOREIGN if said.startswith(key)), None)
                await problem(start["status"], detail, kept)(scope, receive, send)

        await self.app(scope, receive, rewrite)


def _is_plain_error(message: Message) -> bool:
    content_type: bytes = dict(message["headers"]).get(b"content-type", b"")
    return bool(message["status"] >= 400) and content_type.startswith(b"text/plain")
