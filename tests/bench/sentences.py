"""Which sentence is quoted first, and how many: the trials behind ``evidence`` and ``selection``.

    FOOTNOTE_BENCH=... python -m tests.bench.sentences [--questions 200]

On answerable questions that the reader was not trained on: golden ones of the fitting split, those
to the sites held out, and squad2_dev_half's. Says how often the right sentence is the first and
among the first four, by what they are ranked by, and for several margins how many are quoted and
whether a right one is.
"""

import argparse
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.evaluation.benchmark import document_id
from assistant.evaluation.golden import GoldenSpan
from assistant.evidence import ScoredSentence, gather
from assistant.models import Models, open_models
from assistant.settings import Settings
from tests.bench.corpora import GOLDEN, VISITORS, Corpus, bench, rows, sites
from tests.bench.reader.owned import marked
from tests.bench.reader.split import held_out
from tests.bench.reader.squad2 import holding

READ_AGAIN = 8  # sentences that the cross-encoder reads for the trial
RANKS = [(each, 0.0) for each in (0.0, 0.1, 0.3, 0.5, 0.8, 1.0)]
RANKS += [(0.3, 0.25), (0.3, 0.5), (0.8, 0.25), (0.8, 0.5)]
MARGINS = (2.0, 3.0, 3.5, 4.0, 5.0)
MOST = 4

Judge = Callable[[ScoredSentence], bool]


@dataclass
class Trial:
    """The sentences of one question: reader, passage and cross-encoder logits, and who is right."""

    reading: np.ndarray
    passage: np.ndarray
    reread: np.ndarray  # nan beyond the first READ_AGAIN
    right: np.ndarray

    def ranked(self, context: float, again: float) -> tuple[np.ndarray, np.ndarray]:
        """Return scores from the best, and which of these sentences are right."""
        floor = np.nanmin(self.reread)
        reread = np.where(np.isnan(self.reread), floor, self.reread)
        scores = self.reading + context * self.passage + again * reread
        order = np.argsort(-scores, kind="stable")
        return scores[order], self.right[order]


def trials(corpus: Corpus, models: Models, questions: Iterator[tuple[str, Judge]]) -> list[Trial]:
    """Gather the evidence of every question."""
    found = []
    for question, judge in questions:
        sentences = gather(models.reader, question, corpus.read(question)).sentences
        again = models.reranker.score(question, [each.text for each in sentences[:READ_AGAIN]])
        unread = [np.nan] * (len(sentences) - len(again))
        found.append(
            Trial(
                np.array([each.logit for each in sentences]),
                np.array([each.passage_logit for each in sentences]),
                np.array([*again, *unread]),
                np.array([judge(each) for each in sentences]),
            )
        )
    return found


def golden(corpus: Corpus) -> Iterator[tuple[str, Judge]]:
    """Yield held-out questions of the fitting split that ask for no list."""
    for each in corpus.golden(GOLDEN):
        wanted = each.split == "fit" and each.answerable and held_out("golden", each.id)
        if wanted and each.kind != "list":
            yield corpus.alone(each), _golden_judge(corpus, each.spans)


def visitors(corpus: Corpus) -> Iterator[tuple[str, Judge]]:
    """Yield the answerable questions to a site that ask for no list."""
    for each in corpus.golden(VISITORS / corpus.name / "questions.jsonl"):
        if each.answerable and each.kind != "list":
            yield each.question, _golden_judge(corpus, each.spans)


def _golden_judge(corpus: Corpus, spans: tuple[GoldenSpan, ...]) -> Judge:
    def judge(found: ScoredSentence) -> bool:
        own = [span for span in spans if span.document_id == corpus.document(found.passage)]
        return marked(found.passage, own)[found.passage.sentences.index(found.sentence)]

    return judge


def squad2(corpus: Corpus, count: int) -> Iterator[tuple[str, Judge]]:
    """Yield answerable questions of held-out articles."""
    folder = bench("squad2_dev_half")
    article = {row["id"]: row["title"] for row in rows(folder / "corpus.jsonl")}
    pool = [
        row
        for row in rows(folder / "queries.jsonl")
        if row["answerable"] and held_out("squad2", article[row["doc"]])
    ]
    random.Random(20).shuffle(pool)
    for row in pool[:count]:
        yield row["text"], _squad2_judge(corpus, document_id(row["doc"]), row["answers"])


def _squad2_judge(corpus: Corpus, gold: str, answers: list[str]) -> Judge:
    def judge(found: ScoredSentence) -> bool:
        if corpus.document(found.passage) != gold:
            return False
        return holding(found.passage, answers)[found.passage.sentences.index(found.sentence)]

    return judge


def report(title: str, found: list[Trial]) -> None:
    """Print the shares."""
    print(f"{title}: {len(found)} questions")
    print("  passage  cross-encoder   first  first four")
    for context, again in RANKS:
        right = [trial.ranked(context, again)[1] for trial in found]
        first = np.mean([each[0] for each in right])
        four = np.mean([each[:MOST].any() for each in right])
        print(f"  {context:7.2f}  {again:13.2f}   {first:.3f}  {four:.3f}")
    print("  passage  cross-encoder  margin  quoted  any right  to the point")
    for context, again in ((0.3, 0.0), (0.8, 0.0), (0.8, 0.25)):
        for margin in MARGINS:
            quoted = []
            for trial in found:
                scores, right = trial.ranked(context, again)
                quoted.append(right[:MOST][scores[:MOST] >= scores[0] - margin])
            print(
                f"  {context:7.2f}  {again:13.2f}  {margin:6.1f}  "
                f"{np.mean([len(each) for each in quoted]):6.2f}  "
                f"{np.mean([each.any() for each in quoted]):9.3f}  "
                f"{np.mean([each.mean() for each in quoted]):12.3f}"
            )


def _unseen(site: Path) -> bool:
    return held_out("visitors", site.name)


def main() -> None:
    """Gather, and print both tables for each corpus."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=200, help="of squad2")
    count = parser.parse_args().questions
    models = open_models(Settings())
    seeds, paragraphs = (Corpus(name, models.reranker) for name in ("seeds", "squad2_dev_half"))
    report("golden", trials(seeds, models, golden(seeds)))
    unseen = [Corpus(each.name, models.reranker) for each in sites() if _unseen(each)]
    report("visitors", [each for site in unseen for each in trials(site, models, visitors(site))])
    report("squad2", trials(paragraphs, models, squad2(paragraphs, count)))
    models.close()


if __name__ == "__main__":
    main()
