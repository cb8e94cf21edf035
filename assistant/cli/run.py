"""What the commands share: common flags, the settings, and an exit code."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from assistant.invalid import brief
from assistant.settings import Settings, load
from index.errors import FootnoteError

NOT_SO = 1  # the exit code of a thing asked for that is not so


_TOLD = 3  # mistakes in settings that are told at a time
Source = Annotated[Path | None, typer.Option(help="The folder of documents.")]
Index = Annotated[Path | None, typer.Option(help="Where generations are kept.")]
SkipBad = Annotated[
    bool, typer.Option("--skip-bad", help="Go on without documents that cannot be read.")
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def settings_of(**flags: Path | None) -> Settings:
    """Return the settings. Raises ``FootnoteError`` naming what cannot be used and what to do."""
    try:
        return load(**flags)
    except ValidationError as error:
        raise FootnoteError(_remedy(error.errors())) from error
    except (ValueError, OSError) as error:
        # Broken TOML, a file that is not UTF-8 or cannot be read, a list that is not JSON.
        raise FootnoteError(
            f"The settings cannot be read: {error}. Correct footnote.toml; in the environment a "
            "list is written as JSON: FOOTNOTE_ORIGINS='[\"https://example.com\"]'"
        ) from error


def _remedy(errors: Sequence[Any]) -> str:
    """Return what to correct, and once the names of all settings if one is unknown."""
    unknown = [brief(str(e["loc"][0])) for e in errors if e["type"] == "extra_forbidden"]
    told = []
    for each in [each for each in errors if each["type"] != "extra_forbidden"][:_TOLD]:
        name = brief(str(each["loc"][0]))
        told.append(f"{name}: {each['msg']}. Set it in footnote.toml or FOOTNOTE_{name.upper()}.")
    if unknown:
        names = ", ".join(unknown[:_TOLD]) + (" …" if len(unknown) > _TOLD else "")
        none = "is not a setting" if len(unknown) == 1 else "are not settings"
        known = ", ".join(Settings.model_fields)
        told.append(f"footnote.toml: {names} {none}; there are {known}.")
    return " ".join(told)
