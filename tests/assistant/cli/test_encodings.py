"""What standard output cannot encode is written as an escape, and ends nothing."""

import io
import json
from collections.abc import Callable
from contextlib import redirect_stdout

import pytest

from assistant.cli.terminal import emit, json_text

TEXT = "“Café” 😀"
encodings = pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])


def written(encoding: str, make: Callable[[], str]) -> bytes:
    """Return what is written when standard output has an encoding."""
    data = io.BytesIO()
    with redirect_stdout(io.TextIOWrapper(data, encoding=encoding, write_through=True)) as stream:
        emit(make())
        stream.flush()
        return data.getvalue()


@encodings
def test_text_that_a_terminal_lacks_is_escaped(encoding: str) -> None:
    """An answer is shown as far as the terminal's characters go, and never breaks off."""
    assert written(encoding, lambda: TEXT) == TEXT.encode(encoding, "backslashreplace") + b"\n"


@encodings
def test_undecodable_arguments_are_shown_escaped(encoding: str) -> None:
    """What came in as bytes of no encoding goes out as an escape."""
    assert written(encoding, lambda: "a\udcffb") == b"a\\udcffb\n"


@encodings
def test_json_is_the_same_value_in_every_encoding(encoding: str) -> None:
    """A program that reads the JSON gets the text, whatever the encoding of the pipe."""
    data = written(encoding, lambda: json_text({"text": TEXT}))
    assert json.loads(data.decode(encoding)) == {"text": TEXT}
