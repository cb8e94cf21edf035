"""Where exports of encoders are kept for all indexes of a machine."""

import os
from pathlib import Path

import pytest

from assistant.settings import Settings


@pytest.mark.parametrize(
    ("cache", "xdg", "home", "found"),
    [
        (Path("/own"), "/xdg", "/home/a", "/own"),
        (None, "/xdg", "/home/a", "/xdg/footnote"),
        (None, "", "/home/a", "/home/a/.cache/footnote"),
        # The specification has a relative path ignored.
        (None, "somewhere", "/home/a", "/home/a/.cache/footnote"),
        # A container's user may be a number without a home.
        (None, "", None, None),
    ],
)
def test_where_the_cache_is(
    cache: Path | None,
    xdg: str,
    home: str | None,
    found: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the owner says, or where the user's caches are, or nowhere."""
    monkeypatch.setenv("XDG_CACHE_HOME", xdg)
    if home:
        monkeypatch.setenv("HOME", home)
    else:
        monkeypatch.delenv("HOME", raising=False)
        monkeypatch.setattr(os, "getuid", lambda: 4_000_000_000)
    assert Settings(cache=cache).encoder_cache == (Path(found) if found else None)
