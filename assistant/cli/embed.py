"""``footnote embed``: the line that puts the widget on a page, with the file's hash.

Owns the command's flags and words. The line itself is ``assistant.widget``'s.
"""

from typing import Annotated

import typer

from assistant.cli.run import Json, settings_of
from assistant.cli.terminal import emit, json_text
from assistant.widget.pages import embed_line, widget_integrity
from index.errors import FootnoteError

PLACE = "https://your.host/"


def embed(
    *,
    url: Annotated[
        str, typer.Option(help="Where the server is reached, as the site's visitors write it.")
    ] = PLACE,
    as_json: Json = False,
) -> None:
    """Print the tag that puts the widget on a page."""
    if not url.startswith(("https://", "http://")):
        raise FootnoteError(f"--url: {url} is no address of the web; write https://your.host/")
    title = settings_of().title
    integrity = widget_integrity()
    line = embed_line(title=title, src=f"{url.rstrip('/')}/widget.js", integrity=integrity)
    emit(json_text({"integrity": integrity, "line": line}) if as_json else line)
