"""``footnote calibrate``: the refusal model fitted to an owner's golden questions.

Owns the command's flags and words. Knows nothing of how a model is fitted.
"""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from assistant.cli_output import emit, json_text, progress_bar, say, table_text, visible
from assistant.cli_run import Index, Json, run_of, settings_of
from index.errors import FootnoteError

if TYPE_CHECKING:
    from assistant.evaluation.calibrating import CalibrationReport, Expected


def calibrate(
    context: typer.Context,
    *,
    golden: Annotated[Path | None, typer.Option(help="The golden questions to fit to.")] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Use the calibrated model even if it does not help.")
    ] = False,
    reset: Annotated[
        bool, typer.Option("--reset", help="Return to the shipped model; asks nothing.")
    ] = False,
    index: Index = None,
    as_json: Json = False,
) -> None:
    """Fit the refusal model to your golden questions.

    What to expect of it is measured on questions that were held out of the fit and of the
    threshold. The calibrated model is used from then on if it helps; else the shipped one is.
    """
    settings = settings_of(index=index, golden=golden)
    steps = run_of(context).steps
    if reset:
        if force or golden is not None:
            raise FootnoteError("--reset fits nothing; give it without --golden and --force")
        removed = steps.forget_calibration(settings.index)
        was = "the calibration was removed" if removed else "there was no calibration"
        emit(json_text({"removed": removed}) if as_json else f"{was}: the shipped model is in use")
        return
    with progress_bar(Console(stderr=True)) as progress:
        report = steps.calibrate(settings, force=force, progress=progress)
    if report.left_out:
        say(f"left out, because they are small talk: {', '.join(report.left_out)}")
    emit(json_text(report_json(report)) if as_json else report_text(report))


def report_json(report: "CalibrationReport") -> dict[str, Any]:
    """Return a report as data: figures by name, for either model."""
    fields = asdict(report)
    fields["fitted"]["expected"] = {
        each.name: {
            side: {figure.name: asdict(figure.estimate) for figure in section.figures}
            for side, section in (("calibrated", each.calibrated), ("shipped", each.shipped))
        }
        for each in report.fitted.expected
    }
    return fields


def report_text(report: "CalibrationReport") -> str:
    """Return a report for people: what was fitted, what to expect, and what is in use now."""
    columns = ("figure", "calibrated", "shipped", "asked")
    sections = [(each.name, _rows(each)) for each in report.fitted.expected]
    return "\n\n".join([_heading(report), table_text(columns, sections), visible(_outcome(report))])


def _heading(report: "CalibrationReport") -> str:
    fitted = report.fitted
    misquoted = (
        f"; {fitted.misquoted:,} of the answerable ones are to be refused too, since what would be "
        "quoted does not answer them"
        if fitted.misquoted
        else ""
    )
    split = f"; {fitted.held_out:,} of the split 'report' held out" if fitted.held_out else ""
    return visible(
        f"{report.golden}: fitted to {fitted.answerable:,} answerable and "
        f"{fitted.unanswerable:,} unanswerable questions{misquoted}{split}\n"
        f"index      {report.index_id}\n"
        f"threshold  {fitted.model.threshold}, shipped {report.shipped.threshold}"
    )


def _rows(expected: "Expected") -> list[tuple[str, ...]]:
    pairs = zip(expected.calibrated.figures, expected.shipped.figures, strict=True)
    return [
        (new.name, str(new.estimate), str(old.estimate), f"{new.estimate.n:,}")
        for new, old in pairs
    ]


def _outcome(report: "CalibrationReport") -> str:
    if report.in_use == "calibrated":
        helps = "" if report.fitted.helps else ", although it is not expected to help (--force)"
        return (
            f"in use: the calibrated model{helps}, kept in {report.file}; a running server takes "
            "it over by itself"
        )
    removed = "; an earlier calibration was removed" if report.removed else ""
    return (
        f"in use: the shipped model{removed}\n"
        "The calibrated one is not expected to help: out of fold it has no lower log loss, or the "
        "smaller of two shares falls, of what would be answered right the share answered and of "
        "all else the share refused. More questions may change that; --force uses it all the same."
    )
