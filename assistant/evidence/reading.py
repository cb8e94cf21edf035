"""What the sources offer on a question: passages and sentences, each with its scores.

Owns the work budget: how many passages the models read, counted in pairs and never in clock time,
so that an answer does not depend on how busy the machine was.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.models.pairs import in_context
from assistant.models.reader import Reader
from assistant.models.reranker import Reranker
from index.generations.opening import Generation
from index.records import Hit, Passage, Sentence
from index.words import words

PASSAGES = 12  # read by the cross-encoder at most
OPENED = 4  # of which the best are read, sentence by sentence, by the reader at most
# What is read beyond the first few, as a part of the best passage's share, and how far below the
# best a passage may score and still be opened. What is so left out held next to no answer; see
# tests/bench/README.md.
NEAR = 0.4
WITHIN = 8.0
# What a sentence has of its passage's logit: which one is the best depends more on it than whether
# the sources answer, and what is quoted beside. See tests/bench/README.md.
CONTEXT_OF_BEST = 0.8
CONTEXT = 0.3
# What a sentence has of the logarithm of its words, in which one is the best: in a few words there
# is seldom an answer that stands alone, and the reader likes them too well. See the same.
LENGTH = 0.5
# What a passage that retrieval is sure of has ahead of the cross-encoder's logit, which alone ranks
# consumers' and scientists' questions worse than retrieval does; see tests/bench/README.md.
FUSED = 4.0


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage with its cross-encoder logit and retrieval's share, between 0 and 1."""

    passage: Passage
    logit: float
    share: float

    @property
    def score(self) -> float:
        """What ranks passages against one another."""
        return self.logit + FUSED * self.share


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
        in_context = self.logit + CONTEXT_OF_BEST * self.passage_logit
        return in_context + LENGTH * math.log1p(len(words(self.text)))

    @property
    def support(self) -> float:
        """What says how much a sentence answers, wherever it stands."""
        return self.logit + CONTEXT * self.passage_logit

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.passage.quote(self.sentence)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Passages and sentences, best first.

    ``answers`` are the reader's logits that the passages it read answer, best passage first.
    """

    question: str
    passages: tuple[ScoredPassage, ...]
    answers: tuple[float, ...]
    sentences: tuple[ScoredSentence, ...]


def worth_reading(hits: Sequence[Hit], near: float = NEAR) -> list[Hit]:
    """Return the first ``OPENED`` hits, and of the rest those near the best. Best first."""
    return [
        hit for rank, hit in enumerate(hits) if rank < OPENED or hit.score >= near * hits[0].score
    ]


def read_passages(
    generation: Generation, reranker: Reranker, question: str, hits: Sequence[Hit]
) -> tuple[ScoredPassage, ...]:
    """Return those of the passages found that are worth reading, best first, ties by id.

    They are ranked by the cross-encoder and retrieval together.
    """
    read = worth_reading(hits)
    passages = [generation.passage(hit.passage) for hit in read]
    texts = [in_context(passage) for passage in passages]
    once = list(dict.fromkeys(texts))
    logits = dict(zip(once, reranker.score(question, once), strict=True))
    scored = [
        ScoredPassage(passage, logits[text], hit.score)
        for passage, text, hit in zip(passages, texts, read, strict=True)
    ]
    return tuple(sorted(scored, key=lambda each: (-each.score, each.passage.id)))


def gather(
    reader: Reader,
    question: str,
    passages: tuple[ScoredPassage, ...],
    within: float = WITHIN,
) -> Evidence:
    """Read the best passages sentence by sentence and return all that answers are made from.

    Of passages with the same words in the same order the best is read, and none that scores more
    than ``within`` below the best of all.
    """
    distinct: dict[tuple[str, ...], ScoredPassage] = {}
    for each in passages:
        if each.score >= passages[0].score - within:
            distinct.setdefault(tuple(words(each.passage.text)), each)
    opened = list(distinct.values())[:OPENED]
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
