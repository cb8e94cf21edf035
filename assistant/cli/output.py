"""The words and tables in which results are shown. Knows nothing of commands."""

import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from io import StringIO
from pathlib import Path

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from assistant.cli.terminal import WIDTH, visible
from assistant.schemas import AskResponse, Citation
from index.build_report import BuildReport, Changes
from index.generations.kept import GenerationSummary
from index.records import Told

_NAMED = 5  # files of a kind
_WORST = 3  # documents to look at
_RIGHT = {2, 3, 4}  # columns of the table of generations that are numbers


def answer_text(answer: AskResponse) -> str:
    """Return an answer with its numbered footnotes, or a refusal with the closest passages."""
    quoted = answer.answer.removeprefix(answer.lead_in).lstrip()
    parts = [visible(each) for each in (answer.lead_in, quoted) if each]
    parts += [_footnote(f"[{citation.id}]", citation) for citation in answer.citations]
    if answer.closest:
        parts.append("The closest passages, which are not an answer:")
        parts += [_footnote("-", citation) for citation in answer.closest]
    return "\n\n".join(parts)


def _footnote(mark: str, citation: Citation) -> str:
    where = f"{citation.title} ({citation.path}, characters {citation.start}-{citation.end})"
    quote = textwrap.indent(f'"{visible(citation.display)}"', " " * (len(mark) + 1))
    return f"{mark} {visible(where)}\n{quote}"


def report_text(report: BuildReport) -> str:
    """Return what a rebuild did."""
    return (
        f"published {report.index_id}\n"
        f"documents: {changes_text(report.documents)}\n"
        f"passages: {changes_text(report.passages)}\n"
        f"encoder: {visible(report.encoder)}"
    )


def told_lines(report: BuildReport) -> Iterator[str]:
    """Yield what became of files that are no documents, and what is worth knowing of others."""
    kinds = Counter(Path(path).suffix or "without a suffix" for path in report.ignored)
    if kinds:
        named = ", ".join(f"{number} {kind}" for kind, number in kinds.most_common())
        yield f"not read, no loader: {named}"
    if report.excluded:
        yield f"left out by include and exclude: {counted(report.excluded, 'file')}"
    if report.empty:
        yield f"left out, no text: {counted(len(report.empty), 'file')}: {_some(report.empty)}"
    for reason, paths in _by_reason(report.notes).items():
        yield f"{_some(paths)}: {reason}"
    for each in report.skipped:
        yield f"skipped: {each.path}: {each.reason}"
    if report.first:
        yield "'footnote doctor' explains what you can set for this folder"


def alarm_lines(found: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield the worst of what an owner is to look at, and where the rest is told."""
    if found:
        held = f"{counted(len(found), 'document')} with text that gives orders or hides itself"
        more = "; 'footnote doctor' names all of them" if len(found) > _WORST else ""
        yield f"look at {held}{more}"
    for path, what in found[:_WORST]:
        yield f"  {path}: {what}"


def _by_reason(notes: Sequence[Told]) -> dict[str, list[str]]:
    paths: dict[str, list[str]] = {}
    for each in notes:
        paths.setdefault(each.reason, []).append(each.path)
    return paths


def _some(paths: Sequence[str]) -> str:
    """Name a few of some files; ``--json`` names all."""
    more = len(paths) - _NAMED
    return ", ".join(paths[:_NAMED]) + (f" and {more} more (--json names all)" if more > 0 else "")


def counted(number: int, noun: str) -> str:
    """Return a number of things in words."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def changes_text(changes: Changes) -> str:
    """Return how many of a kind are added, changed, removed and reused."""
    return (
        f"{changes.added} added, {changes.changed} changed, {changes.removed} removed, "
        f"{changes.reused} reused"
    )


def generations_text(kept: Sequence[GenerationSummary]) -> str:
    """Return a table of generations, the published one marked, and what is wrong with damaged ones.

    Times are those of the machine's own zone.
    """
    rows = [("id", "built", "size", "documents", "passages", "")]
    for each in kept:
        built = datetime.fromisoformat(each.built).astimezone() if each.built else None
        counts = ("?", "?") if each.damage else (f"{each.documents:,}", f"{each.passages:,}")
        marks = ["published"] * each.current + ["damaged"] * bool(each.damage)
        when = f"{built:%Y-%m-%d %H:%M}" if built else "?"
        rows.append((each.short_id, when, size_text(each.bytes), *counts, ", ".join(marks)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    shown = [
        "  ".join(
            cell.rjust(width) if place in _RIGHT else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    shown += [f"\n{each.short_id} is damaged: {each.damage}" for each in kept if each.damage]
    return visible("\n".join(shown))


def size_text(size: int) -> str:
    """Return a size in the largest unit of which there is at least one: ``41.2 MB``."""
    units = ("bytes", "kB", "MB", "GB", "TB")
    power = next((each for each in (4, 3, 2, 1) if size >= 1000**each), 0)
    return f"{size / 1000**power:.{min(power, 1)}f} {units[power]}"


def table_text(
    columns: Sequence[str], sections: Sequence[tuple[str, Sequence[tuple[str, ...]]]]
) -> str:
    """Return a table of sections, each with its name and rows; all but the first column right."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left", no_wrap=True)
    for section, rows in sections:
        table.add_row(Text(visible(section), style="bold"))
        for name, *cells in rows:
            table.add_row(Text(f"  {visible(name)}"), *cells)
        table.add_section()
    page = Console(file=StringIO(), width=WIDTH, color_system=None)
    with page.capture() as captured:
        page.print(table)
    return "\n".join(line.rstrip() for line in captured.get().splitlines()).rstrip()


@contextmanager
def progress_bar(console: Console) -> Iterator[Callable[[str, int, int], None]]:
    """Yield a function that shows a stage, what is done and of how much, if on a terminal."""
    if not console.is_terminal:
        yield lambda _stage, _done, _total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as progress:
        tasks = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(stage, total=total)
            progress.update(tasks[stage], completed=done, total=total)

        yield show
