"""Benchmark folders as source folders, and their indexes.

The data is found through ``FOOTNOTE_BENCH`` and never copied into the project; indexes are built
into ``FOOTNOTE_BENCH_INDEXES`` (default: a folder beside the system's temporary files).
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.evaluation.benchmark import json_rows, write_documents
from index.build import rebuild
from index.generation import Generation
from index.kept_encoder import PACKAGED
from index.publish import current_folder

SEEDS = Path("seeds/docs")
GOLDEN = Path("seeds/questions.jsonl")
VISITORS = Path("tests/bench/visitors")


def bench(name: str) -> Path:
    """Return a benchmark's folder; exit clearly if the data is not there."""
    root = os.environ.get("FOOTNOTE_BENCH")
    if not root or not (Path(root) / name).is_dir():
        sys.exit(f"set FOOTNOTE_BENCH to the folder that holds the benchmark '{name}'")
    return Path(root) / name


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON Lines file."""
    return (row for _, row in json_rows(path))


def generation_of(name: str) -> Generation:
    """Return the generation of a benchmark, of ``seeds`` or of a corpus of ``VISITORS``."""
    work = Path(os.environ.get("FOOTNOTE_BENCH_INDEXES", tempfile.gettempdir() + "/footnote-bench"))
    if name == "seeds":
        source = SEEDS
    elif (VISITORS / name).is_dir():
        source = VISITORS / name
    else:
        source = work / name / "docs"
        write_documents(bench(name), source)
    index = work / name / "index"
    rebuild(source, index, model=PACKAGED, progress=_tell)
    return Generation(current_folder(index))


def _tell(stage: str, done: int, total: int) -> None:
    if total and (done == total or done % 500 == 0):
        sys.stderr.write(f"{stage} {done}/{total}\n")
