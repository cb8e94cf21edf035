"""The work behind the commands, replaced by a test's own."""

from collections.abc import Sequence
from contextlib import ExitStack
from unittest.mock import patch

from assistant.cli.app import run

# What a test's object may have a method for, and the function that it stands in for.
STEPS = {
    "rebuild": "assistant.cli.rebuild.rebuilt",
    "suspicious_documents": "assistant.cli.rebuild.suspicious_documents",
    "differences": "assistant.evaluation.differences.generations.differences",
    "current_folder": "assistant.cli.checks.verify.current_folder",
    "generations": "index.generations.kept.generations",
    "rollback": "index.generations.publish.rollback",
    "verify": "index.generations.opening.verify",
    "verify_calibration": "assistant.refusal.kept.verify",
    "verify_exports": "assistant.cli.checks.verify.damaged_exports",
    "check_answer_file": "assistant.cli.checks.verify.check_answer_file",
    "open_assistant": "assistant.cli.ask.open_assistant",
    "examine": "assistant.cli.checks.doctor.examine",
    "offline_answer": "assistant.cli.checks.doctor.offline_answer",
    "evaluate_golden": "assistant.cli.measuring.evaluate.evaluate_golden",
    "evaluate_benchmark": "assistant.cli.measuring.evaluate.evaluate_benchmark",
    "draw": "assistant.evaluation.plots.draw",
    "calibrate": "assistant.evaluation.calibrating.calibrate",
    "forget_calibration": "assistant.refusal.kept.remove",
    "serve": "assistant.api.server.serve",
}


def run_with(arguments: Sequence[str], steps: object) -> int:
    """Run the command line with the methods of ``steps`` in place of the product's functions."""
    with ExitStack() as replaced:
        for name in STEPS.keys() & set(dir(steps)):
            replaced.enter_context(patch(STEPS[name], getattr(steps, name)))
        return run(arguments)
