"""``footnote evaluate``: retrieval, answer and refusal figures.

Owns the command's flags and how figures are shown. Knows nothing of how they are reckoned.
"""

import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from assistant.cli.output import progress_bar, table_text
from assistant.cli.run import Index, Json, settings_of
from assistant.cli.terminal import emit, folded, json_text, say, visible
from assistant.evaluation import plots
from assistant.evaluation.metrics.intervals import Estimate
from assistant.evaluation.metrics.report import Report
from assistant.evaluation.metrics.verdicts import Verdict
from assistant.evaluation.runner import evaluate_benchmark, evaluate_golden
from index.errors import FootnoteError

_LISTED = 10  # mistakes shown in the terminal; the JSON has all
_TO_DO: dict[Verdict, str] = {
    "answered wrong": "answered wrong",
    "answered in vain": "should be refused",
    "refused wrongly": "should be answered",
}


def evaluate(
    *,
    golden: Annotated[Path | None, typer.Option(help="The golden questions to ask.")] = None,
    bench: Annotated[
        Path | None, typer.Option(help="Measure on this benchmark folder, over its own corpus.")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(help="Write pictures of refusal into this folder (SVG).")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Ask only so many questions, drawn by a fixed seed.")
    ] = None,
    without_gold: Annotated[
        bool,
        typer.Option(
            "--without-gold",
            help="Ask a benchmark's questions also with the documents that answer taken away.",
        ),
    ] = False,
    index: Index = None,
    as_json: Json = False,
) -> None:
    """Count right and wrong answers, and name the worst.

    Then measures retrieval, answers and refusal, with 95 % intervals. Asks the golden questions of
    the published generation; with --bench, builds an index of the benchmark's corpus beside it and
    asks the benchmark's questions of that.
    """
    _check_flags(golden, bench, plot, without_gold=without_gold)
    settings = settings_of(index=index, golden=golden)
    with progress_bar(Console(stderr=True)) as progress:
        if bench is None:
            report = evaluate_golden(settings, limit=limit, progress=progress)
        else:
            report = evaluate_benchmark(
                settings, bench, limit=limit, without_gold=without_gold, progress=progress
            )
    if plot is not None:
        for file in plots.draw(report.curves, plot):
            say(f"drawn: {file}")
    emit(json_text(report_json(report)) if as_json else report_table(report))


def _check_flags(
    golden: Path | None, bench: Path | None, plot: Path | None, *, without_gold: bool
) -> None:
    """Raise ``FootnoteError`` now for what would only be found out after a long run."""
    if golden is not None and bench is not None:
        raise FootnoteError("--golden and --bench are two different evaluations; give one of them")
    if without_gold and bench is None:
        raise FootnoteError(
            "--without-gold takes away what a benchmark's judgements name; give --bench"
        )
    if plot is None:
        return
    if not plots.CAN_DRAW:
        raise FootnoteError("--plot needs matplotlib; install footnote-assistant[evaluate]")
    if plot.exists() and not (plot.is_dir() and os.access(plot, os.W_OK)):
        raise FootnoteError(f"{plot} is not a folder that can be written; name another with --plot")


def report_json(report: Report) -> dict[str, Any]:
    """Return a report as data: sections and their figures by name."""
    fields = asdict(report)
    fields["sections"] = {
        section.name: {each.name.strip(): asdict(each.estimate) for each in section.figures}
        for section in report.sections
    }
    return fields


def report_table(report: Report) -> str:
    """Return a report for people: what became of the questions, the worst of them, the figures."""
    parts = [_in_words(report), _worst(report), _heading(report), _table(report)]
    return "\n\n".join(part for part in parts if part)


def _in_words(report: Report) -> str:
    """Return five lines in plain words, or one where nothing can be counted."""
    found = report.tally
    if found is None:
        return "These questions were only ranked: nothing says what a right answer would be."
    answerable, others = "answerable questions", "unanswerable questions"
    rows = [
        (found.answered_right, found.answerable, f"{answerable} were answered right"),
        (found.answered_wrong, found.answerable, f"{answerable} were answered wrong"),
        (
            found.refused_wrongly,
            found.answerable,
            f"{answerable} were not answered, though they should be",
        ),
        (found.refused_right, found.others, f"{others} were refused, as they should be"),
        (
            found.answered_in_vain,
            found.others,
            f"{others} were answered, though they should not be",
        ),
    ]
    width = len(f"{report.asked:,}")
    lines = [f"{count:>{width},} of {of:>{width},} {what}" for count, of, what in rows]
    if report.unmarked:
        lines.append(
            f"Answers taken for right because the question names no spans: {report.unmarked:,}."
        )
    return "\n".join(lines)


def _worst(report: Report) -> str:
    """Return the worst mistakes by name, and where the others are."""
    number = len(report.missed)
    rows = []
    if number:
        few = "The worst questions first:"
        if number > _LISTED:
            few = f"The {_LISTED} worst questions of {number:,} that went wrong:"
        rows.append(few)
    for each in report.missed[:_LISTED]:
        sure = "" if each.confidence is None else f"{each.confidence:.2f}"
        lead = f"  {_TO_DO[each.verdict]:<18}  {sure:>4}  "
        rows.append(folded(f"{each.id}: {each.question}", lead))
    if number:
        rows.append("The number is the confidence. --json lists all, with what was quoted.")
    if report.unlisted:
        rows.append(
            "Questions of the split 'report' that went wrong, which are never listed: "
            f"{report.unlisted:,}."
        )
    return visible("\n".join(rows))


def _heading(report: Report) -> str:
    models = report.models
    asked = f"all {report.questions:,} questions"
    if report.asked < report.questions:
        asked = f"{report.asked:,} of {report.questions:,} questions, drawn by a fixed seed"
    encoder, reranker, refusal = models["encoder"], models["reranker"], models["refusal"]
    return visible(
        f"{report.measured_on}: {asked}\n"
        f"index     {report.index_id}\n"
        f"encoder   {encoder['name']}, {encoder['precision']}, {encoder['sha256'][:12]}\n"
        f"reranker  {reranker['name']}, {reranker['sha256'][:12]}\n"
        f"refusal   {refusal['name']}, {refusal['sha256'][:12]}, threshold {refusal['threshold']}"
    )


def _table(report: Report) -> str:
    sections = [
        (section.name, [_row(each.name, each.estimate) for each in section.figures])
        for section in report.sections
    ]
    return table_text(("figure", "value", "95 % interval", "questions"), sections)


def _row(name: str, found: Estimate) -> tuple[str, ...]:
    interval = f"{_number(found.low)} to {_number(found.high)}"
    return name, _number(found.value), interval, f"{found.n:,}"


def _number(value: float) -> str:
    """Show shares to three places, and what is far above one to one place."""
    return f"{value:.3f}" if abs(value) < 2 else f"{value:,.1f}"
