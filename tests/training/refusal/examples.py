"""Questions with their features, which ``fit_refusal`` fits the refusal model to and reports on.

Owns the mixture: of each corpus only what the reader was not trained on, with and without the
documents that answer; and whether what would be quoted answers. Knows nothing of any model that is
fitted to it.
"""

import json
import random
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from assistant.evaluation.benchmark import document_id
from assistant.evaluation.golden import GoldenQuestion, holds_answer, read_golden
from assistant.evidence.reading import gather
from assistant.models.opening import Models, open_models
from assistant.quoting.citing import cite
from assistant.quoting.selection import select
from assistant.refusal.model import Examiner
from assistant.schemas import Citation
from assistant.settings import Settings
from tests.bench.corpora import (
    GOLDEN,
    INDEXES,
    TOGETHER,
    Corpus,
    bench,
    judgements,
    part_of,
    rows,
    sites,
)
from tests.training.reader.split import LATER, held_out

SEED = 20
_ONE_IN = 4  # of the questions to sites, asked of all sites together: they say much the same


Judge = Callable[[list[Citation]], bool]


@dataclass
class Example:
    """One question with its features: where it is from, its kind, group for folds, and labels.

    ``answerable`` says that the sources answer, ``right`` that what would be quoted does.
    """

    corpus: str
    kind: str
    group: str
    split: str
    answerable: bool
    question: str
    passages: int
    features: dict[str, float]
    right: bool


@lru_cache
def _models() -> Models:
    return open_models(Settings())


class Source:
    """Turns questions over one corpus into features, with documents taken away at will."""

    def __init__(self, name: str) -> None:
        self.models = _models()
        self.corpus = Corpus(name, self.models)
        self.examiner = Examiner(self.corpus.generation.encoder, self.models.reranker)

    def example(
        self,
        place: tuple[str, str, str, str],
        question: str,
        judge: Judge | None,
        without: frozenset[str] = frozenset(),
    ) -> Example:
        """Return a question with its labels; without a judge of quotes it is not answerable.

        ``place`` is its corpus, kind, group and split.
        """
        generation = self.corpus.generation
        read = self.corpus.read(question, without)
        evidence = gather(self.models.reader, question, read)
        quotes = []
        if judge and evidence.sentences:
            quotes = cite(generation, select(generation, evidence).spans)
        return Example(
            *place,
            judge is not None,
            question,
            len(generation.vectors),
            self.examiner.features(evidence),
            judge is not None and judge(quotes),
        )


def golden() -> Iterator[Example]:
    """The project's own questions, both splits; only ``fit`` is fitted on."""
    source = Source("seeds")
    for row in read_golden(GOLDEN):
        if row.split == "fit" and not held_out("golden", row.id):
            continue
        place = ("golden", row.kind, row.id, row.split)
        yield source.example(place, source.corpus.alone(row), _judge_of(row))


def _judge_of(row: GoldenQuestion) -> Judge | None:
    return partial(holds_answer, row) if row.answerable else None


def visitors() -> Iterator[Example]:
    """Questions to small sites on quite other subjects, none of which the reader has seen."""
    unseen = (each for each in sites() if held_out("visitors", each.name))
    return _sites("visitors", (each for each in unseen if each.name not in LATER), "fit")


def later() -> Iterator[Example]:
    """Questions to sites that came when all was fitted."""
    return _sites("later sites", (each for each in sites() if each.name in LATER), "apart")


def _sites(corpus: str, folders: Iterable[Path], split: str) -> Iterator[Example]:
    for folder in folders:
        source = Source(folder.name)
        for row in source.corpus.golden(folder / "questions.jsonl"):
            place = (corpus, row.kind, folder.name, split)
            yield source.example(place, row.question, _judge_of(row))


def together() -> Iterator[Example]:
    """Questions to the later sites where all sites are one corpus, as of a larger owner."""
    return _together("sites together", "apart", later=True)


def among() -> Iterator[Example]:
    """Questions to the sites fitted on, asked in the same way."""
    return _together("among sites", "fit", later=False)


def _together(corpus: str, split: str, *, later: bool) -> Iterator[Example]:
    source = Source(TOGETHER)
    file, of_site = write_asked_together(later=later)
    for site, row in zip(of_site, source.corpus.golden(file), strict=True):
        yield source.example((corpus, row.kind, site, split), row.question, _judge_of(row))


def write_asked_together(*, later: bool) -> tuple[Path, list[str]]:
    """Write what is asked of all sites together: every fourth question to some of them.

    To the sites that came later, or to the others that the reader has not seen. Return the golden
    file, with the ids that documents have there, and the site of each line.
    """
    asked = INDEXES / TOGETHER / ("questions.jsonl" if later else "among.jsonl")
    of_site = []
    with asked.open("w", encoding="utf-8") as file:
        for folder in sites():
            # A site of public data is not among them: its texts are no files here.
            asked_there = any(folder.glob("*.md")) and held_out("visitors", folder.name)
            if asked_there and (folder.name in LATER) == later:
                for row in list(rows(folder / "questions.jsonl"))[::_ONE_IN]:
                    for span in row.get("spans", ()):
                        span["document_id"] = f"{folder.name}-{span['document_id']}"
                    file.write(json.dumps(row) + "\n")
                    of_site.append(folder.name)
    return asked, of_site


def squad2() -> Iterator[Example]:
    """Questions of squad2 where all articles, and paragraphs beside them, are one corpus."""
    source = Source("squad2_dev_half")
    return _squad2(("squad2", "fit"), lambda _: source)


def articles() -> Iterator[Example]:
    """The same questions where their article is all there is."""
    source = lru_cache(Source)
    return _squad2(
        ("articles", "apart"), lambda paragraph: source(part_of("squad2_dev_half", paragraph))
    )


def _squad2(
    use: tuple[str, str],
    source: Callable[[dict[str, Any]], Source],
    answerable: int = 220,
    adversarial: int = 120,
) -> Iterator[Example]:
    """Yield answerable questions with and without their paragraph, and adversarial ones."""
    folder = bench("squad2_dev_half")
    paragraphs = {row["id"]: row for row in rows(folder / "corpus.jsonl")}
    queries = rows(folder / "queries.jsonl")
    pool = [row for row in queries if held_out("squad2", paragraphs[row["doc"]]["title"])]
    random.Random(SEED).shuffle(pool)
    answered = [row for row in pool if row["answerable"]][:answerable]
    for row in answered + [row for row in pool if not row["answerable"]][:adversarial]:
        paragraph = paragraphs[row["doc"]]
        asked = source(paragraph)
        kind = "answerable" if row["answerable"] else "adversarial"
        corpus, split = use
        judge = partial(_any_holds, row["answers"]) if row["answerable"] else None
        yield asked.example((corpus, kind, paragraph["title"], split), row["text"], judge)
        if row["answerable"]:
            gold = frozenset({document_id(row["doc"])})
            place = (corpus, "gold removed", paragraph["title"], split)
            yield asked.example(place, row["text"], None, gold)


def _any_holds(answers: list[str], quotes: list[Citation]) -> bool:
    return any(answer in each.quote for answer in answers for each in quotes)


def liveqa() -> Iterator[Example]:
    """Real consumer questions where all documents judged for any are one corpus."""
    source = Source("medquad_liveqa")
    return _liveqa(("liveqa", "fit"), lambda _: source)


def fifths() -> Iterator[Example]:
    """The same questions where what was judged for a fifth of them is all there is."""
    source = lru_cache(Source)
    return _liveqa(("fifths", "apart"), lambda row: source(part_of("medquad_liveqa", row)))


def _liveqa(use: tuple[str, str], source: Callable[[dict[str, Any]], Source]) -> Iterator[Example]:
    """Yield questions with and without the documents judged to answer them."""
    corpus, split = use
    judged: dict[str, set[str]] = {}
    for query, document, grade in judgements("medquad_liveqa"):
        if grade > 0:
            judged.setdefault(query, set()).add(document_id(document))
    for row in rows(bench("medquad_liveqa") / "queries.jsonl"):
        asked = source(row)
        gold = frozenset(judged.get(row["id"], ()))
        if row["answerable"]:
            place = (corpus, "answerable", row["id"], split)
            yield asked.example(place, row["text"], partial(_any_from, gold))
        place = (corpus, "gold removed", row["id"], split)
        yield asked.example(place, row["text"], None, gold)


def _any_from(documents: frozenset[str], quotes: list[Citation]) -> bool:
    return any(each.document_id in documents for each in quotes)


def collect(*, again: bool) -> list[Example]:
    """Compute the features of every example, ``again`` or for the first time, and keep them."""
    examples: list[Example] = []
    for source in (golden, visitors, among, squad2, liveqa, later, together, articles, fifths):
        kept = INDEXES / f"refusal-{source.__name__}.jsonl"
        if again or not kept.exists():
            found = list(source())
            kept.write_text("".join(json.dumps(asdict(example)) + "\n" for example in found))
        examples.extend(Example(**row) for row in rows(kept))
        sys.stderr.write(f"{source.__name__}: {len(examples)} questions so far\n")
    return examples
