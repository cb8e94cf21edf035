"""Who may come in: keys, visitors of our pages, and how often.

Owns the decision, which is made before a body is read. A route that is not named here needs a key
as soon as there is one, so that a new route, or another spelling of a path, cannot be forgotten.
"""

from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.api.doors.clients import client_of
from assistant.api.doors.keys import Keys
from assistant.api.doors.proxies import path_within
from assistant.api.doors.rates import Rate
from assistant.api.problems import RETRY_AFTER_SECONDS, problem
from assistant.api.routes.negotiation import preferred
from assistant.api.state import state_of
from assistant.api.work.overload import CROWD, CROWDED
from assistant.settings import Settings
from index.errors import FootnoteError

# Whoever keeps the server running has no key, and asks as often as it likes.
OPERATIONS = frozenset({"/livez", "/readyz"})
# What a page needs before anybody has asked anything. Costs nothing, says nothing that is asked.
PAGES = frozenset({"/", "/widget.js", "/page.css", "/home.js", "/document.js", "/openapi.json"})
# What visitors do with the widget. A page of another origin has to be named for it.
ASKING = frozenset({"/ask", "/feedback"})
SUGGESTIONS = "/suggestions"
DOCUMENT = "/documents/"

NEEDS_KEY = (
    "This server answers whoever has an API key. Send it as 'Authorization: Bearer KEY'; its owner "
    "makes one with 'footnote key'."
)
WRONG_KEY = "This API key does not hold here. The server's owner makes one with 'footnote key'."
TOO_OFTEN = "Too many requests from this address. Try again after the seconds in Retry-After."
# A proxy that reads the one while we read the other would take the rest of a body for a request of
# whoever comes next (RFC 9112, 6.1).
FRAMED_TWICE = "Send either Content-Length or Transfer-Encoding, not both."
_FRAMED_TWICE = frozenset({b"content-length", b"transfer-encoding"})
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="Footnote"'}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not let in; ``reason`` is what ``/metrics`` counts it as."""

    status: int
    reason: str
    detail: str
    headers: dict[str, str]


class Guard:
    """What the owner decided about who may come in, and how often.

    Raises ``FootnoteError`` when the settings do not go together.
    """

    def __init__(self, settings: Settings) -> None:
        self._keys = Keys(settings.keys)
        self._visitors = settings.visitors
        self._origins = frozenset(settings.origins)
        self._rate = Rate(settings.rate) if settings.rate else None
        if self._keys and self._visitors and not self._rate:
            raise FootnoteError(
                "keys: visitors of your pages ask without a key, and an Origin header is easily "
                "forged, so limit how often: set rate, such as '30/minute', in footnote.toml or "
                "FOOTNOTE_RATE. Or set visitors = false, and nobody asks without a key."
            )

    def refusal(self, scope: Scope) -> Refusal | None:
        """Return why a request is not let in, or ``None`` if it is; counts it in any case.

        Whoever has a key is not counted: the owner knows them, and a program may ask for many
        people from one address.
        """
        if {name for name, _ in scope["headers"]} >= _FRAMED_TWICE:
            return Refusal(400, "framing", FRAMED_TWICE, {"Connection": "close"})
        if path_within(scope) in OPERATIONS:
            return None
        if CROWDED in scope.get("state", {}):
            retry = {"Retry-After": str(RETRY_AFTER_SECONDS), "Connection": "close"}
            return Refusal(503, "connections", CROWD, retry)
        headers = Headers(scope=scope)
        given = headers.get("authorization") if self._keys else None
        if given is not None and self._keys.hold(_bearer(given)):
            return None
        return self._too_often(scope) or self._keyless(scope, headers, given)

    def _too_often(self, scope: Scope) -> Refusal | None:
        if self._rate is None or path_within(scope) in PAGES:
            return None
        allowance = self._rate.take(client_of(scope))
        if allowance.granted:
            return None
        return Refusal(429, "rate", TOO_OFTEN, allowance.headers())

    def _keyless(self, scope: Scope, headers: Headers, given: str | None) -> Refusal | None:
        """Judge a request without a key, or with one (``given``) that does not hold."""
        if not self._keys or (given is None and self._visits(scope, headers)):
            return None
        detail = NEEDS_KEY if given is None else WRONG_KEY
        return Refusal(401, "key", detail, CHALLENGE)

    def _visits(self, scope: Scope, headers: Headers) -> bool:
        """Say whether this is what a visitor's browser does on our page, or on one we allow."""
        if not self._visitors:
            return False
        path = path_within(scope)
        if path in ASKING:
            return self._ours(headers.get("origin", ""), headers.get("host", ""))
        if scope["method"] not in {"GET", "HEAD"}:
            return False
        if path.startswith(DOCUMENT):
            # Where footnotes lead. A browser does not say from where a link was followed.
            offers = ("application/json", "text/html")
            return preferred(headers.get("accept"), offers) == "text/html"
        return path in PAGES or path == SUGGESTIONS

    def _ours(self, origin: str, host: str) -> bool:
        """Say whether a page of this origin may ask. ``host`` has been found to be allowed."""
        scheme, _, name = origin.partition("://")
        own = scheme in {"http", "https"} and name.casefold() == host.casefold()
        return own or origin in self._origins


class Entry:
    """Lets a request in, or answers 400, 401, 429 or 503."""

    def __init__(self, app: ASGIApp, guard: Guard) -> None:
        self.app = app
        self._guard = guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on the request, or refuse it."""
        refusal = self._guard.refusal(scope) if scope["type"] == "http" else None
        if refusal is None:
            await self.app(scope, receive, send)
            return
        state_of(scope["app"]).metrics.rejected(refusal.reason)
        await problem(refusal.status, refusal.detail, refusal.headers)(scope, receive, send)


def _bearer(authorization: str) -> str:
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.casefold() == "bearer" else ""
