"""The story of an evaluation: read the questions, open the product, ask, reckon, report.

Knows the order of the steps and what names a result; each step is a module of its own.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from assistant.evaluation.benchmark import read_benchmark
from assistant.evaluation.benchmark_run import prepare, run_benchmark
from assistant.evaluation.golden import placed, read_golden
from assistant.evaluation.golden_run import Found, run_golden
from assistant.evaluation.metrics.report import Report
from assistant.evaluation.opened import Opened
from assistant.evidence.weights import WEIGHTS
from assistant.quoting.quotable import withhold_for
from assistant.settings import Settings

Progress = Callable[[str, int, int], None]
T = TypeVar("T")
_SEED = 20


def evaluate_golden(settings: Settings, *, limit: int | None, progress: Progress) -> Report:
    """Ask the golden questions of ``settings.golden`` of the published generation.

    Raises ``FootnoteError``.
    """
    file = settings.golden
    questions = read_golden(file)
    with closing(Opened(settings)) as opened:
        known = placed(file, questions, opened.texts())
        chosen = sample(known, limit)
        found = run_golden(opened, chosen, lambda done, total: progress("asking", done, total))
        return _report(settings, opened, found, str(file), len(chosen), len(questions))


def evaluate_benchmark(
    settings: Settings,
    folder: Path,
    *,
    limit: int | None,
    without_gold: bool,
    progress: Progress,
) -> Report:
    """Index a benchmark's corpus, and rank and ask its queries. Raises ``FootnoteError``."""
    benchmark = read_benchmark(folder)
    index = prepare(
        *(benchmark, settings.index),
        model=settings.model,
        withhold=withhold_for(settings),
        progress=progress,
    )
    chosen = sample(benchmark.queries, limit)
    with closing(Opened(settings.model_copy(update={"index": index}))) as opened:
        found = run_benchmark(
            opened,
            benchmark,
            chosen,
            without_gold=without_gold,
            progress=lambda done, total: progress("asking", done, total),
        )
        of = len(benchmark.queries)
        return _report(settings, opened, found, benchmark.name, len(chosen), of)


def sample(questions: Sequence[T], limit: int | None) -> list[T]:
    """Return all, or so many drawn by a fixed seed, in their order."""
    if limit is None or limit >= len(questions):
        return list(questions)
    places = np.random.default_rng(_SEED).choice(len(questions), limit, replace=False)
    return [questions[place] for place in sorted(places)]


def _report(
    settings: Settings, opened: Opened, found: Found, measured_on: str, asked: int, of: int
) -> Report:
    return Report(
        index_id=opened.whole.index_id,
        measured_on=measured_on,
        asked=asked,
        questions=of,
        settings=_settings(settings, opened),
        models=_models(settings, opened),
        tally=found.tally,
        unmarked=found.unmarked,
        sections=found.sections,
        curves=found.curves,
        missed=found.missed,
        unlisted=found.unlisted,
    )


def _settings(settings: Settings, opened: Opened) -> dict[str, Any]:
    return {
        "chunking": asdict(opened.whole.manifest.chunking),
        "retrieved_by_each_method": WEIGHTS.depth,
        "fusion_dense": WEIGHTS.dense,
        "passages_read": WEIGHTS.passages,
        "passages_opened": WEIGHTS.opened,
        "workers": settings.workers,
    }


def _models(settings: Settings, opened: Opened) -> dict[str, Any]:
    spec = opened.whole.manifest.encoder
    refusal = opened.refusal
    return {
        "encoder": {
            "name": spec.name,
            "precision": spec.precision,
            "sha256": opened.whole.manifest.files["encoder/model.onnx"],
        },
        "reranker": {"name": settings.reranker, "sha256": opened.models["reranker"]},
        "reader": {"name": settings.reader, "sha256": opened.models["reader"]},
        "resolver": {"name": "shipped", "sha256": opened.models["resolver"]},
        "refusal": {
            "name": "calibrated" if refusal.calibrated else "shipped",
            "sha256": refusal.sha256,
            "threshold": refusal.model.threshold,
        },
    }
