"""What the sources offer on a question: passages and sentences, each with its scores.

Owns the work budget: how many passages the models read, counted in pairs and never in clock time,
so that an answer does not depend on how busy the machine was.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evidence.weights import WEIGHTS
from assistant.models.pairs import in_context
from assistant.models.reader import Reader
from assistant.models.reranker import Reranker
from index.generations.opening import Generation
from index.records import Hit, Passage, Sentence
from index.words import words


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage with its cross-encoder logit and retrieval's share, between 0 and 1."""

    passage: Passage
    logit: float
    share: float

    @property
    def score(self) -> float:
        """What ranks passages against one another."""
        return self.logit + WEIGHTS.fused * self.share


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
        in_context = self.logit + WEIGHTS.context_of_best * self.passage_logit
        return in_context + WEIGHTS.length * math.log1p(len(words(self.text)))

    @property
    def support(self) -> float:
        """What says how much a sentence answers, wherever it stands."""
        return self.logit + WEIGHTS.context * self.passage_logit

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


def worth_reading(hits: Sequence[Hit], near: float = WEIGHTS.near) -> list[Hit]:
    """Return the first ``Weights.opened`` hits, and of the rest those near the best. Best first."""
    return [
        hit
        for rank, hit in enumerate(hits)
        if rank < WEIGHTS.opened or hit.score >= near * hits[0].score
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
    within: float = WEIGHTS.within,
) -> Evidence:
    """Read the best passages sentence by sentence and return all that answers are made from.

    Of passages with the same words in the same order the best is read, and none that scores more
    than ``within`` below the best of all.
    """
    distinct: dict[tuple[str, ...], ScoredPassage] = {}
    for each in passages:
        if each.score >= passages[0].score - within:
            distinct.setdefault(tuple(words(each.passage.text)), each)
    opened = list(distinct.values())[: WEIGHTS.opened]
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
