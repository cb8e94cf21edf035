"""API keys: made at random, kept as hashes, compared in constant time.

Owns their form. A key has 256 random bits, so a plain SHA-256 keeps it: a slow hash protects what
people think up. Several hashes may hold at once, so that a key is replaced without a gap. Knows
nothing of HTTP.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence

# Says what it is when it turns up in a log or a repository; scanners look for such a word.
PREFIX = "footnote_"
_BYTES = 32


def new_key() -> str:
    """Return a new key. It is not kept anywhere."""
    return PREFIX + secrets.token_urlsafe(_BYTES)


def key_hash(key: str) -> str:
    """Return what is kept of a key: its SHA-256, in hexadecimal."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


class Keys:
    """The keys that open the doors, by their hashes. False if there are none."""

    def __init__(self, hashes: Sequence[str]) -> None:
        self._hashes = tuple(hashes)

    def __bool__(self) -> bool:
        return bool(self._hashes)

    def hold(self, key: str) -> bool:
        """Say whether a key is one of them, in a time that does not tell which or how nearly."""
        given = key_hash(key)
        found = False
        for known in self._hashes:
            found |= hmac.compare_digest(known, given)
        return found
