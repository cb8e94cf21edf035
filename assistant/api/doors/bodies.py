"""How many large bodies there may be at the same time, so that they cannot fill the memory.

Owns which body is large, and that its place is given back however its request ends. Knows nothing
of how large a body a route takes, nor of what is in one.
"""

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.api.failures import overloaded
from assistant.api.work.overload import BodiesTaken, Places

# Bytes: what uvicorn takes in of any body before it is asked for, so that ``connections`` bounds
# how much of it there is. A conversation in the widget stays below.
SMALL = 64 << 10
# As many as workers and queue take by default; at MAX_BODY each they come to 32 MiB.
MOST = 32


class Bodies:
    """Lets so many requests with a large body in, and answers 503 to any more, at once.

    A place is held from before the body is read until the response has ended. What is left unread
    of a refused body is passed over, so that a client that sends it first gets its answer.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._places = Places(MOST, BodiesTaken)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on the request, or refuse it."""
        if scope["type"] != "http" or not _large(Headers(scope=scope)):
            await self.app(scope, receive, send)
            return
        try:
            self._places.enter()
        except BodiesTaken as error:
            response = await overloaded(Request(scope), error)
            await response(scope, receive, send)
            return
        try:
            await self.app(scope, receive, send)
        finally:
            self._places.leave()


def _large(headers: Headers) -> bool:
    """Say whether a body may be large: one that does not tell its length may be anything."""
    return "transfer-encoding" in headers or int(headers.get("content-length", "0")) > SMALL
