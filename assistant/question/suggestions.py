"""Questions to suggest to visitors: found in the documents, and tried.

Owns which questions there are: what owners wrote into a document, and titles and headings that are
questions or tell how to do something. Nothing is made of a heading that would not read as a visitor
says it. Knows nothing of when they are shown.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest

import numpy as np

from assistant.safety.orders import reasons
from index.embedding.encoder import Encoder
from index.generations.opening import Generation
from index.generations.trying import Tried

_LONGEST = 120  # code points; a longer heading is none that a visitor asks
# "What is a season ticket": a question that lost its mark; "How to renew it": one in other words.
_QUESTION = re.compile(
    r"(?:how(?: (?:many|much|long|often|far|old|big|soon))?|what|when|where|who|why|which) "
    r"(?:is|are|was|were|do|does|did|can|could|should|will|may|must|has|have) \w",
    re.IGNORECASE,
)
_HOW_TO = re.compile(r"how to (?=\w)", re.IGNORECASE)
# Cosine of two questions from which one is worth asking after the other; set by hand.
_RELATED = 0.35


def suggestions_of(generation: Generation) -> tuple[str, ...]:
    """Return the questions that were tried when a generation was built."""
    return Tried.model_validate_json(generation.suggestions).questions


def related(encoder: Encoder, question: str, questions: Sequence[str]) -> list[str]:
    """Return those of some questions that are worth asking after another, the nearest first."""
    if not questions:
        return []
    asked = encoder.encode(question)
    near = np.asarray([encoder.encode(each) for each in questions]) @ asked
    order = np.argsort(-near, kind="stable")
    known = question.casefold().strip()
    return [
        questions[place]
        for place in order
        if near[place] >= _RELATED and questions[place].casefold().strip() != known
    ]


def candidates(generation: Generation) -> list[str]:
    """Return distinct questions, one of each document in turn before a second of any.

    A heading that several documents have ("What happens next?") says on none of them what it is
    about, and is no question to begin with.
    """
    rows = [list(document.questions) for document in generation.documents]
    asked: list[list[str]] = [[] for _ in rows]
    for row, document in enumerate(generation.documents):
        asked[row] += _asked_by(document.title)
    for row, path in generation.headings():
        asked[row] += _asked_by(path[-1]) if path else ()
    within = Counter(chain.from_iterable({each.casefold() for each in of} for of in asked))
    for row, of in enumerate(asked):
        rows[row] += [each for each in of if within[each.casefold()] == 1]
    in_turn = chain.from_iterable(zip_longest(*rows))
    return list(dict.fromkeys(each for each in in_turn if each and not reasons(each)))


def _asked_by(heading: str) -> Iterator[str]:
    """Yield the question that a title or heading is, if it is one."""
    words = " ".join(heading.split())
    if len(words) > _LONGEST:
        return
    if words.endswith("?"):
        yield words
    elif _HOW_TO.match(words):
        verb, *rest = _HOW_TO.sub("", words, count=1).rstrip(".:").split(" ")
        # In a title written "How to Apply" the verb has a capital that no sentence gives it.
        yield f"How do I {' '.join([verb.lower() if verb.istitle() else verb, *rest])}?"
    elif _QUESTION.match(words) and words[-1].isalnum():
        yield f"{words}?"
