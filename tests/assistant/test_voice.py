"""Templates are filled strictly, and every one is used."""

import pytest

from prompts.voice import UnknownTemplate, say


def test_a_template_is_filled() -> None:
    """What the assistant says holds what it was given."""
    assert say("missing_word", word="price") == "“price”"


def test_a_missing_value_is_an_error() -> None:
    """No visitor ever reads a bare ``$name``."""
    with pytest.raises(ValueError, match="word"):
        say("missing_word")


def test_a_superfluous_value_is_an_error() -> None:
    """A value that a template does not use is a mistake of the caller."""
    with pytest.raises(ValueError, match="name"):
        say("greeting", name="x")


def test_an_unknown_template_is_an_error() -> None:
    """A wrong name is found at once."""
    with pytest.raises(UnknownTemplate, match="no-such"):
        say("no-such")
