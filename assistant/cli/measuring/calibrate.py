"""``footnote calibrate``: the refusal model fitted to an owner's golden questions.

Owns the command's flags and words. Knows nothing of how a model is fitted.
"""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from assistant.cli.output import progress_bar, table_text
from assistant.cli.run import NOT_SO, Index, Json, settings_of
from assistant.cli.terminal import emit, folded, json_text, say, visible
from assistant.evaluation import calibrating
from assistant.evaluation.calibrating import CalibrationReport, Expected
from assistant.refusal import kept as kept_calibration
from index.errors import FootnoteError


def calibrate(
    *,
    golden: Annotated[Path | None, typer.Option(help="The golden questions to fit to.")] = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="Use the fitted model from now on.")
    ] = False,
    force: Annotated[
        bool,
        typer.Option(
            "--force", help="With --publish: even if more wrong answers are expected of it."
        ),
    ] = False,
    reset: Annotated[
        bool, typer.Option("--reset", help="Return to the shipped model; asks nothing.")
    ] = False,
    index: Index = None,
    as_json: Json = False,
) -> None:
    """Fit what is answered and refused to your questions.

    Fits the refusal model to your golden questions and says what would change: how many of them
    would be answered wrongly, answered rightly and refused, each judged by a model that was fitted
    without it. Changes nothing without --publish.
    """
    settings = settings_of(index=index, golden=golden)
    if reset:
        if publish or force or golden is not None:
            raise FootnoteError(
                "--reset fits nothing; give it without --golden, --publish, --force"
            )
        removed = kept_calibration.remove(settings.index)
        was = "the calibration was removed" if removed else "there was no calibration"
        emit(json_text({"removed": removed}) if as_json else f"{was}: the shipped model is in use")
        return
    if force and not publish:
        raise FootnoteError(
            "--force says to publish although more wrong answers are expected; give it together "
            "with --publish"
        )
    with progress_bar(Console(stderr=True)) as progress:
        report = calibrating.calibrate(settings, publish=publish, force=force, progress=progress)
    if report.left_out:
        say(f"left out, because they are small talk: {', '.join(report.left_out)}")
    if report.used.unusable:
        say(f"{report.used.unusable}. What is in use below is the shipped model.")
    refused = publish and not report.published
    told = report_json(report) if as_json else report_text(report, refused=refused)
    emit(json_text(told) if as_json else str(told))
    if refused:
        raise typer.Exit(NOT_SO)


def report_json(report: CalibrationReport) -> dict[str, Any]:
    """Return a report as data: what would change, and figures by name for either model."""
    fields = {"would_change": _would_change(report), **asdict(report)}
    fields["fitted"]["expected"] = {
        each.name: {
            side: {figure.name: asdict(figure.estimate) for figure in section.figures}
            for side, section in (("calibrated", each.calibrated), ("in_use", each.in_use))
        }
        for each in report.fitted.expected
    }
    return fields


def report_text(report: CalibrationReport, *, refused: bool) -> str:
    """Return a report for people: what would change, what was done, and the figures behind it."""
    columns = ("figure", "calibrated", _other(report), "asked")
    sections = [(each.name, _rows(each)) for each in report.fitted.expected]
    parts = [
        folded(_would_change(report)),
        folded(_done(report, refused=refused)),
        _heading(report),
        table_text(columns, sections),
        folded("Out of fold: each question is judged by a model that was fitted without it."),
    ]
    return visible("\n\n".join(part for part in parts if part))


def _would_change(report: CalibrationReport) -> str:
    """Return one sentence, with wrong answers first."""
    if report.same:
        return "Nothing would change: the model fitted to these questions is in use already."
    new, old = report.fitted.counted.calibrated, report.fitted.counted.in_use
    return (
        f"Of your {new.answerable + new.others:,} questions, "
        f"{_instead('answered wrongly', new.wrong_answers, old.wrong_answers, 'would be ')}; "
        f"{_instead('rightly', new.answered_right, old.answered_right)}; "
        f"{_instead('refused', new.refused, old.refused, 'would be ')}, "
        f"{_instead('of them rightly', new.refused_right, old.refused_right)}."
    )


def _instead(what: str, new: int, old: int, verb: str = "") -> str:
    return f"{new:,} {verb}{what}" + (", as now" if new == old else f" instead of {old:,}")


def _done(report: CalibrationReport, *, refused: bool) -> str:
    """Return what was published or why not, and what to do next."""
    if report.published:
        return (
            f"Published: kept in {report.file}. A running server uses it within seconds; --reset "
            "returns to the shipped model."
        )
    if refused:
        return (
            "Not published, because it is expected to answer wrongly more often. What was in use "
            "stays in use. Add --force to publish it all the same."
        )
    if report.same:
        return ""
    if report.fitted.more_wrong:
        return (
            "Nothing was changed. Because more wrong answers are expected of it, it is published "
            "only with both --publish and --force."
        )
    advice = "" if report.fitted.helps else " By the figures below it is not expected to help."
    return f"Nothing was changed.{advice} Add --publish to put it in use."


def _heading(report: CalibrationReport) -> str:
    fitted, used = report.fitted, report.used
    sizes = f"{fitted.answerable:,} answerable and {fitted.unanswerable:,} other questions"
    told = [f"{report.golden}: fitted to {sizes}."]
    if fitted.misquoted:
        told.append(
            f"{fitted.misquoted:,} of the answerable ones count as questions to refuse: what would "
            "be quoted does not answer them."
        )
    if fitted.held_out:
        told.append(f"{fitted.held_out:,} more, of the split 'report', were held out.")
    if used.fitted_to:
        told.append(
            f"The model {_other(report)} was fitted to {used.fitted_to:,} questions. If they are "
            "among these, its figures are a little too good."
        )
    models = (
        f"index      {report.index_id}\n"
        f"threshold  {fitted.model.threshold}, {_other(report)} {used.model.threshold}"
    )
    return "\n".join([*map(folded, told), models])


def _other(report: CalibrationReport) -> str:
    """Say what the fitted model is compared with: a published one has taken its place."""
    return "before" if report.published else "in use"


def _rows(expected: Expected) -> list[tuple[str, ...]]:
    pairs = zip(expected.calibrated.figures, expected.in_use.figures, strict=True)
    return [
        (new.name, str(new.estimate), str(old.estimate), f"{new.estimate.n:,}")
        for new, old in pairs
    ]
