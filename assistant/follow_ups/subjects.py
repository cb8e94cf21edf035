"""Which name a question leans on, and how probably.

Owns what speaks for a name: how often and how lately visitor and answers name it, whether sentences
are about it, whether it looks like a person, a place or a work. The weights are fitted on
conversations (``weights.py``). Pure.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.follow_ups.names import Name
from assistant.follow_ups.weights import LEANS, WEIGHTS
from assistant.follow_ups.wording import INSTITUTION, WORK

# What a question leans with: "she", "they", "it", "the album", or nothing at all.
Lean = Literal["person", "group", "thing", "noun", "unsaid"]


@dataclass(frozen=True, slots=True)
class Subject:
    """A name and the probability that a question leans on it."""

    name: Name
    probability: float


def subjects(names: Sequence[Name], lean: Lean, now: int, noun: str = "") -> list[Subject]:
    """Return the names by how probably a question at place ``now`` leans on each, best first.

    ``noun`` is what the question calls the thing that it leans on: "album" of "the album".
    """
    total = sum(len(name.mentions) for name in names)
    found = [Subject(name, _probability(features(name, now, total, noun), lean)) for name in names]
    return sorted(found, key=lambda each: (-each.probability, each.name.text))


def features(name: Name, now: int, total: int, noun: str = "") -> dict[str, float]:
    """Return what speaks for a name; ``total`` counts the mentions of all names."""
    mentions = name.mentions
    asked = [mention for mention in mentions if mention.asked]
    told = [mention for mention in mentions if not mention.asked]
    words = name.text.split()
    leans = {mention.lean for mention in mentions}
    nouns = {mention.noun for mention in mentions}
    return {
        "bias": 1.0,
        "asked": math.log1p(len(asked)),
        "told": math.log1p(len(told)),
        "in the last question": float(any(now - m.place <= 2 for m in asked)),
        "in the last answer": float(any(now - m.place == 1 for m in told)),
        "recent": 1 / (now - mentions[-1].place),
        "opening": float(mentions[0].place == 0),
        "share": len(mentions) / total,
        "acts": float(any(m.acts for m in mentions)),
        "owns": float(any(m.owns for m in mentions)),
        "subject": sum(m.subject for m in mentions) / len(mentions),
        "personal": sum(m.personal for m in mentions) / len(mentions),
        "apart": sum(m.apart for m in mentions) / len(mentions),
        "placed": sum(m.placed for m in mentions) / len(mentions),
        "the": sum(m.the for m in mentions) / len(mentions),
        "quoted": sum(m.quoted for m in mentions) / len(mentions),
        "was a person": float("person" in leans),
        "was a group": float("group" in leans),
        "was a thing": float(bool(leans & {"thing", "noun"})),
        "same noun": float(bool(noun) and noun in nouns),
        "work": float(bool(nouns & WORK)),
        "institution": float(bool(INSTITUTION.search(name.text))),
        "one word": float(len(words) == 1),
        "long": float(len(words) > 2),
        "linked": float(any(word.islower() for word in words)),
    }


def _probability(found: dict[str, float], lean: Lean) -> float:
    column = LEANS.index(lean)
    return 1 / (1 + math.exp(-sum(WEIGHTS[each][column] * found[each] for each in found)))
