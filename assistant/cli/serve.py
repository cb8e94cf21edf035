"""``footnote serve``: the HTTP interface and the widget."""

import shlex
from typing import Annotated

import typer

from assistant.api import server
from assistant.cli.run import Index, Source, settings_of
from index.errors import IndexMissing


def serve(
    *,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free port.")] = 8000,
    source: Source = None,
    index: Index = None,
) -> None:
    """Serve the HTTP interface and the widget until interrupted.

    Answers come from the index alone; the folder of documents is only named if there is none yet.
    """
    settings = settings_of(source=source, index=index)
    try:
        server.serve(settings, host=host, port=port)
    except IndexMissing as error:
        folders = f"--source {shlex.quote(str(settings.source))} "
        folders += f"--index {shlex.quote(str(settings.index))}"
        raise IndexMissing(
            f"there is no index at {settings.index}; build one: footnote rebuild {folders}"
        ) from error
