"""The assistant's own voice: templates by name, filled in strictly.

Owns loading ``voice.toml`` and filling its ``$names``. Knows nothing of when a template is used.
"""

import tomllib
from functools import cache
from importlib.resources import files
from string import Template


class UnknownTemplate(KeyError):
    """No template of that name is in ``voice.toml``."""


@cache
def _templates() -> dict[str, Template]:
    text = files("prompts").joinpath("voice.toml").read_text("utf-8")
    return {name: Template(value) for name, value in tomllib.loads(text).items()}


def say(name: str, /, **values: str) -> str:
    """Return a template filled with exactly the values that it names.

    Raises ``UnknownTemplate``, and ``ValueError`` for a missing or a superfluous value.
    """
    try:
        template = _templates()[name]
    except KeyError as error:
        raise UnknownTemplate(name) from error
    expected = set(template.get_identifiers())
    if expected != values.keys():
        raise ValueError(f"template {name!r} takes {sorted(expected)}, not {sorted(values)}")
    return template.substitute(values)


def say_in(language: str, name: str, /) -> str:
    """Return a template that takes no values in a language (ISO 639), or else in English.

    Raises ``UnknownTemplate``.
    """
    own = f"{name}_{language}"
    return say(own if own in _templates() else name)
