"""``footnote rebuild``: a new generation from the source folder.

Owns the command's flags, and what a rebuild is given of the settings.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console

from assistant.cli.output import alarm_lines, progress_bar, report_text, told_lines
from assistant.cli.run import Index, Json, SkipBad, Source, settings_of
from assistant.cli.terminal import emit, json_text, say
from assistant.evaluation.suggesting import suggest_for
from assistant.question.routes.build import routes_for
from assistant.quoting.quotable import suspicious_documents, withhold_for
from assistant.settings import Settings
from index import build
from index.build_report import BuildReport
from index.unread import unread_told

Progress = Callable[[str, int, int], None]


def rebuild(
    *,
    full: Annotated[bool, typer.Option("--full", help="Embed every passage anew.")] = False,
    skip_bad: SkipBad = False,
    source: Source = None,
    index: Index = None,
    as_json: Json = False,
) -> None:
    """Build a new generation from the source folder and publish it."""
    settings = settings_of(source=source, index=index)
    with progress_bar(Console(stderr=True)) as progress:
        report = rebuilt(settings, full=full, skip_bad=skip_bad, progress=progress)
    for line in told_lines(report):
        say(line)
    if report.unread:
        say(f"not read: {unread_told(report.unread)}")
    for line in alarm_lines(suspicious_documents(settings.index)):
        say(line)
    emit(json_text(asdict(report)) if as_json else report_text(report))


def rebuilt(settings: Settings, *, full: bool, skip_bad: bool, progress: Progress) -> BuildReport:
    """Build and publish a generation as the settings say. Raises ``FootnoteError``."""
    return build.rebuild(
        settings.source,
        settings.index,
        model=settings.model,
        choice=settings.choice,
        cache=settings.encoder_cache,
        full=full,
        skip_bad=skip_bad,
        keep=settings.keep,
        routes=routes_for(settings),
        withhold=withhold_for(settings),
        suggest=suggest_for(settings),
        progress=progress,
    )
