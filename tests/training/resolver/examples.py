"""What the resolver learns from: questions after a conversation, and the words that they leave out.

``conversations.jsonl`` holds conversations written for this, each with its last question in words
that leave nothing unsaid; canard_dev gives those of its articles that are not reported on.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.schemas import Turn
from index.words import terms
from tests.bench.answers.follow_ups import read
from tests.bench.corpora import rows

CONVERSATIONS = Path(__file__).with_name("conversations.jsonl")


@dataclass(frozen=True, slots=True)
class Example:
    """A question, the messages before it, and the stems that it lacks to stand alone."""

    question: str
    history: tuple[Turn, ...]
    lost: frozenset[str]


def written() -> Iterator[Example]:
    """Yield the conversations that were written for this."""
    for row in rows(CONVERSATIONS):
        history = tuple(Turn(**turn) for turn in row["history"])
        yield _example(row["question"], history, row["alone"])


def canard(rng: random.Random) -> Iterator[Example]:
    """Yield the half of canard_dev that is developed on, every other one with its title first."""
    for plain, titled in zip(
        read("develop", titled=False), read("develop", titled=True), strict=True
    ):
        chosen = rng.choice((plain, titled))
        if chosen.history:
            yield _example(chosen.question, chosen.history, chosen.rewrite)


def _example(question: str, history: tuple[Turn, ...], alone: str) -> Example:
    return Example(question, history, frozenset(terms(alone)) - frozenset(terms(question)))
