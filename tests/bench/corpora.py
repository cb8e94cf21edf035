"""Benchmark folders as source folders, and their indexes.

The data is found through ``FOOTNOTE_BENCH`` and never copied into the project; indexes are built
into ``FOOTNOTE_BENCH_INDEXES`` (default: a folder beside the system's temporary files).
"""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.build import rebuild
from index.generation import Generation
from index.kept_encoder import PACKAGED
from index.publish import current_folder

SEEDS = Path("seeds/docs")
VISITORS = Path("tests/bench/visitors")


def bench(name: str) -> Path:
    """Return a benchmark's folder; exit clearly if the data is not there."""
    root = os.environ.get("FOOTNOTE_BENCH")
    if not root or not (Path(root) / name).is_dir():
        sys.exit(f"set FOOTNOTE_BENCH to the folder that holds the benchmark '{name}'")
    return Path(root) / name


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON Lines file."""
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def generation_of(name: str) -> Generation:
    """Return the generation of a benchmark, of ``seeds`` or of a corpus of ``VISITORS``."""
    work = Path(os.environ.get("FOOTNOTE_BENCH_INDEXES", tempfile.gettempdir() + "/footnote-bench"))
    if name == "seeds":
        source = SEEDS
    elif (VISITORS / name).is_dir():
        source = VISITORS / name
    else:
        source = _source(name, work / name / "docs")
    index = work / name / "index"
    rebuild(source, index, model=PACKAGED, progress=_tell)
    return Generation(current_folder(index))


def _source(name: str, target: Path) -> Path:
    """Write a corpus as one .txt file a document, its title as the first line."""
    target.mkdir(parents=True, exist_ok=True)
    for file in ("corpus.jsonl", "extra_distractors.jsonl"):
        path = bench(name) / file
        if path.exists():
            for row in rows(path):
                title = " ".join(row["title"].split()).rstrip(".:;,!?")
                content = f"---\nid: {_id(row['id'])}\n---\n{title}\n\n{row['text']}\n"
                (target / f"{_id(row['id'])}.txt").write_text(content, encoding="utf-8")
    return target


def _id(name: str) -> str:
    return name.removesuffix(".txt").replace("_", "-")


document_id = _id


def _tell(stage: str, done: int, total: int) -> None:
    if total and (done == total or done % 500 == 0):
        sys.stderr.write(f"{stage} {done}/{total}\n")
