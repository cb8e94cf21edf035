"""Benchmark folders as source folders, and their indexes.

The data is found through ``FOOTNOTE_BENCH`` and never copied into the project; indexes are built
into ``FOOTNOTE_BENCH_INDEXES`` (default: a folder beside the system's temporary files).
"""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from assistant.evaluation.benchmark import document_id, json_rows, write_documents
from assistant.evaluation.golden import GoldenQuestion, placed, read_golden
from assistant.evidence.reading import ScoredPassage, read_passages
from assistant.evidence.retrieval import convex_combination
from assistant.evidence.weights import WEIGHTS
from assistant.models.opening import Models
from assistant.question.standalone import stand_alone
from assistant.quoting.quotable import withhold_for
from assistant.settings import Settings
from index.build import rebuild
from index.embedding.kept import PACKAGED
from index.generations.opening import Generation
from index.generations.publish import current_folder
from index.records import Passage

SEEDS = Path("seeds/docs")
GOLDEN = Path("seeds/questions.jsonl")
VISITORS = Path("tests/bench/visitors")
# A site whose texts are public data names them in this file, so that they are not copied.
_NAMED = "documents.txt"
# All sites whose texts are the project's own, as one corpus.
TOGETHER = "sites-together"
# Into so many parts the questions of medquad_liveqa are dealt.
LIVEQA_PARTS = 5
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


def sites() -> list[Path]:
    """Return the folders of the small sites that visitors ask, by name."""
    return sorted(path for path in VISITORS.iterdir() if path.is_dir())


def generation_of(name: str) -> Generation:
    """Return the generation of a corpus by its name.

    A name is that of a benchmark, ``seeds``, one of ``VISITORS``, ``TOGETHER``, or of a part of a
    benchmark, ``benchmark/part`` (see ``part_of``).
    """
    source = INDEXES / name / "docs"
    if name == "seeds":
        source = SEEDS
    elif name == TOGETHER:
        _write_together(source)
    elif (VISITORS / name / _NAMED).exists():
        _write_named(VISITORS / name / _NAMED, source)
    elif (VISITORS / name).is_dir():
        source = VISITORS / name
    elif "/" in name:
        _write_part(name, source)
    else:
        write_documents(bench(name), source)
    index = INDEXES / name / "index"
    rebuild(source, index, model=PACKAGED, withhold=withhold_for(Settings()), progress=_tell)
    return Generation(current_folder(index))


@dataclass
class Corpus:
    """A generation, and the models that rank its passages for a question."""

    name: str
    models: Models

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
        taken = {
            passage.id for passage in self.passages if without and self.document(passage) in without
        }
        depth = WEIGHTS.depth + len(taken)
        dense = self.generation.vectors.search(
            self.generation.encoder.encode_query(question), depth
        )
        rankings = (
            [hit for hit in found if hit.passage not in taken][: WEIGHTS.depth]
            for found in (dense, self.generation.lexicon.search(question, depth))
        )
        hits = convex_combination(*rankings)[: WEIGHTS.passages]
        return read_passages(self.generation, self.models.reranker, question, hits)

    def golden(self, path: Path) -> list[GoldenQuestion]:
        """Return the questions of a golden file about this corpus, every span in its place."""
        documents = enumerate(self.generation.documents)
        texts = {info.id: self.generation.text(row) for row, info in documents}
        return placed(path, read_golden(path), texts)

    def alone(self, asked: GoldenQuestion) -> str:
        """Return a golden question as it stands alone."""
        return stand_alone(asked.question, asked.history, self.models.resolver.unsaid)


def part_of(benchmark: str, row: dict[str, Any]) -> str:
    """Name the part of a benchmark that a question is asked of, as a small corpus of its own.

    Of squad2_dev_half that is the question's article: ``row`` is the document it was written for.
    Of medquad_liveqa it is what was judged for a fifth of the questions: ``row`` is the question.
    """
    if benchmark == "squad2_dev_half":
        return f"{benchmark}/{document_id(row['title'])}"
    return f"{benchmark}/{int(row['id']) % LIVEQA_PARTS}"


def judgements(benchmark: str) -> Iterator[tuple[str, str, int]]:
    """Yield question, document and grade, as they are called in the benchmark."""
    for line in (bench(benchmark) / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
        query, document, grade = line.split("\t")
        yield query, document, int(grade)


def _write_part(name: str, target: Path) -> None:
    """Write the documents of one part of a benchmark."""
    benchmark = name.split("/", maxsplit=1)[0]
    if benchmark == "squad2_dev_half":
        corpus = rows(bench(benchmark) / "corpus.jsonl")
        wanted = {row["id"] for row in corpus if part_of(benchmark, row) == name}
    else:
        judged = judgements(benchmark)
        wanted = {doc for query, doc, _ in judged if part_of(benchmark, {"id": query}) == name}
    chosen = [row for row in rows(bench(benchmark) / "corpus.jsonl") if row["id"] in wanted]
    folder = target.parent / "part"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in chosen))
    write_documents(folder, target)


def _write_together(target: Path) -> None:
    """Write the pages of all sites of the project's own into one folder, each id with its site."""
    shutil.rmtree(target, ignore_errors=True)  # pages of sites that have gone
    target.mkdir(parents=True)
    for page in sorted(VISITORS.glob("*/*.md")):
        site = page.parent.name
        text = page.read_text("utf-8").replace("\nid: ", f"\nid: {site}-", 1)
        (target / f"{site}-{page.name}").write_text(text, encoding="utf-8")


def _write_named(names: Path, target: Path) -> None:
    """Write the documents of medquad that a file names, each with its title as the first line."""
    wanted = set(names.read_text("utf-8").split())
    target.mkdir(parents=True, exist_ok=True)
    for row in rows(bench("medquad") / "corpus.jsonl.gz"):
        if row["id"] in wanted:
            title, text = " ".join(row["title"].split()), row["text"]
            page = f"---\nid: {row['id']}\n---\n{title.rstrip('.:;,!?')}\n\n{text}\n"
            (target / f"{row['id']}.txt").write_text(page, encoding="utf-8")


def _tell(stage: str, done: int, total: int) -> None:
    if total and (done == total or done % 500 == 0):
        sys.stderr.write(f"{stage} {done}/{total}\n")
