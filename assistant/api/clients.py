"""Whose request it is: the address that a limit counts.

Owns which part of ``X-Forwarded-For`` is believed. Knows nothing of what is counted.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.types import Scope

# What one subscriber is given at least (RFC 6177): whoever has one address has all of these.
_SUBSCRIBER = 64
UNKNOWN = "unknown"

Address = IPv4Address | IPv6Address


class Clients:
    """Names the client of a request; ``X-Forwarded-For`` is believed from ``trusted`` only."""

    def __init__(self, trusted: Sequence[IPv4Network | IPv6Network]) -> None:
        self._trusted = tuple(trusted)

    def name(self, scope: Scope) -> str:
        """Return the address that the request came from; of IPv6 the /64 network.

        A trusted proxy adds the address that it was asked by to the end of the header, so the
        header is read from its end until an address that is no trusted proxy's: what stands before
        it, the client may have made up. A proxy that adds nothing readable is itself the client.
        """
        client = scope.get("client")
        address = _address(client[0]) if client else None
        if address is None:
            return UNKNOWN
        hops = [
            hop
            for line in Headers(scope=scope).getlist("x-forwarded-for")
            for hop in line.split(",")
        ]
        while hops and self._trusts(address):
            claimed = _address(hops.pop())
            if claimed is None:
                break
            address = claimed
        return _group(address)

    def _trusts(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)


def _address(text: str) -> Address | None:
    """Return the address in a text, with or without a port, brackets and a zone."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _group(address: Address) -> str:
    if address.version == 4:
        return str(address)
    return str(ip_network((address, _SUBSCRIBER), strict=False))
