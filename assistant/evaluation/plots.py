"""Pictures of an evaluation: risk against coverage, and how far confidence can be believed.

The only module that imports matplotlib, which comes with footnote-assistant[evaluate]. Owns their
look. Writes SVG that is the same for the same figures.
"""

from collections.abc import Sequence
from pathlib import Path

from assistant.evaluation.metrics.report import Curve
from index.errors import FootnoteError

try:
    import matplotlib as mpl
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
except ModuleNotFoundError:
    CAN_DRAW = False
else:
    CAN_DRAW = True

RISK_COVERAGE = "risk-coverage.svg"
RELIABILITY = "reliability.svg"
# Told apart by people who see colours otherwise (Okabe and Ito, 2008), and by their dashes in grey.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
_DASHES = ("-", "--", "-.", ":")


def draw(curves: Sequence[Curve], folder: Path) -> tuple[Path, ...]:
    """Write the pictures into a folder and return their files.

    Raises ``FootnoteError`` if there is nothing to draw or the folder cannot be written.
    """
    if not curves:
        raise FootnoteError(
            "there is nothing to draw: a picture needs questions that the sources answer and ones "
            "that they do not"
        )
    with mpl.rc_context({"svg.hashsalt": "footnote", "font.size": 10}):
        return (
            _saved(_risk_coverage(curves), folder / RISK_COVERAGE),
            _saved(_reliability(curves), folder / RELIABILITY),
        )


def _risk_coverage(curves: Sequence[Curve]) -> "Figure":
    figure, axes = _frame("Risk and coverage")
    for place, curve in enumerate(curves):
        axes.plot(
            [point.coverage for point in curve.risk_coverage],
            [point.risk for point in curve.risk_coverage],
            color=_COLOURS[place % len(_COLOURS)],
            linestyle=_DASHES[place % len(_DASHES)],
            label=curve.name,
        )
    axes.set(xlabel="share of all questions answered, the most confident first")
    axes.set(ylabel="share of these that the sources do not answer", xlim=(0, 1), ylim=(0, None))
    axes.legend(frameon=False)
    return figure


def _reliability(curves: Sequence[Curve]) -> "Figure":
    figure, axes = _frame("Reliability of confidence")
    axes.plot([0, 1], [0, 1], color="#999999", linewidth=1, label="as it should be")
    for place, curve in enumerate(curves):
        axes.plot(
            [point.confidence for point in curve.reliability],
            [point.answerable for point in curve.reliability],
            color=_COLOURS[place % len(_COLOURS)],
            linestyle=_DASHES[place % len(_DASHES)],
            marker="o",
            clip_on=False,
            label=curve.name,
        )
    axes.set(xlabel="mean confidence of a tenth of the questions", xlim=(0, 1), ylim=(0, 1))
    axes.set(ylabel="share of these that the sources answer")
    axes.legend(frameon=False)
    return figure


def _frame(title: str) -> "tuple[Figure, Axes]":
    figure = Figure(figsize=(6.4, 4.8), layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(title)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=True, color="#e5e5e5")
    return figure, axes


def _saved(figure: "Figure", file: Path) -> Path:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(file, metadata={"Date": None})
    except OSError as error:
        raise FootnoteError(
            f"{file} cannot be written ({error.strerror}); allow writing it, or name another "
            "folder with --plot"
        ) from error
    return file
