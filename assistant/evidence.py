"""What the sources offer on a question: passages and sentences, each with its scores.

Owns the work budget: how many passages the models read, counted in pairs and never in clock time,
so that an answer does not depend on how busy the machine was.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.pairs import in_context
from assistant.reader import Reader
from assistant.reranking import Reranker
from index.generation import Generation
from index.records import Hit, Passage, Sentence

PASSAGES = 12  # read by the cross-encoder
OPENED = 4  # of which the best are read, sentence by sentence, by the reader
# The share of its passage's score that ranks a sentence; see tests/bench/README.md.
CONTEXT = 0.3


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage with its cross-encoder logit."""

    passage: Passage
    logit: float


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence in its passage, with the reader's logit and the passage's cross-encoder logit."""

    passage: Passage
    sentence: Sentence
    logit: float
    passage_logit: float

    @property
    def score(self) -> float:
        """What ranks sentences against one another."""
        return self.logit + CONTEXT * self.passage_logit

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.passage.quote(self.sentence)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Passages and sentences, best first.

    ``answers`` are the reader's logits that the first passages answer, in their order.
    """

    question: str
    passages: tuple[ScoredPassage, ...]
    answers: tuple[float, ...]
    sentences: tuple[ScoredSentence, ...]


def read_passages(
    generation: Generation, reranker: Reranker, question: str, hits: Sequence[Hit]
) -> tuple[ScoredPassage, ...]:
    """Return the passages found by cross-encoder logit, best first, ties by id."""
    passages = [generation.passage(hit.passage) for hit in hits]
    logits = reranker.score(question, [in_context(passage) for passage in passages])
    scored = [ScoredPassage(p, logit) for p, logit in zip(passages, logits, strict=True)]
    return tuple(sorted(scored, key=lambda each: (-each.logit, each.passage.id)))


def gather(reader: Reader, question: str, passages: tuple[ScoredPassage, ...]) -> Evidence:
    """Read the best passages sentence by sentence and return all that answers are made from."""
    opened = passages[:OPENED]
    readings = reader.read(question, [each.passage for each in opened])
    sentences = [
        ScoredSentence(each.passage, sentence, logit, each.logit)
        for each, reading in zip(opened, readings, strict=True)
        for sentence, logit in zip(each.passage.sentences, reading.sentences, strict=True)
    ]
    return Evidence(
        question,
        passages,
        tuple(reading.answers for reading in readings),
        tuple(sorted(sentences, key=lambda e: (-e.score, e.passage.id, e.sentence.start))),
    )
