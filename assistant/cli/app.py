"""The command line: ``footnote``.

Owns commands, flags and exit codes, as the contract gives them: 0 done, 1 the thing asked for is
not so, 2 wrong usage, bad input or a missing index, 70 an unexpected error. Knows nothing of how
the work is done (``cli_steps``) or shown (``cli_output``).
"""

import shlex
import sys
import traceback
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from typing import Annotated, NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console

from assistant.cli.calibrate import calibrate
from assistant.cli.checks.verify import verify
from assistant.cli.diff import diff
from assistant.cli.embed import embed
from assistant.cli.evaluate import evaluate
from assistant.cli.key import key
from assistant.cli.output import (
    alarm_lines,
    answer_text,
    emit,
    generations_text,
    json_text,
    lines,
    progress_bar,
    report_text,
    say,
    told_lines,
)
from assistant.cli.run import NOT_SO, Index, Json, Run, Source, run_of, settings_of
from assistant.cli.steps import Steps
from assistant.schemas import AskRequest
from index.errors import FootnoteError, IndexMissing
from index.unread import unread_told

USAGE = 2
UNEXPECTED = 70

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


@app.callback()
def footnote(
    context: typer.Context,
    *,
    debug: Annotated[
        bool, typer.Option("--debug", envvar="FOOTNOTE_DEBUG", help="Show tracebacks.")
    ] = False,
) -> None:
    """Answer questions from a folder of text; every sentence is a quote with a footnote."""
    run_of(context).debug = debug


@app.command()
def rebuild(
    context: typer.Context,
    *,
    full: Annotated[bool, typer.Option("--full", help="Embed every passage anew.")] = False,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Go on without documents that cannot be read.")
    ] = False,
    source: Source = None,
    index: Index = None,
    as_json: Json = False,
) -> None:
    """Build a new generation from the source folder and publish it."""
    settings = settings_of(source=source, index=index)
    with progress_bar(Console(stderr=True)) as progress:
        report = run_of(context).steps.rebuild(
            settings, full=full, skip_bad=skip_bad, progress=progress
        )
    for line in told_lines(report):
        say(line)
    if report.unread:
        say(f"not read: {unread_told(report.unread)}")
    for line in alarm_lines(run_of(context).steps.suspicious_documents(settings.index)):
        say(line)
    emit(json_text(asdict(report)) if as_json else report_text(report))


app.command()(diff)
app.command()(verify)


@app.command()
def generations(context: typer.Context, *, index: Index = None, as_json: Json = False) -> None:
    """List the kept generations, with date and size.

    The newest is the last. 'footnote rollback' takes the ids, or their beginnings.
    """
    kept = run_of(context).steps.generations(settings_of(index=index).index)
    emit(json_text([asdict(each) for each in kept]) if as_json else generations_text(kept))


@app.command()
def rollback(
    context: typer.Context,
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
    now = run_of(context).steps.rollback(settings_of(index=index).index, index_id)
    emit(json_text({"index_id": now}) if as_json else f"published {now}")


@app.command()
def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="What to ask.")],
    *,
    index: Index = None,
    as_json: Json = False,
) -> None:
    """Answer one question, with numbered footnotes."""
    settings = settings_of(index=index)
    try:
        asked = AskRequest(question=question)
    except ValidationError as error:
        raise FootnoteError(
            "The question must be 1 to 2,000 characters of text, not only white space."
        ) from error
    with closing(run_of(context).steps.open_assistant(settings)) as assistant:
        answer = assistant.answer(asked.question)
    emit(json_text(answer.model_dump()) if as_json else answer_text(answer))


@app.command()
def serve(
    context: typer.Context,
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
        run_of(context).steps.serve(settings, host=host, port=port)
    except IndexMissing as error:
        folders = f"--source {shlex.quote(str(settings.source))} "
        folders += f"--index {shlex.quote(str(settings.index))}"
        raise IndexMissing(
            f"there is no index at {settings.index}; build one: footnote rebuild {folders}"
        ) from error


app.command()(embed)
app.command()(key)
app.command()(evaluate)
app.command()(calibrate)


@app.command()
def doctor(
    context: typer.Context,
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
    steps = run_of(context).steps
    found = [asdict(finding) for finding in steps.examine(settings)]
    if offline:
        ok, detail = steps.offline_answer(settings.index)
        found.append({"name": "offline answer", "ok": ok, "detail": detail})
    rows = [
        ("ok" if each["ok"] else "NOT OK", f"{each['name']}: {each['detail']}") for each in found
    ]
    emit(json_text(found) if as_json else lines(rows))
    if not all(each["ok"] for each in found):
        raise typer.Exit(NOT_SO)


def main() -> NoReturn:
    """Run the command line and exit. The console entry point."""
    sys.exit(run(sys.argv[1:], Steps()))


def run(arguments: Sequence[str], steps: Steps) -> int:
    """Run one command and return its exit code; what went wrong is one line on stderr."""
    this = Run(steps)
    command = typer.main.get_command(app)
    try:
        code = command.main(list(arguments), prog_name="footnote", standalone_mode=False, obj=this)
    except FootnoteError as error:
        first, *more = error.lines or (str(error),)
        for line in (f"footnote: {first}", *more):
            say(line)
        return USAGE
    except typer.TyperException as error:
        context: typer.Context | None = getattr(error, "ctx", None)
        path = context.command_path if context else "footnote"
        say(f"footnote: {error.format_message().rstrip('.')}. See '{path} --help'.")
        return USAGE
    # README promises code 70 and one line for any bug, and there is nobody further out to keep it.
    except Exception as error:  # noqa: BLE001 - which errors a bug raises cannot be listed
        if this.debug:
            traceback.print_exception(error)
        say(
            f"footnote: unexpected {type(error).__name__}: {error} ('footnote --debug …' says more)"
        )
        return UNEXPECTED
    return code if isinstance(code, int) else 0
