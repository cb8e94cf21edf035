"""Questions to suggest: those that an owner wrote into a document, then its headings.

Owns their order. Knows nothing of whether they are answered: that is tried before one is shown.
"""

from collections.abc import Iterator
from itertools import chain, zip_longest

from index.generation import Generation
from prompts.voice import say

_LONGEST_HEADING = 80  # code points; a longer heading makes no question


def candidate_questions(generation: Generation) -> list[str]:
    """Return distinct questions, one of each document in turn before a second of any."""
    rows = [list(document.questions) for document in generation.documents]
    headings = _from_headings(generation)
    for row, questions in headings:
        rows[row].append(questions)
    in_turn = chain.from_iterable(zip_longest(*rows))
    return list(dict.fromkeys(question for question in in_turn if question))


def _from_headings(generation: Generation) -> Iterator[tuple[int, str]]:
    for row, path in generation.headings():
        if path and len(path[-1]) <= _LONGEST_HEADING:
            heading = path[-1]
            asked = heading.endswith("?")
            yield row, heading if asked else say("suggestion", heading=heading)
