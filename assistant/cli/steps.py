"""The steps that the commands take, each module loaded when its step is first taken.

Owns where the steps are found. numpy, onnxruntime and FastAPI together take most of a second to
import, and most commands need only some of them: ``footnote --help`` none.
"""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from assistant.api.work.live import Answers
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.cli.checks.doctor import Finding
    from assistant.evaluation.calibrating import CalibrationReport
    from assistant.evaluation.differences.generations import Differences
    from assistant.evaluation.metrics.report import Report
    from index.build_report import BuildReport
    from index.generations.kept import GenerationSummary

Progress = Callable[[str, int, int], None]


class Steps:
    """What the command line asks of the rest of the product; a test passes another in."""

    def rebuild(
        self, settings: Settings, *, full: bool, skip_bad: bool, progress: Progress
    ) -> "BuildReport":
        """Build and publish a generation."""
        return cast(
            "BuildReport",
            _step("index.build", "rebuild")(
                settings.source,
                settings.index,
                model=settings.model,
                choice=settings.choice,
                cache=settings.encoder_cache,
                full=full,
                skip_bad=skip_bad,
                keep=settings.keep,
                routes=_step("assistant.question.routes.build", "routes_for")(settings),
                withhold=_step("assistant.quoting.quotable", "withhold_for")(settings),
                suggest=_step("assistant.evaluation.suggesting", "suggest_for")(settings),
                progress=progress,
            ),
        )

    def suspicious_documents(self, index: Path) -> tuple[tuple[str, str], ...]:
        """Name the published documents that hold suspicious text, each with what it holds."""
        named = _step("assistant.quoting.quotable", "suspicious_documents")
        return cast("tuple[tuple[str, str], ...]", named(index))

    def differences(
        self, settings: Settings, *, skip_bad: bool, progress: Progress
    ) -> "Differences":
        """Compare the published generation with what a rebuild would publish."""
        compared = _step("assistant.evaluation.differences.generations", "differences")
        return cast("Differences", compared(settings, skip_bad=skip_bad, progress=progress))

    def current_folder(self, index: Path) -> Path:
        """Find the published generation. Raises ``IndexMissing`` and ``IndexDamaged``."""
        return cast("Path", _step("index.generations.publish", "current_folder")(index))

    def generations(self, index: Path) -> "tuple[GenerationSummary, ...]":
        """List the generations kept, newest last."""
        return cast(
            "tuple[GenerationSummary, ...]", _step("index.generations.kept", "generations")(index)
        )

    def rollback(self, index: Path, index_id: str | None) -> str:
        """Publish an earlier generation and name it."""
        return cast("str", _step("index.generations.publish", "rollback")(index, index_id))

    def verify(self, folder: Path) -> tuple[str, ...]:
        """Name the damaged files of a generation."""
        return cast("tuple[str, ...]", _step("index.generations.opening", "verify")(folder))

    def verify_calibration(self, index: Path) -> tuple[str, ...]:
        """Name the calibration's file if it is damaged."""
        return cast("tuple[str, ...]", _step("assistant.refusal.kept", "verify")(index))

    def verify_exports(self, index: Path) -> tuple[str, ...]:
        """Name the damaged files of the encoders that are kept for rebuilds."""
        return cast("tuple[str, ...]", _step("index.embedding.kept", "damaged_exports")(index))

    def check_answer_file(self, file: Path, source: Path) -> tuple[str, ...]:
        """Name what is wrong with the citations of saved answers."""
        return cast(
            "tuple[str, ...]", _step("assistant.quoting.citing", "check_answer_file")(file, source)
        )

    def open_assistant(self, settings: Settings) -> Answers:
        """Open the published generation and the models."""
        return cast("Answers", _step("assistant.answering", "open_assistant")(settings))

    def examine(self, settings: Settings) -> "tuple[Finding, ...]":
        """Look over the models, the index, permissions and threads."""
        return cast(
            "tuple[Finding, ...]", _step("assistant.cli.checks.doctor", "examine")(settings)
        )

    def offline_answer(self, index: Path) -> tuple[bool, str]:
        """Watch an answer from outside; say whether nothing left the machine, and what was seen."""
        return cast(
            "tuple[bool, str]", _step("assistant.cli.checks.watching", "offline_answer")(index)
        )

    def evaluate(
        self,
        settings: Settings,
        *,
        bench: Path | None,
        limit: int | None,
        without_gold: bool,
        progress: Progress,
    ) -> "Report":
        """Measure on the golden questions, or on a benchmark folder."""
        module = "assistant.evaluation.runner"
        if bench is None:
            asked = _step(module, "evaluate_golden")
            return cast("Report", asked(settings, limit=limit, progress=progress))
        return cast(
            "Report",
            _step(module, "evaluate_benchmark")(
                settings, bench, limit=limit, without_gold=without_gold, progress=progress
            ),
        )

    def calibrate(
        self, settings: Settings, *, publish: bool, force: bool, progress: Progress
    ) -> "CalibrationReport":
        """Fit the refusal model to the golden questions; put it in use only if told to."""
        fitted = _step("assistant.evaluation.calibrating", "calibrate")
        return cast(
            "CalibrationReport",
            fitted(settings, publish=publish, force=force, progress=progress),
        )

    def forget_calibration(self, index: Path) -> bool:
        """Return to the shipped refusal model; say whether there was a calibration."""
        return cast("bool", _step("assistant.refusal.kept", "remove")(index))

    def draw(self, report: "Report", folder: Path) -> tuple[Path, ...]:
        """Draw the curves of an evaluation and name the files."""
        draw = _step("assistant.evaluation.plots", "draw")
        return cast("tuple[Path, ...]", draw(report.curves, folder))

    def serve(self, settings: Settings, *, host: str, port: int) -> None:
        """Serve until interrupted."""
        _step("assistant.api.server", "serve")(settings, host=host, port=port)


def _step(module: str, name: str) -> Any:
    return getattr(importlib.import_module(module), name)
