"""The order of the doors, and what every response tells a browser: hosts, origins, headers.

Owns the middleware of the server and its order. Knows nothing of the routes behind it.
"""

import http

from starlette.datastructures import Headers as RequestHeaders
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.api.doors.bodies import Bodies
from assistant.api.doors.entry import Entry, Guard
from assistant.api.doors.proxies import Forwarded
from assistant.api.failures import PlainErrors, Unexpected
from assistant.api.routes import feedback
from assistant.api.work.logs import AccessLog
from assistant.settings import Settings
from index.errors import FootnoteError

# Our pages load nothing from elsewhere, and nothing may frame them or take over their markup.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; require-trusted-types-for 'script'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
# Nor do they need what a browser can do besides showing text, or who opened them.
PAGE_HEADERS = {
    "Content-Security-Policy": PAGE_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}
# What a route does not say itself. An answer is the visitor's own: no cache may keep it.
DEFAULTS = {
    # Of what is no page of ours, a browser runs and loads nothing, should it show it as one.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def middleware(settings: Settings) -> list[Middleware]:
    """Return the doors, outermost first. Raises ``FootnoteError`` on what cannot be used."""
    cors = Middleware(
        Origins,
        allow_origins=settings.origins,
        allow_methods=["GET", "POST"],
        # A page on the internet may ask a server in the owner's own network, if it may ask at all.
        allow_private_network=True,
        expose_headers=["Retry-After", "RateLimit", "RateLimit-Policy", feedback.HEADER],
    )
    hosts = Middleware(
        TrustedHostMiddleware, allowed_hosts=_hosts(settings.allowed_hosts), www_redirect=False
    )
    proxies = Middleware(Forwarded, trusted=settings.trusted_proxies, root_path=settings.root_path)
    return [
        proxies,
        Middleware(AccessLog),
        Middleware(Headers),
        Middleware(PlainErrors),
        hosts,
        *([cors] if settings.origins else []),
        Middleware(Unexpected),
        Middleware(Entry, guard=Guard(settings)),
        Middleware(Bodies),
        Middleware(HeadAsGet),
    ]


def _hosts(allowed: list[str]) -> list[str]:
    """Return host patterns as they stand in a ``Host`` header, an IPv6 address in brackets."""
    for host in allowed:
        if (
            not host
            or "/" in host
            or "*" in host[1:]
            or (host[0] == "*" and host[1:2] not in {"", "."})
        ):
            raise FootnoteError(
                f"allowed_hosts: {host!r} is not a host name. Give names such as "
                "'docs.example.com', '*.example.com' or '[::1]', without scheme and path."
            )
    return [f"[{host}]" if ":" in host and host[0] != "[" else host for host in allowed]


class Origins(CORSMiddleware):
    """Grants a refused preflight nothing; Starlette grants the private network to any origin."""

    def preflight_response(self, request_headers: RequestHeaders) -> Response:
        """Return what the browser asks for before a page's request."""
        response = super().preflight_response(request_headers)
        if response.status_code != http.HTTPStatus.OK:
            del response.headers["Access-Control-Allow-Private-Network"]
        return response


class Headers:
    """Gives every response its security headers, and every HTML page its content policy."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add to the response what it does not say itself."""

        async def dress(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in DEFAULTS.items():
                    headers.setdefault(name, value)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.update(PAGE_HEADERS)
            await send(message)

        await self.app(scope, receive, dress)


class HeadAsGet:
    """Answers HEAD as GET (RFC 9110, 9.3.2); the server leaves the body out."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on the request, as a GET if it is a HEAD."""
        if scope["type"] == "http" and scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        await self.app(scope, receive, send)
