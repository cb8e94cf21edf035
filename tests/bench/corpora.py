"""Benchmark folders as source folders, and their indexes.

The data is found through ``FOOTNOTE_BENCH`` and never copied into the project; indexes are built
into ``FOOTNOTE_BENCH_INDEXES`` (default: a folder beside the system's temporary files).
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from assistant.conversation import stand_alone
from assistant.evaluation.benchmark import json_rows, write_documents
from assistant.evaluation.golden import GoldenQuestion
from assistant.evidence import PASSAGES, ScoredPassage, read_passages
from assistant.reranking import Reranker
from assistant.retrieval import retrieve, uses
from index.build import rebuild
from index.generation import Generation
from index.kept_encoder import PACKAGED
from index.publish import current_folder
from index.records import Passage

SEEDS = Path("seeds/docs")
GOLDEN = Path("seeds/questions.jsonl")
VISITORS = Path("tests/bench/visitors")
INDEXES = Path(os.environ.get("FOOTNOTE_BENCH_INDEXES", tempfile.gettempdir() + "/footnote-bench"))


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
    if name == "seeds":
        source = SEEDS
    elif (VISITORS / name).is_dir():
        source = VISITORS / name
    else:
        source = INDEXES / name / "docs"
        write_documents(bench(name), source)
    index = INDEXES / name / "index"
    rebuild(source, index, model=PACKAGED, progress=_tell)
    return Generation(current_folder(index))


@dataclass
class Corpus:
    """A generation, and the cross-encoder that ranks its passages for a question."""

    name: str
    reranker: Reranker

    @cached_property
    def generation(self) -> Generation:
        return generation_of(self.name)

    @cached_property
    def passages(self) -> list[Passage]:
        return [self.generation.passage(number) for number in range(len(self.generation.vectors))]

    def document(self, passage: Passage) -> str:
        return self.generation.documents[passage.document].id

    def read(
        self, question: str, without: frozenset[str] = frozenset()
    ) -> tuple[ScoredPassage, ...]:
        """Return the passages as the product ranks them, without those of some documents."""
        hits = [
            hit
            for hit in retrieve(self.generation, question, depth=4 * PASSAGES)
            if self.document(self.generation.passage(hit.passage)) not in without
        ][:PASSAGES]
        return read_passages(self.generation, self.reranker, question, hits)

    def alone(self, asked: GoldenQuestion) -> str:
        """Return a golden question as it stands alone."""
        return stand_alone(asked.question, asked.history, self._merit, self._known)

    def _merit(self, question: str) -> float:
        hits = retrieve(self.generation, question, depth=3)
        return read_passages(self.generation, self.reranker, question, hits)[0].logit

    def _known(self, phrase: str) -> bool:
        return uses(self.generation, phrase)


def _tell(stage: str, done: int, total: int) -> None:
    if total and (done == total or done % 500 == 0):
        sys.stderr.write(f"{stage} {done}/{total}\n")
