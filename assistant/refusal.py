"""Is this answered here? A small, inspectable model over the evidence.

Relevance is not answerability: a passage about a treatment does not say what it costs. Beside the
cross-encoder's logits the model looks at which of the question's words the evidence speaks to: a
word whose omission makes the evidence fit better is a word that it leaves unanswered. Logistic
regression, weights in ``refusal.json``; fitted by ``tests/bench/fit_refusal.py``.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from pydantic import TypeAdapter

from assistant.evidence import Evidence, ScoredSentence, in_context
from assistant.expected import expectation_unmet
from assistant.reranking import Reranker
from assistant.vocabulary import content_words
from index.encoder import Encoder, Vector
from index.lexicon import STOPWORDS, stem, words

_WORDS = 6  # of a question, each tried without: pairs for the cross-encoder
_KEYWORDS_READ = 8  # sentences that are read anew with the bare keywords as the question
_FIELD = 5  # the rank whose passage stands for what is near the subject without answering
_COVERED = 0.5  # similarity from which a word is not named as missing; set by hand
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
class Findings:
    """What the model looks at, by name, and the words that the evidence leaves unanswered."""

    features: Mapping[str, float]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """Logistic regression over features in their own units: ``bias + sum(weight * feature)``."""

    bias: float
    weights: Mapping[str, float]

    def logit(self, features: Mapping[str, float]) -> float:
        """Return the log-odds that the evidence answers the question."""
        return self.bias + sum(each * features[name] for name, each in self.weights.items())


@dataclass(frozen=True, slots=True)
class RefusalModel:
    """Weights for a small corpus and for a large one, mixed by the logarithm of its passages.

    In a small corpus whatever is near the subject is nearly all there is; in a large one there is
    always something near, and only a strong score means an answer.
    """

    threshold: float
    small_passages: int
    large_passages: int
    small: Weights
    large: Weights

    def probability(self, features: Mapping[str, float], passages: int) -> float:
        """Return the probability that the evidence, from so many passages, answers the question."""
        share = largeness(passages, self.small_passages, self.large_passages)
        total = (1 - share) * self.small.logit(features) + share * self.large.logit(features)
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, total))))

    def answers(self, probability: float) -> bool:
        """Say whether a probability is enough to answer."""
        return probability >= self.threshold


def largeness(passages: int, small: int, large: int) -> float:
    """Return where a corpus stands between a small one (0) and a large one (1), by logarithm."""
    place = math.log(max(1, passages) / small) / math.log(large / small)
    return max(0.0, min(1.0, place))


def shipped_model() -> RefusalModel:
    """Return the model that comes with the code."""
    parameters = json.loads(files("assistant").joinpath("refusal.json").read_text("utf-8"))
    return TypeAdapter(RefusalModel).validate_python(parameters)


class Examiner:
    """Turns evidence into findings. Holds word vectors it has seen; safe from several threads."""

    def __init__(self, encoder: Encoder, reranker: Reranker) -> None:
        self._encoder = encoder
        self._reranker = reranker
        self._vector = lru_cache(maxsize=8192)(encoder.encode)

    def examine(self, evidence: Evidence) -> Findings:
        """Compare the question, word by word, with the best sentence and what stands around it."""
        if not evidence.sentences:
            return Findings(dict.fromkeys(FEATURES, 0.0) | _NOTHING, ())
        best = evidence.sentences[0]
        found = self._words(evidence, best)
        passages = evidence.passages
        features = {
            "passage": passages[0].logit,
            "lead": passages[0].logit - passages[min(_FIELD, len(passages) - 1)].logit,
            "keywords": self._keywords(evidence),
            "sentence_cosine": _dot(evidence.vector, self._encoder.encode(best.text)),
            **_word_features(found),
            "unmet": float(expectation_unmet(evidence.question, best.text, best.passage.text)),
        }
        return Findings(features, _missing(found))

    def _keywords(self, evidence: Evidence) -> float:
        """Return the best logit when the question is only its keywords.

        A source that is on the subject but does not answer fits the keywords better than the
        question; one that answers in other words fits the question better.
        """
        keywords = " ".join(content_words(evidence.question)) or evidence.question
        read = [each.text for each in evidence.sentences[:_KEYWORDS_READ]]
        return max(self._reranker.score(keywords, read))

    def _words(self, evidence: Evidence, best: ScoredSentence) -> list[Word]:
        """Try the question without each of its content words."""
        asked = content_words(evidence.question)[:_WORDS]
        context = " ".join(in_context(each.passage) for each in evidence.passages[:2])
        context = f"{in_context(best.passage)} {context}"
        offered = tuple(dict.fromkeys(word for word in words(context) if word not in STOPWORDS))
        stems = {stem(word) for word in offered}
        logits = self._reranker.score_pairs(
            [(_without(evidence.question, word), best.text) for word in asked]
        )
        return [
            Word(
                word,
                1.0 if stem(word) in stems else self._cover(word, offered),
                logit - best.logit,
            )
            for word, logit in zip(asked, logits, strict=True)
        ]

    def _cover(self, word: str, offered: Sequence[str]) -> float:
        vector = self._vector(word)
        return max((_dot(vector, self._vector(other)) for other in offered), default=0.0)


def _word_features(found: Sequence[Word]) -> dict[str, float]:
    if not found:  # nothing is named that evidence could cover
        return {"gain": 0.0, "gain_cover": 0.0, "least_cover": 0.0}
    top = max(found, key=lambda each: each.gain)
    return {
        "gain": top.gain,
        "gain_cover": top.cover,
        "least_cover": min(each.cover for each in found),
    }


def _missing(found: Sequence[Word]) -> tuple[str, ...]:
    """Return the words that the evidence neither holds nor needs, the most telling first."""
    left = [each for each in found if each.cover < _COVERED]
    return tuple(each.word for each in sorted(left, key=lambda each: -each.gain)[:2])


FEATURES = (
    *("passage", "lead", "keywords", "sentence_cosine"),
    *("gain", "gain_cover", "least_cover", "unmet"),
)
_NOTHING = {"passage": NO_EVIDENCE, "keywords": NO_EVIDENCE}


def _without(question: str, word: str) -> str:
    return re.sub(rf"\b{re.escape(word)}(?:['’]\w+)?", "", question, count=1, flags=re.IGNORECASE)


def _dot(left: Vector, right: Vector) -> float:
    return float(left @ right)
