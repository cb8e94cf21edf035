"""What the server writes to stderr: one line an event, and one line a request.

Owns the form of log lines. Questions, histories and query strings are never in them.
"""

import logging
import sys
import time

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger(__name__)


def configure(*, terminal: bool | None = None) -> None:
    """Send structured lines to stderr: readable on a terminal, JSON elsewhere."""
    readable = sys.stderr.isatty() if terminal is None else terminal
    # Values are shown as Python literals, so that a path cannot forge a second line.
    renderer: structlog.types.Processor = (
        structlog.dev.ConsoleRenderer(
            # A traceback with local variables would show the question.
            repr_native_str=True,
            pad_event_to=0,
            exception_formatter=structlog.dev.plain_traceback,
        )
        if readable
        else structlog.processors.JSONRenderer()
    )
    errors = [] if readable else [structlog.processors.format_exc_info]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            *errors,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


class AccessLog:
    """Logs method, path, status and milliseconds of each request when its response has ended."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, then log it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        status: int | None = None

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watch)
        finally:
            log.info(
                "request",
                method=scope["method"],
                # Still percent-encoded, so it holds no control characters.
                path=scope["raw_path"].decode("ascii", "backslashreplace"),
                status=status,
                ms=round((time.perf_counter() - began) * 1000, 1),
            )
