"""Examples from small corpora with questions of their own: what the product is for.

``golden`` are the project's questions about its seeds and ``visitors`` those to the small sites,
each with the spans that answer it. Passages are those that the plain pipeline would open, so that
the reader learns to tell apart what it will be shown.
"""

import random
from collections.abc import Iterator, Sequence

from assistant.evaluation.golden import GoldenQuestion, GoldenSpan
from assistant.evidence.weights import WEIGHTS
from assistant.models.opening import Models
from index.records import Passage, Sentence
from tests.bench.corpora import GOLDEN, Corpus, sites
from tests.training.reader.examples import LATEST, Example, Source, from_passage
from tests.training.reader.split import held_out

_OVERLAP = 0.6  # of the shorter span, from which a sentence counts as the golden one
_SILENT = 2  # passages without the answer that a question gives; more say the same again
# What is no question about the site at all: one passage says as much as several.
_ELSEWHERE = frozenset({"far_miss", "order"})


def golden(models: Models) -> Source:
    """Return the source of golden examples; it takes nothing of the reporting split."""

    def examples(rng: random.Random) -> Iterator[Example]:
        del rng  # every question is used
        corpus = Corpus("seeds", models)
        for question in corpus.golden(GOLDEN):
            if question.split == "fit" and not held_out("golden", question.id):
                yield from _of_question(corpus, question, ("golden", question.kind, question.id))

    return examples


def visitors(models: Models, replay: float) -> Source:
    """Return the source of the examples of the sites that are not held out.

    Of sites that are not ``LATEST`` so large a share of the questions is read as is replayed.
    """

    def examples(rng: random.Random) -> Iterator[Example]:
        for folder in sites():
            if held_out("visitors", folder.name):
                continue
            corpus = Corpus(folder.name, models)
            used = 1.0 if folder.name in LATEST else replay
            for question in corpus.golden(folder / "questions.jsonl"):
                if rng.random() >= used:
                    continue
                yield from _of_question(corpus, question, ("visitors", question.kind, folder.name))

    return examples


def _of_question(
    corpus: Corpus, golden: GoldenQuestion, origin: tuple[str, str, str]
) -> Iterator[Example]:
    """Yield every passage that holds an answer, and the best that do not."""
    question = corpus.alone(golden)
    silent = 0
    found = [scored.passage for scored in corpus.read(question)[: WEIGHTS.opened]]
    shown = {passage.id for passage in found}
    found += [passage for passage in corpus.passages if passage.id not in shown]
    for rank, passage in enumerate(found):
        spans = [span for span in golden.spans if span.document_id == corpus.document(passage)]
        labels = marked(passage, spans)
        if not any(labels):
            silent += 1
            if rank >= WEIGHTS.opened or silent > (1 if golden.kind in _ELSEWHERE else _SILENT):
                continue
        yield from_passage(origin, question, passage, labels, answers=any(labels))


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


def _shared(found: Sentence, span: GoldenSpan) -> int:
    return min(found.end, span.end) - max(found.start, span.start)
