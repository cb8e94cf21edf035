"""What the sources offer on a question: passages and sentences, each with its scores.

Owns the work budget: how many passages and sentences the cross-encoder reads, counted in pairs and
never in clock time, so that an answer does not depend on how busy the machine was.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.reranking import Reranker
from index.encoder import Vector
from index.generation import Generation
from index.records import Hit, Passage, Sentence

PASSAGES = 12  # read by the cross-encoder
OPENED = 4  # of which the best have their sentences read
SENTENCES = 24
# The share of its passage's score that ranks a sentence: a sentence alone lacks its context.
# Anything from .3 to .6 does as well on the fitting questions and on squad2; see
# tests/bench/README.md.
CONTEXT = 0.3


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage with its cross-encoder logit."""

    passage: Passage
    logit: float


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence in its passage, with the cross-encoder's logits of both."""

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
    """Passages and sentences, best first, and the question's unit vector, shape ``(dim,)``."""

    question: str
    vector: Vector
    passages: tuple[ScoredPassage, ...]
    sentences: tuple[ScoredSentence, ...]


def in_context(passage: Passage) -> str:
    """Return a passage as the cross-encoder reads it: the heading path, then the text."""
    return "\n".join(part for part in (" > ".join(passage.headings), passage.text) if part)


def read_passages(
    generation: Generation, reranker: Reranker, question: str, hits: Sequence[Hit]
) -> tuple[ScoredPassage, ...]:
    """Return the passages found by cross-encoder logit, best first, ties by id."""
    passages = [generation.passage(hit.passage) for hit in hits]
    logits = reranker.score(question, [in_context(passage) for passage in passages])
    scored = [ScoredPassage(p, logit) for p, logit in zip(passages, logits, strict=True)]
    return tuple(sorted(scored, key=lambda each: (-each.logit, each.passage.id)))


def gather(
    generation: Generation,
    reranker: Reranker,
    question: str,
    passages: tuple[ScoredPassage, ...],
) -> Evidence:
    """Read the sentences of the best passages and return all that answers are made from."""
    opened = [
        (scored, sentence) for scored in passages[:OPENED] for sentence in scored.passage.sentences
    ][:SENTENCES]
    logits = reranker.score(question, [each.passage.quote(s) for each, s in opened])
    sentences = [
        ScoredSentence(each.passage, sentence, logit, each.logit)
        for (each, sentence), logit in zip(opened, logits, strict=True)
    ]
    ranked = sorted(sentences, key=lambda each: (-each.score, each.passage.id, each.sentence.start))
    return Evidence(question, generation.encoder.encode_query(question), passages, tuple(ranked))
