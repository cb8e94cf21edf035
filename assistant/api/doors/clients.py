"""Whose request it is: the address that a limit counts.

Owns who counts as one client. Knows nothing of what is counted, nor of proxies
(``assistant.api.doors.proxies`` has put the client's own address in their place).
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from starlette.types import Scope

# What one subscriber is given at least (RFC 6177): whoever has one address has all of these.
_SUBSCRIBER = 64
UNKNOWN = "unknown"

Address = IPv4Address | IPv6Address


def client_of(scope: Scope) -> str:
    """Return the address that the request came from; of IPv6 the /64 network."""
    client = scope.get("client")
    address = address_of(client[0]) if client else None
    if address is None:
        return UNKNOWN
    if address.version == 4:
        return str(address)
    return str(ip_network((address, _SUBSCRIBER), strict=False))


def address_of(text: str) -> Address | None:
    """Return the address in a text, with or without brackets, quotes and a zone.

    An IPv4 address that is written as one of IPv6 is that IPv4 address.
    """
    try:
        address = ip_address(text.strip().strip('"').strip("[]").partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
