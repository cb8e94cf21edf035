"""The command line: ``footnote``.

Owns the table of commands and the exit codes, as the contract gives them: 0 done, 1 the thing asked
for is not so, 2 wrong usage, bad input or a missing index, 70 an unexpected error. A command's
module, and with it whatever it needs, is imported when the command is run.
"""

import importlib
import sys
import traceback
from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple, NoReturn

import typer
from typer.core import TyperGroup

from assistant.cli.terminal import say
from index.errors import FootnoteError

USAGE = 2
UNEXPECTED = 70


class Command(NamedTuple):
    """Where a command is found, and its line in ``footnote --help``."""

    module: str
    help: str


COMMANDS = {
    "rebuild": Command(
        "assistant.cli.rebuild",
        "Build a new generation from the source folder and publish it.",
    ),
    "diff": Command(
        "assistant.cli.measuring.diff", "Show what a rebuild would change, without publishing."
    ),
    "verify": Command(
        "assistant.cli.checks.verify", "Check the published generation, or saved answers."
    ),
    "generations": Command(
        "assistant.cli.generations", "List the kept generations, with date and size."
    ),
    "rollback": Command("assistant.cli.rollback", "Publish an earlier generation again."),
    "ask": Command("assistant.cli.ask", "Answer one question, with numbered footnotes."),
    "serve": Command(
        "assistant.cli.serve", "Serve the HTTP interface and the widget until interrupted."
    ),
    "embed": Command("assistant.cli.embed", "Print the tag that puts the widget on a page."),
    "key": Command("assistant.cli.key", "Print a new API key, and its hash for the setting keys."),
    "evaluate": Command(
        "assistant.cli.measuring.evaluate", "Count right and wrong answers, and name the worst."
    ),
    "calibrate": Command(
        "assistant.cli.measuring.calibrate", "Fit what is answered and refused to your questions."
    ),
    "doctor": Command(
        "assistant.cli.checks.doctor", "Look over models, index, permissions and threads."
    ),
}


class Lazy(TyperGroup):
    """The commands of ``COMMANDS``, each imported when it is asked for.

    Types of the framework that typer carries in itself, and does not export, are ``Any``.
    """

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        names: dict[str, Any] = dict.fromkeys(COMMANDS)
        self.commands = names  # for "Did you mean"

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - typer passes it
        """Return the names in the order in which an owner meets the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - typer passes it
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name].module)
        alone = typer.Typer(
            add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
        )
        alone.command(cmd_name)(getattr(module, cmd_name))
        return typer.main.get_command(alone)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - typer passes it
        """List the commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.help) for name, command in COMMANDS.items()])


class Run:
    """One run of the command line, and whether it shows tracebacks."""

    debug = False


app = typer.Typer(
    cls=Lazy,
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
    context.obj.debug = debug


def main() -> NoReturn:
    """Run the command line and exit. The console entry point."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; what went wrong is one line on stderr."""
    this = Run()
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
        told = error.format_message()
        end = "" if told.endswith((".", "?")) else "."
        say(f"footnote: {told}{end} See '{path} --help'.")
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
