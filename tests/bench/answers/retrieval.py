"""What finds the right document: the trials behind ``retrieval`` and the ranking in ``evidence``.

    FOOTNOTE_BENCH=... python -m tests.bench.answers.retrieval [--corpus NAME ...] [--questions 400]

Ranks the judged questions of each corpus by BM25, by vectors, by both fused in two ways, and as
the cross-encoder reorders the first twelve. The questions are dealt into two halves by the hash of
their id: what was chosen was chosen on ``develop``, except that squad2's and medquad's questions
were all looked at.
"""

import argparse
import hashlib
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.evaluation.benchmark import Query, read_benchmark
from assistant.evaluation.metrics.intervals import mean
from assistant.evaluation.metrics.ranking import Grades, first_of_each, ndcg, relevant, success
from assistant.evidence.reading import worth_reading
from assistant.evidence.retrieval import convex_combination
from assistant.evidence.weights import WEIGHTS
from assistant.models.opening import open_models
from assistant.models.pairs import in_context
from assistant.settings import Settings
from index.records import Hit
from tests.bench.corpora import Corpus, bench

CORPORA = ("scifact", "medquad_liveqa", "medquad", "squad2_dev_half")
READ = 30  # passages read by the cross-encoder for the trial
NEARS = (0.3, WEIGHTS.near, 0.5)  # shares of the best's share from which a passage is read
RRF = 60  # the constant of reciprocal rank fusion: Cormack, Clarke, Büttcher, SIGIR 2009


@dataclass
class Searched:
    """What each method finds for one question, and the cross-encoder's logits by passage."""

    half: str
    grades: Grades
    dense: list[Hit]
    lexical: list[Hit]
    fused: list[Hit]
    logits: dict[int, float]


# A ranking, and how many passages the cross-encoder read for it.
Rank = Callable[[Searched], tuple[Sequence[int], int]]


def search(corpus: Corpus, queries: Sequence[Query], grades: dict[str, Grades]) -> list[Searched]:
    """Search for every question, with progress on stderr."""
    found = []
    for done, query in enumerate(queries, start=1):
        vector = corpus.generation.encoder.encode_query(query.text)
        dense = corpus.generation.vectors.search(vector, WEIGHTS.depth)
        lexical = corpus.generation.lexicon.search(query.text, WEIGHTS.depth)
        fused = convex_combination(dense, lexical)
        read = [hit.passage for hit in fused[:READ]]
        texts = [in_context(corpus.passages[passage]) for passage in read]
        logits = dict(zip(read, corpus.models.reranker.score(query.text, texts), strict=True))
        found.append(Searched(half(query.id), grades[query.id], dense, lexical, fused, logits))
        if done % 50 == 0:
            sys.stderr.write(f"{corpus.name}: {done}/{len(queries)}\n")
    return found


def half(query: str) -> str:
    """Deal a question into one of two halves, whatever others there are."""
    return ("develop", "report")[hashlib.sha256(query.encode()).digest()[-1] % 2]


def ranks() -> Iterator[tuple[str, Rank]]:
    """Yield what is tried, by name."""
    yield "BM25", lambda each: ([hit.passage for hit in each.lexical], 0)
    yield "vectors", lambda each: ([hit.passage for hit in each.dense], 0)
    yield "reciprocal rank fusion", lambda each: (_reciprocal(each), 0)
    yield "mean of shares", lambda each: ([hit.passage for hit in each.fused], 0)
    for depth, weight in (
        (WEIGHTS.passages, 0.0),
        (4, WEIGHTS.fused),
        (8, WEIGHTS.fused),
        (WEIGHTS.passages, WEIGHTS.fused),
        (READ, WEIGHTS.fused),
    ):
        yield f"first {depth} read, share x {weight:g}", _reread(depth, weight)
    for near in NEARS:
        yield (
            f"first {WEIGHTS.passages}, from {near:g} of the best",
            _reread(WEIGHTS.passages, WEIGHTS.fused, near),
        )


def _reciprocal(each: Searched) -> list[int]:
    scores: dict[int, float] = {}
    for ranking in (each.dense, each.lexical):
        for rank, hit in enumerate(ranking[: WEIGHTS.depth // 2], start=1):
            scores[hit.passage] = scores.get(hit.passage, 0.0) + 1 / (RRF + rank)
    return sorted(scores, key=lambda passage: (-scores[passage], passage))


def _reread(depth: int, weight: float, near: float = 0.0) -> Rank:
    """Return a ranking that reads, beyond the first few, what has so much of the best's share."""

    def rank(each: Searched) -> tuple[list[int], int]:
        reached = len(worth_reading(each.fused[:depth], near))
        first, rest = each.fused[:reached], each.fused[reached:]
        read = {hit.passage: each.logits[hit.passage] + weight * hit.score for hit in first}
        ordered = sorted(read, key=lambda passage: (-read[passage], passage))
        return [*ordered, *(hit.passage for hit in rest)], len(first)

    return rank


def report(corpus: Corpus, found: Sequence[Searched]) -> None:
    """Print nDCG@10 of each half and of all, and how often the first three hold a judged one."""
    count = len(corpus.passages)
    print(f"\n{corpus.name}: {len(found)} questions, {count:,} passages")
    heads = "develop  report  all                  in first three       read"
    print(f"                                 {heads}")
    names = [corpus.document(passage) for passage in corpus.passages]
    for title, rank in ranks():
        tried = [rank(each) for each in found]
        ranked = [first_of_each([names[number] for number in order]) for order, _ in tried]
        gains = [ndcg(one, each.grades, 10) for one, each in zip(ranked, found, strict=True)]
        three = [success(one, each.grades, 3) for one, each in zip(ranked, found, strict=True)]
        halves = [
            np.mean([gain for gain, each in zip(gains, found, strict=True) if each.half == name])
            for name in ("develop", "report")
        ]
        print(
            f"  {title:30} {halves[0]:.3f}    {halves[1]:.3f}   {mean(gains)}  {mean(three)}"
            f"  {np.mean([read for _, read in tried]):4.1f}",
            flush=True,
        )


def main() -> None:
    """Search and report, corpus by corpus."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", nargs="+", choices=CORPORA, default=list(CORPORA))
    parser.add_argument("--questions", type=int, default=400, help="at most so many a corpus")
    options = parser.parse_args()
    models = open_models(Settings(workers=2))
    for name in options.corpus:
        benchmark = read_benchmark(bench(name))
        queries = [each for each in benchmark.queries if _judged(each, benchmark.grades)]
        random.Random(20).shuffle(queries)
        corpus = Corpus(name, models)
        report(corpus, search(corpus, queries[: options.questions], dict(benchmark.grades)))
    models.close()


def _judged(query: Query, grades: dict[str, Grades]) -> bool:
    return query.answerable and bool(relevant(grades.get(query.id, {})))


if __name__ == "__main__":
    main()
