"""Questions with their features, which ``fit_refusal`` fits the refusal model to and reports on.

Owns the mixture: of each corpus only what the reader was not trained on, with and without the
documents that answer. Knows nothing of any model that is fitted to it.
"""

import json
import random
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from assistant.evaluation.benchmark import document_id
from assistant.evaluation.golden import read_golden
from assistant.evidence import gather
from assistant.models import open_models
from assistant.refusal import Examiner
from assistant.settings import Settings
from tests.bench.corpora import GOLDEN, INDEXES, Corpus, bench, rows, sites
from tests.bench.reader.split import held_out

SEED = 20


@dataclass
class Example:
    """One question with its features: where it is from, its kind, group for folds, and label."""

    corpus: str
    kind: str
    group: str
    split: str
    answered: bool
    question: str
    passages: int
    features: dict[str, float]


class Source:
    """Turns questions over one corpus into features, with documents taken away at will."""

    def __init__(self, name: str) -> None:
        self.models = open_models(Settings())
        self.corpus = Corpus(name, self.models.reranker)
        self.examiner = Examiner(self.corpus.generation.encoder, self.models.reranker)

    @property
    def size(self) -> int:
        return len(self.corpus.generation.vectors)

    def features(self, question: str, without: frozenset[str] = frozenset()) -> dict[str, float]:
        read = self.corpus.read(question, without)
        return self.examiner.features(gather(self.models.reader, question, read))


def golden() -> Iterator[Example]:
    """The project's own questions, both splits; only ``fit`` is fitted on."""
    source = Source("seeds")
    for row in read_golden(GOLDEN):
        if row.split == "fit" and not held_out("golden", row.id):
            continue
        question = source.corpus.alone(row)
        yield Example(
            *("golden", row.kind, row.id, row.split, row.answerable, question),
            source.size,
            source.features(question),
        )


def visitors() -> Iterator[Example]:
    """Questions to small sites on quite other subjects, none of which the reader has seen."""
    for folder in sites():
        if not held_out("visitors", folder.name):
            continue
        source = Source(folder.name)
        for row in source.corpus.golden(folder / "questions.jsonl"):
            place = ("visitors", row.kind, folder.name, "fit")
            features = source.features(row.question)
            yield Example(*place, row.answerable, row.question, source.size, features)


def squad2(answerable: int = 220, adversarial: int = 120) -> Iterator[Example]:
    """Answerable questions with and without their paragraph, and adversarial ones."""
    source = Source("squad2_dev_half")
    folder = bench("squad2_dev_half")
    article = {row["id"]: row["title"] for row in rows(folder / "corpus.jsonl")}
    queries = rows(folder / "queries.jsonl")
    pool = [row for row in queries if held_out("squad2", article[row["doc"]])]
    random.Random(SEED).shuffle(pool)
    for row in [row for row in pool if row["answerable"]][:answerable]:
        gold = frozenset({document_id(row["doc"])})
        place = ("squad2", "answerable", article[row["doc"]], "fit")
        yield Example(*place, True, row["text"], source.size, source.features(row["text"]))
        place = ("squad2", "gold removed", article[row["doc"]], "fit")
        yield Example(*place, False, row["text"], source.size, source.features(row["text"], gold))
    for row in [row for row in pool if not row["answerable"]][:adversarial]:
        place = ("squad2", "adversarial", article[row["doc"]], "fit")
        yield Example(*place, False, row["text"], source.size, source.features(row["text"]))


def liveqa() -> Iterator[Example]:
    """Real consumer questions with and without the documents judged to answer them."""
    source = Source("medquad_liveqa")
    folder = bench("medquad_liveqa")
    judged: dict[str, set[str]] = {}
    for line in (folder / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
        query, document, grade = line.split("\t")
        if int(grade) > 0:
            judged.setdefault(query, set()).add(document_id(document))
    for row in rows(folder / "queries.jsonl"):
        if row["answerable"]:
            place = ("liveqa", "answerable", row["id"], "fit")
            yield Example(*place, True, row["text"], source.size, source.features(row["text"]))
        gold = frozenset(judged.get(row["id"], ()))
        place = ("liveqa", "gold removed", row["id"], "fit")
        yield Example(*place, False, row["text"], source.size, source.features(row["text"], gold))


def collect(*, again: bool) -> list[Example]:
    """Compute the features of every example, ``again`` or for the first time, and keep them."""
    examples = []
    for source in (golden, visitors, squad2, liveqa):
        kept = INDEXES / f"refusal-{source.__name__}.jsonl"
        if again or not kept.exists():
            found = list(source())
            kept.write_text("".join(json.dumps(asdict(example)) + "\n" for example in found))
        examples.extend(Example(**row) for row in rows(kept))
        sys.stderr.write(f"{source.__name__}: {len(examples)} questions so far\n")
    return examples
