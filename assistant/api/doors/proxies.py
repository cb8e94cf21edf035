"""What a proxy says of the request that it was sent: from trusted ones, and from nobody else.

Owns host and path prefix; scheme and client address are read by uvicorn's own middleware. Behind
this door a request looks as it did before the first proxy, so that every address that is made of it
is right.
"""

import re
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network
from typing import Any, cast

from starlette.datastructures import Headers, MutableHeaders
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from assistant.api.doors.clients import address_of

# RFC 3986: what a host and its port, and a path that needs no escaping, are made of.
_HOST = re.compile(r"(?:\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::\d{1,5})?")
_PREFIX = re.compile(r"(?:/[\w~-][\w.~-]*)*")


class Forwarded:
    """Puts what trusted proxies say in the place of what they sent.

    ``root_path`` is the path that the server is reached below, if no proxy says another.
    """

    def __init__(
        self, app: ASGIApp, trusted: Sequence[IPv4Network | IPv6Network], root_path: str
    ) -> None:
        networks = [str(network) for network in trusted]
        self._app = ProxyHeadersMiddleware(cast("Any", app), trusted_hosts=networks)
        self._trusted = tuple(trusted)
        self._root_path = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on the request as the first proxy was sent it."""
        seen = self._seen(scope) if scope["type"] == "http" else scope
        await self._app(cast("Any", seen), cast("Any", receive), cast("Any", send))

    def _seen(self, scope: Scope) -> Scope:
        root = self._root_path
        headers = MutableHeaders(raw=list(scope["headers"]))
        address = address_of(scope["client"][0]) if scope.get("client") else None
        # Where both kinds of addresses are listened to, one of IPv4 comes as one of IPv6.
        client = (str(address), scope["client"][1]) if address else scope.get("client")
        if address and any(address in network for network in self._trusted):
            host, prefix = (_said(headers, name) for name in ("host", "prefix"))
            if _HOST.fullmatch(host):
                headers["host"] = host
            if prefix and _PREFIX.fullmatch(prefix.rstrip("/")):
                root = prefix.rstrip("/")
        # As ASGI has it, a path begins with the path that the server is reached below.
        path = f"{root}{_below(scope, root)}"
        return {
            **scope,
            "headers": headers.raw,
            "client": client,
            "root_path": root,
            "path": path,
        }


def path_within(scope: Scope) -> str:
    """Return the path of a request as the routes name it, whatever the server is reached below."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def _below(scope: Scope, root: str) -> str:
    """Return the path of a request without ``root``, which the proxy may have taken away already.

    A server that is reached below a name of its own routes, such as /ask, is sent /ask/ask or /ask
    for the same: what is a route as it stands has nothing to be taken away.
    """
    path: str = scope["path"]
    if not root or not f"{path}/".startswith(f"{root}/"):
        return path
    as_it_stands = {**scope, "root_path": ""}
    if any(route.matches(as_it_stands)[0] is Match.FULL for route in scope["app"].routes):
        return path
    return path.removeprefix(root) or "/"


def _said(headers: Headers, name: str) -> str:
    """Return the last value of a header: what stands before it, a client may have made up."""
    values = ",".join(headers.getlist(f"x-forwarded-{name}"))
    return values.rpartition(",")[2].strip()
