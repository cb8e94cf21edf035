"""Questions that the owner sends to a person, recognised by meaning and by words.

Owns the rule: a message goes to the first route of which it holds a phrase that is always enough;
else to the one with the highest score for it, or for a personal sentence of it, if that reaches the
threshold. The score is a logistic regression over how far the encoder tells the message from
ordinary ones towards the route's examples, the route's words in it, and whether a person speaks of
themselves or their own. Its weights are the same for every route (``routing.json``, fitted by
``tests/training/routes``). Knows nothing of files that owners write (``file``) nor of when a
rebuild compiles them (``build``).
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter

from assistant.english.persons import GENERAL, PERSONAL
from assistant.question.routes.phrases import compiled, plain_words
from index.embedding.encoder import Encoder
from index.records import Vector

FEATURES = ("meaning", "a word", "several words", "personal", "general")
_SENTENCES = 12  # of a long message, from its beginning and its end, each encoded alone
_SENTENCE_END = re.compile(r"(?<=[.!?…\n])\s+")
_FEWEST = 2  # words of a message whose meaning is looked at: "why?" means nothing alone
_SHORTEST = 3  # words of a sentence that is looked at alone


@dataclass(frozen=True, slots=True)
class Rule:
    """Logistic regression over ``FEATURES``; ``threshold`` is on the log-odds.

    ``ridge`` is the penalty with which a route's discriminant is fitted to its examples. A sentence
    taken out of a longer message has to reach ``alone`` instead: more of what people say in passing
    sounds like an example.
    """

    ridge: float
    bias: float
    weights: Mapping[str, float]
    threshold: float
    alone: float

    def score(self, features: Mapping[str, float]) -> float:
        """Return the log-odds that a message belongs to a route."""
        return self.bias + sum(each * features[name] for name, each in self.weights.items())


@dataclass(frozen=True, slots=True)
class CompiledRoute:
    """A route as a generation holds it. ``discriminant`` has the encoder's dimension and a bias.

    ``examples`` are in ``plain_words``.
    """

    name: str
    notice: str
    examples: tuple[str, ...]
    always: tuple[str, ...]
    words: tuple[str, ...]
    discriminant: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class CompiledRoutes:
    """The routes of a generation, and the SHA-256 of what they were compiled from.

    ``ordinary`` are the questions that go to no route, in ``plain_words``.
    """

    made_from: str
    ordinary: tuple[str, ...]
    routes: tuple[CompiledRoute, ...]

    def to_json(self) -> bytes:
        """Return the bytes that a generation keeps."""
        return _ADAPTER.dump_json(self) + b"\n"


_ADAPTER = TypeAdapter(CompiledRoutes | None)


def compiled_routes(data: bytes) -> CompiledRoutes:
    """Return the routes that a generation keeps; none, if it keeps nothing."""
    return _ADAPTER.validate_json(data) or CompiledRoutes("", (), ())


@lru_cache(maxsize=1)
def shipped_rule() -> Rule:
    """Return the rule that comes with the code."""
    data = files("assistant.question.routes").joinpath("routing.json").read_bytes()
    return TypeAdapter(Rule).validate_json(data)


@dataclass(frozen=True, slots=True)
class _Reader:
    """A route, with its phrases ready to be searched for."""

    route: CompiledRoute
    always: tuple[re.Pattern[str], ...]
    words: tuple[re.Pattern[str], ...]
    discriminant: npt.NDArray[np.float64]


class Router:
    """Tells which route a message belongs to. Safe to use from several threads."""

    def __init__(self, routes: CompiledRoutes, encoder: Encoder, rule: Rule | None = None) -> None:
        self._rule = rule or shipped_rule()
        self._encoder = encoder
        self._ordinary = frozenset(routes.ordinary)
        self._examples = {text: each for each in reversed(routes.routes) for text in each.examples}
        self._readers = tuple(
            _Reader(
                each,
                tuple(map(compiled, each.always)),
                tuple(map(compiled, each.words)),
                np.asarray(each.discriminant),
            )
            for each in routes.routes
        )

    def route(self, message: str) -> CompiledRoute | None:
        """Return the route that a message belongs to, if any.

        What an owner calls ordinary or gives as an example is just that. Else it is the first
        route, in the owner's order, of which the message holds a phrase that is always enough; else
        the one with the highest score, if it reaches the threshold.
        """
        whole = plain_words(message)
        if not self._readers or whole in self._ordinary:
            return None
        if whole in self._examples:
            return self._examples[whole]
        for reader in self._readers:
            if any(pattern.search(whole) for pattern in reader.always):
                return reader.route
        if len(whole.split()) < _FEWEST:
            return None
        parts = [(part, self._rule.alone) for part in sentences_of(message)]
        scores = [
            self._scores(part, threshold)
            for part, threshold in ((message, self._rule.threshold), *parts)
        ]
        best = [max(column) for column in zip(*scores, strict=True)]
        first = max(range(len(best)), key=lambda place: (best[place], -place))
        return self._readers[first].route if best[first] >= 0 else None

    def _scores(self, message: str, threshold: float) -> list[float]:
        """Return by how much a message is above the threshold of each route."""
        words, vector = plain_words(message), self._encoder.encode_query(message)
        return [
            self._rule.score(_features(reader, words, vector)) - threshold
            for reader in self._readers
        ]


def sentences_of(message: str) -> list[str]:
    """Return those sentences of a longer message that speak of somebody.

    What hides in a long message is asked as much as what is asked alone; a sentence of a story or
    an article that speaks of nobody is not. Of very many, the first and the last are read.
    """
    sentences = _SENTENCE_END.split(message.strip())
    if len(sentences) == 1:
        return []
    if len(sentences) > _SENTENCES:
        half = _SENTENCES // 2
        sentences = [*sentences[:half], *sentences[-half:]]
    spoken = (each for each in sentences if len(each.split()) >= _SHORTEST and is_personal(each))
    return list(dict.fromkeys(spoken))


def is_personal(message: str) -> bool:
    """Say whether somebody speaks of themselves or of their own people."""
    return bool(PERSONAL.search(plain_words(message)))


def _features(reader: _Reader, words: str, vector: Vector) -> dict[str, float]:
    return features_of(
        meaning=meaning(reader.discriminant, vector), words=words, patterns=reader.words
    )


def features_of(
    *, meaning: float, words: str, patterns: Sequence[re.Pattern[str]]
) -> dict[str, float]:
    """Return what the rule weighs, by name, of a message in ``plain_words``."""
    hits = sum(bool(pattern.search(words)) for pattern in patterns)
    personal = bool(PERSONAL.search(words))
    return {
        "meaning": meaning,
        "a word": float(hits > 0),
        "several words": float(hits > 1),
        "personal": float(personal),
        "general": float(not personal and bool(GENERAL.match(words))),
    }


def meaning(discriminant: npt.NDArray[np.float64], vector: Vector) -> float:
    """Return how far a message is from ordinary ones (-1) towards the examples (1)."""
    value = math.fsum(float(w) * float(v) for w, v in zip(discriminant, vector, strict=False))
    return value + float(discriminant[-1])
