"""``footnote rollback``: an earlier generation published again."""

from typing import Annotated

import typer

from assistant.cli.run import Index, Json, settings_of
from assistant.cli.terminal import emit, json_text
from index.generations import publish


def rollback(
    index_id: Annotated[
        str | None,
        typer.Argument(
            metavar="ID",
            help="An id, or its beginning, as 'footnote generations' shows it. Default: the one "
            "published before this one.",
        ),
    ] = None,
    *,
    index: Index = None,
    as_json: Json = False,
) -> None:
    """Publish an earlier generation again."""
    now = publish.rollback(settings_of(index=index).index, index_id)
    emit(json_text({"index_id": now}) if as_json else f"published {now}")
