"""Examples from small corpora with questions of their own: what the product is for.

``golden`` are the project's questions about its seeds, each with the spans that answer, and
``visitors`` questions to three small sites, each with whether it is answered. Passages are those
that the plain pipeline would open, so that the reader learns to tell apart what it will be shown.
"""

import random
from collections.abc import Iterator, Sequence

from assistant.evaluation.golden import GoldenQuestion, GoldenSpan, placed, read_golden
from assistant.evidence import OPENED
from assistant.reranking import Reranker
from index.records import Passage, Sentence
from tests.bench.corpora import GOLDEN, VISITORS, Corpus, rows
from tests.bench.reader.examples import Example, Source, from_passage, no_answer
from tests.bench.reader.split import held_out

_OVERLAP = 0.6  # of the shorter span, from which a sentence counts as the golden one
# Nobody has read the passages of visitors' questions: the best one may not be where the answer
# is, and another may say in passing what the whole site was judged not to say.
_ANSWERING, _SILENT = 0.7, 0.6


def golden(reranker: Reranker) -> Source:
    """Return the source of golden examples; it takes nothing of the reporting split."""

    def examples(rng: random.Random) -> Iterator[Example]:
        del rng  # every question is used
        corpus = Corpus("seeds", reranker)
        documents = enumerate(corpus.generation.documents)
        texts = {info.id: corpus.generation.text(row) for row, info in documents}
        for question in placed(GOLDEN, read_golden(GOLDEN), texts):
            if question.split == "fit" and not held_out("golden", question.id):
                yield from _of_golden(corpus, question)

    return examples


def visitors(reranker: Reranker) -> Source:
    """Return the source of the examples of the visitors' three corpora."""

    def examples(rng: random.Random) -> Iterator[Example]:
        del rng  # every question is used
        for folder in sorted(path for path in VISITORS.iterdir() if path.is_dir()):
            corpus = Corpus(folder.name, reranker)
            for row in rows(folder / "questions.jsonl"):
                if not held_out("visitors", row["id"]):
                    origin = ("visitors", row["kind"], row["id"])
                    found = _opened(corpus, row["question"])
                    yield from _of_visitor(
                        origin, row["question"], found, answerable=row["answerable"]
                    )

    return examples


def _of_golden(corpus: Corpus, golden: GoldenQuestion) -> Iterator[Example]:
    """Yield the opened passages and any other that holds an answer, every sentence marked."""
    question = corpus.alone(golden)
    shown = {passage.id: passage for passage in _opened(corpus, question)}
    for passage in corpus.passages:
        spans = [span for span in golden.spans if span.document_id == corpus.document(passage)]
        if any(_shared(passage, span) >= _OVERLAP * (span.end - span.start) for span in spans):
            shown[passage.id] = passage
    for _, passage in sorted(shown.items()):
        spans = [span for span in golden.spans if span.document_id == corpus.document(passage)]
        labels = marked(passage, spans)
        origin = ("golden", golden.kind, golden.id)
        yield from_passage(origin, question, passage, labels, answers=any(labels))


def _opened(corpus: Corpus, question: str) -> list[Passage]:
    return [scored.passage for scored in corpus.read(question)[:OPENED]]


def marked(passage: Passage, spans: Sequence[GoldenSpan]) -> tuple[bool, ...]:
    """Say of each sentence whether it is one of the spans, which are of the same document."""
    return tuple(
        any(
            _shared(sentence, span)
            >= _OVERLAP * min(sentence.end - sentence.start, span.end - span.start)
            for span in spans
        )
        for sentence in passage.sentences
    )


def _shared(found: Passage | Sentence, span: GoldenSpan) -> int:
    return min(found.end, span.end) - max(found.start, span.start)


def _of_visitor(
    origin: tuple[str, str, str], question: str, found: Sequence[Passage], *, answerable: bool
) -> Iterator[Example]:
    """Yield the best passage if the site answers, else every passage that would be opened."""
    if not answerable:
        for passage in found:
            yield no_answer(origin, question, passage, weight=_SILENT)
        return
    best = found[0]
    unknown = (None,) * len(best.sentences)
    yield from_passage(origin, question, best, unknown, answers=True, weight=_ANSWERING)
