"""Is this answered here? A small, inspectable model over the evidence.

Relevance is not answerability: a passage about a treatment does not say what it costs. So the
model weighs what the reader makes of the best passages and sentences beside the cross-encoder's
logits, of which the reader has unlearned some. And that the sources answer is not enough: what is
promised is that the quotes do, and the probability is that of an answer that is right. Logistic
regression, weights in ``refusal.json``; fitted by ``tests/training/refusal/fit.py``, and further by
an owner with ``calibration``.

A refusal also names what is missing: a word that the evidence does not hold, and whose omission
makes the question fit it better, is one that it leaves unanswered.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from pydantic import TypeAdapter

from assistant.english.expected import expectation_unmet
from assistant.english.facets import facet_unsaid
from assistant.english.vocabulary import JUDGING, content_words
from assistant.evidence.reading import Evidence, ScoredSentence
from assistant.models.pairs import in_context
from assistant.models.reranker import Reranker
from index.embedding.encoder import Encoder
from index.records import Vector
from index.words import STOPWORDS, stem, words

_WORDS = 6  # of a question, each tried without: pairs for the cross-encoder
_COVERED = 0.5  # similarity from which a word is not named as missing; set by hand
_MOST_PASSAGES = 10**12  # more than any corpus has, and a logarithm can still be taken
NO_EVIDENCE = -12.0  # below any logit that the cross-encoder gives


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the question against the evidence.

    ``cover`` is how far the evidence speaks of it (cosine, 1 is the word itself), ``gain`` how the
    evidence's logit rises when the question leaves it out.
    """

    word: str
    cover: float
    gain: float


@dataclass(frozen=True, slots=True)
class Weights:
    """Logistic regression over features in their own units: ``bias + sum(weight * feature)``."""

    bias: float
    weights: Mapping[str, float]

    def logit(self, features: Mapping[str, float]) -> float:
        """Return the log-odds that an answer from the evidence is right."""
        return self.bias + sum(each * features[name] for name, each in self.weights.items())


@dataclass(frozen=True, slots=True)
class RefusalModel:
    """Weights for a small corpus and for a large one, mixed by the logarithm of its passages.

    In a small corpus whatever is near the subject is nearly all there is; in a large one there is
    always something near, and only a strong score means an answer. The cross-encoder is a gate
    besides: below ``irrelevant_below`` even its best passage is about something else, and whatever
    the reader says, the probability is at most ``irrelevant``.
    """

    threshold: float
    irrelevant_below: float
    irrelevant: float
    small_passages: int
    large_passages: int
    small: Weights
    large: Weights

    def __post_init__(self) -> None:
        """Raise ``ValueError`` for numbers of which no probability can be made."""
        if not 1 <= self.small_passages < self.large_passages <= _MOST_PASSAGES:
            raise ValueError("small_passages must be less than large_passages, both at least 1")
        if not (0 <= self.irrelevant <= 1 and 0 <= self.threshold <= 1):
            raise ValueError("threshold and irrelevant must be probabilities")
        numbers = [self.irrelevant_below]
        for side in (self.small, self.large):
            numbers += [side.bias, *side.weights.values()]
        if not all(math.isfinite(each) for each in numbers):
            raise ValueError("every weight must be a finite number")

    def logit(self, features: Mapping[str, float], passages: int) -> float:
        """Return the log-odds that an answer from it is right, as if there were no gate."""
        share = largeness(passages, self.small_passages, self.large_passages)
        return (1 - share) * self.small.logit(features) + share * self.large.logit(features)

    def is_gated(self, features: Mapping[str, float]) -> bool:
        """Say whether even the best passage is about something else."""
        return features["passage"] < self.irrelevant_below

    def probability(self, features: Mapping[str, float], passages: int) -> float:
        """Return the probability that an answer is right, of evidence from so many passages."""
        logit = self.logit(features, passages)
        probability = 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))
        return min(probability, self.irrelevant) if self.is_gated(features) else probability

    def confidence(self, features: Mapping[str, float], passages: int) -> float:
        """Return the probability to four places, as it is shown and as it decides."""
        return round(self.probability(features, passages), 4)

    def answers(self, confidence: float) -> bool:
        """Say whether a confidence is enough to answer."""
        return confidence >= self.threshold


def largeness(passages: int, small: int, large: int) -> float:
    """Return where a corpus stands between a small one (0) and a large one (1), by logarithm."""
    place = math.log(max(1, passages) / small) / math.log(large / small)
    return max(0.0, min(1.0, place))


def shipped_file() -> Path:
    """Return the file of the model that comes with the code."""
    return Path(str(files("assistant.refusal").joinpath("refusal.json")))


def shipped_model() -> RefusalModel:
    """Return the model that comes with the code."""
    return TypeAdapter(RefusalModel).validate_json(shipped_file().read_bytes())


class Examiner:
    """Looks at evidence. Holds word vectors it has seen; safe from several threads."""

    def __init__(self, encoder: Encoder, reranker: Reranker) -> None:
        self._reranker = reranker
        self._vector = lru_cache(maxsize=8192)(encoder.encode)

    def features(self, evidence: Evidence) -> dict[str, float]:
        """Return what the refusal model weighs, by name."""
        if not evidence.sentences:
            return dict(_NOTHING)
        best = max(evidence.sentences, key=lambda each: each.support)
        return {
            "passage": max(each.logit for each in evidence.passages),
            "answers": max(evidence.answers),
            "sentence": best.logit,
            "unmet": float(expectation_unmet(evidence.question, best.text, best.passage.text)),
            "unsaid": float(facet_unsaid(evidence.question, best.passage.text)),
        }

    def missing(self, evidence: Evidence, known: Callable[[str], bool]) -> tuple[str, ...]:
        """Name words of the question that the sources do not cover, at most two.

        ``known`` says whether the sources use a word anywhere: such a word is never named, however
        little the best passages have of it.
        """
        if not evidence.sentences:
            return ()
        left = _missing(self._words(evidence, evidence.sentences[0]))
        return tuple(word for word in left if not known(word))[:2]

    def _words(self, evidence: Evidence, best: ScoredSentence) -> list[Word]:
        """Try the question without each of its content words."""
        asked = content_words(evidence.question)[:_WORDS]
        context = " ".join(in_context(each.passage) for each in evidence.passages[:2])
        context = f"{in_context(best.passage)} {context}"
        offered = tuple(dict.fromkeys(word for word in words(context) if word not in STOPWORDS))
        stems = {stem(word) for word in offered}
        covers = [1.0 if stem(word) in stems else self._cover(word, offered) for word in asked]
        (whole, *without) = self._reranker.score_pairs(
            [(evidence.question, best.text)]
            + [(_without(evidence.question, word), best.text) for word in asked]
        )
        return [
            Word(word, cover, logit - whole)
            for word, cover, logit in zip(asked, covers, without, strict=True)
        ]

    def _cover(self, word: str, offered: Sequence[str]) -> float:
        vector = self._vector(word)
        return max((_dot(vector, self._vector(other)) for other in offered), default=0.0)


def _missing(found: Sequence[Word]) -> list[str]:
    """Return the words that the evidence neither holds nor needs, the most telling first."""
    left = [each for each in found if each.cover < _COVERED and each.word not in JUDGING]
    return [each.word for each in sorted(left, key=lambda each: -each.gain)]


FEATURES = ("passage", "answers", "sentence", "unmet", "unsaid")
_NOTHING = dict.fromkeys(FEATURES, 0.0) | dict.fromkeys(FEATURES[:3], NO_EVIDENCE)


def _without(question: str, word: str) -> str:
    return re.sub(rf"\b{re.escape(word)}(?:['’]\w+)?", "", question, count=1, flags=re.IGNORECASE)


def _dot(left: Vector, right: Vector) -> float:
    return float(left @ right)
