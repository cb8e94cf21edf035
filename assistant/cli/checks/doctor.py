"""``footnote doctor``: what an owner looks at when something does not work."""

from dataclasses import asdict
from typing import Annotated

import typer

from assistant.cli.checks.examining import examine
from assistant.cli.checks.watching import offline_answer
from assistant.cli.run import NOT_SO, Index, Json, Source, settings_of
from assistant.cli.terminal import emit, json_text, lines


def doctor(
    *,
    offline: Annotated[
        bool,
        typer.Option("--offline", help="Also watch an answer with the network blocked."),
    ] = False,
    source: Source = None,
    index: Index = None,
    as_json: Json = False,
) -> None:
    """Look over models, index, permissions and threads."""
    settings = settings_of(source=source, index=index)
    found = [asdict(finding) for finding in examine(settings)]
    if offline:
        ok, detail = offline_answer(settings.index)
        found.append({"name": "offline answer", "ok": ok, "detail": detail})
    rows = [
        ("ok" if each["ok"] else "NOT OK", f"{each['name']}: {each['detail']}") for each in found
    ]
    emit(json_text(found) if as_json else lines(rows))
    if not all(each["ok"] for each in found):
        raise typer.Exit(NOT_SO)
