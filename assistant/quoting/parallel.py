"""Things of a kind, and which of them a question names.

Owns one judgement: "Viewer 1 manual" and "Viewer 2 manual", "Swimming for adults" and "Swimming for
children" say the same words of different things, and so do sentences on AB-1234 and on AB-1243. A
question that names one is not answered with what is said of the other. Pure but for reading the
generation.
"""

import re
from dataclasses import replace
from functools import cached_property

from assistant.evidence.reading import Evidence, ScoredSentence
from index.generations.opening import Generation
from index.records import Passage
from index.words import codes, terms, words

_LETTERS, _DIGITS = re.compile(r"[^\W\d_]+"), re.compile(r"\d+")
_LEAST = 2  # words of a title, all but one of which it shares with another of its kind


class _Named:
    """A passage's title, word by word, and the terms of all that stands in it and over it."""

    def __init__(self, generation: Generation, passage: Passage) -> None:
        self.title = words(generation.documents[passage.document].title)
        self._passage = passage

    @cached_property
    def terms(self) -> frozenset[str]:
        said = (*self.title, *self._passage.headings, self._passage.text)
        return frozenset(terms(" ".join(said)))


def of_what_is_named(generation: Generation, evidence: Evidence) -> Evidence:
    """Return the evidence without sentences on another thing than the one that is asked about.

    A passage is on another thing if the title of another says the same but for one word, which the
    question holds and the passage does not.
    """
    asked = frozenset(terms(evidence.question))
    passages = {each.passage.id: each.passage for each in evidence.sentences}
    named = {number: _Named(generation, passage) for number, passage in passages.items()}
    others = {
        number
        for number, one in named.items()
        if any(_is_other(one, each, asked) for each in named.values())
    }
    kept = tuple(each for each in evidence.sentences if each.passage.id not in others)
    kept = _of_the_code(codes(evidence.question), kept or evidence.sentences)
    return replace(evidence, sentences=kept)


def _of_the_code(
    asked: frozenset[str], sentences: tuple[ScoredSentence, ...]
) -> tuple[ScoredSentence, ...]:
    """Leave out sentences on another code of a kind, if there is one on the code that is asked."""
    held = {each: codes(each.text) for each in sentences} if asked else {}
    if not any(asked & found for found in held.values()):
        return sentences
    return tuple(
        each
        for each in sentences
        if asked & held[each] or not any(_of_a_kind(one, a) for one in held[each] for a in asked)
    )


def _of_a_kind(one: str, other: str) -> bool:
    """Say whether codes are built alike: "ab-1234" and "ab-1243", or "ab-1234/x" with a suffix."""
    shorter, longer = sorted((_shape(one), _shape(other)), key=len)
    return shorter == longer or ("a" in shorter and longer.startswith(shorter))


def _shape(code: str) -> str:
    return _DIGITS.sub("9", _LETTERS.sub("a", code))


def _is_other(one: _Named, meant: _Named, asked: frozenset[str]) -> bool:
    if len(one.title) != len(meant.title) or len(one.title) < _LEAST:
        return False
    apart = [pair for pair in zip(one.title, meant.title, strict=True) if pair[0] != pair[1]]
    if len(apart) != 1:
        return False
    own, other = (frozenset(terms(word)) for word in apart[0])
    return bool(asked & other - one.terms) and not asked & own
