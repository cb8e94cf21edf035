"""Which sentence is quoted first, and how many: the trials behind ``evidence`` and ``selection``.

    FOOTNOTE_BENCH=... python -m tests.bench.answers.sentences [--questions 200] [--only SET]

On answerable questions that the reader was not trained on: golden ones of the fitting split, those
to the sites held out, squad2_dev_half's, and those to sites that came later. Says how often the
right sentence is the first and among the first four, by what they are ranked by; for several
weights and margins how many are quoted beside the best one and whether a right one is; and what is
lost if passages far below the best are not opened. Repetitions, lists and antecedents are left out
of account.
"""

import argparse
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from assistant.evaluation.benchmark import document_id
from assistant.evaluation.golden import GoldenSpan
from assistant.evidence.reading import ScoredSentence, gather
from assistant.evidence.weights import WEIGHTS
from assistant.models.opening import Models, open_models
from assistant.settings import Settings
from index.words import words
from tests.bench.corpora import GOLDEN, VISITORS, Corpus, bench, rows, sites
from tests.training.reader.owned import marked
from tests.training.reader.split import LATER, held_out
from tests.training.reader.squad2 import holding

READ_AGAIN = 8  # sentences that the cross-encoder reads for the trial
# What ranks: so much of the passage's logit, of the logarithm of the sentence's words, and of the
# cross-encoder's logit of the sentence.
RANKS = [(each, 0.0, 0.0) for each in (0.0, WEIGHTS.context, 0.5, WEIGHTS.context_of_best, 1.0)]
RANKS += [(WEIGHTS.context_of_best, each, 0.0) for each in (0.25, WEIGHTS.length, 1.0, 2.0)]
RANKS += [
    (WEIGHTS.context_of_best, WEIGHTS.length, 0.25),
    (WEIGHTS.context_of_best, WEIGHTS.length, 0.5),
]
# Of the passage's logit: so much for the best sentence, and for what is quoted beside it.
CONTEXTS = [
    (WEIGHTS.context, WEIGHTS.context),
    (WEIGHTS.context_of_best, WEIGHTS.context_of_best),
    (WEIGHTS.context_of_best, WEIGHTS.context),
]
MARGINS = (2.0, 3.0, WEIGHTS.margin, 4.0, 5.0)
WITHINS = (3.0, 5.0, WEIGHTS.within, np.inf)

Judge = Callable[[ScoredSentence], bool]


@dataclass
class Trial:
    """The sentences of one question: reader, passage and cross-encoder logits, and who is right.

    ``length`` is the logarithm of one and a sentence's words, ``behind`` how far below the best
    passage a sentence's passage scores.
    """

    reading: np.ndarray
    passage: np.ndarray
    length: np.ndarray
    reread: np.ndarray  # nan beyond the first READ_AGAIN
    behind: np.ndarray
    right: np.ndarray

    def ranked(self, context: float, length: float, again: float) -> np.ndarray:
        """Return which sentences are right, from the best."""
        floor = np.nanmin(self.reread)
        reread = np.where(np.isnan(self.reread), floor, self.reread)
        scores = self.reading + context * self.passage + length * self.length + again * reread
        return self.right[np.argsort(-scores, kind="stable")]

    def quoted(self, first: float, beside: float, margin: float, within: float) -> np.ndarray:
        """Return which of the sentences that would be quoted are right, the best first."""
        opened = self.behind <= within
        score, support, right = (
            values[opened]
            for values in (
                self.reading + first * self.passage + WEIGHTS.length * self.length,
                self.reading + beside * self.passage,
                self.right,
            )
        )
        best = int(np.argmax(score))
        order = [int(each) for each in np.argsort(-support, kind="stable") if each != best]
        near = [each for each in order if support[each] >= support[best] - margin]
        return right[[best, *near][: WEIGHTS.quotes]]


def trials(corpus: Corpus, models: Models, questions: Iterator[tuple[str, Judge]]) -> list[Trial]:
    """Gather the evidence of every question."""
    found = []
    for question, judge in questions:
        evidence = gather(models.reader, question, corpus.read(question), within=np.inf)
        sentences, best = evidence.sentences, evidence.passages[0].score
        scores = {each.passage.id: each.score for each in evidence.passages}
        again = models.reranker.score(question, [each.text for each in sentences[:READ_AGAIN]])
        unread = [np.nan] * (len(sentences) - len(again))
        found.append(
            Trial(
                np.array([each.logit for each in sentences]),
                np.array([each.passage_logit for each in sentences]),
                np.log1p([len(words(each.text)) for each in sentences]),
                np.array([*again, *unread]),
                np.array([best - scores[each.passage.id] for each in sentences]),
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
    print("  passage  length  cross-encoder   first  first four")
    for context, length, again in RANKS:
        right = [trial.ranked(context, length, again) for trial in found]
        first = np.mean([each[0] for each in right])
        four = np.mean([each[: WEIGHTS.quotes].any() for each in right])
        print(f"  {context:7.2f}  {length:6.2f}  {again:13.2f}   {first:.3f}  {four:.3f}")
    print("  of best  beside  margin  within  opened  quoted  first  any right  to the point")
    tried = [(*each, margin, WEIGHTS.within) for each in CONTEXTS for margin in MARGINS]
    for one in (*tried, *((*CONTEXTS[-1], WEIGHTS.margin, within) for within in WITHINS)):
        quoted = [trial.quoted(*one) for trial in found]
        first, beside, margin, within = one
        opened = [len(set(trial.behind[trial.behind <= within])) for trial in found]
        print(
            f"  {first:7.2f}  {beside:6.2f}  {margin:6.1f}  {within:6.0f}  {np.mean(opened):6.1f}  "
            f"{np.mean([len(each) for each in quoted]):6.2f}  "
            f"{np.mean([each[0] for each in quoted]):5.3f}  "
            f"{np.mean([each.any() for each in quoted]):9.3f}  "
            f"{np.mean([each.mean() for each in quoted]):12.3f}"
        )


def of_sites(models: Models, *, later: bool) -> list[Trial]:
    """Return the trials of sites that the reader has not seen."""
    unseen = [each.name for each in sites() if held_out("visitors", each.name)]
    chosen = (Corpus(name, models) for name in unseen if (name in LATER) == later)
    return [each for corpus in chosen for each in trials(corpus, models, visitors(corpus))]


def main() -> None:
    """Gather, and print both tables for each set of questions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=200, help="of squad2")
    sets = ("golden", "visitors", "squad2", "later")
    parser.add_argument("--only", choices=sets, help="one set of questions; later: later sites")
    options = parser.parse_args()
    models = open_models(Settings())
    seeds, paragraphs = (Corpus(name, models) for name in ("seeds", "squad2_dev_half"))
    gathered: dict[str, Callable[[], list[Trial]]] = {
        "golden": lambda: trials(seeds, models, golden(seeds)),
        "visitors": lambda: of_sites(models, later=False),
        "squad2": lambda: trials(paragraphs, models, squad2(paragraphs, options.questions)),
        "later": lambda: of_sites(models, later=True),
    }
    for name in [options.only] if options.only else sets:
        report(name, gathered[name]())
    models.close()


if __name__ == "__main__":
    main()
