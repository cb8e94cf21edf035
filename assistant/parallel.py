"""Things of a kind, and which of them a question names.

Owns one judgement: "Viewer 1 manual" and "Viewer 2 manual", "Swimming for adults" and "Swimming for
children" say the same words of different things, and so do sentences on AB-1234 and on AB-1243. A
question that names one is not answered with what is said of the other. Pure but for reading the
generation.
"""

import re
from dataclasses import replace
from functools import cached_property

from assistant.evidence import Evidence, ScoredSentence
from index.generation import Generation
from index.records import Passage
from index.words import codes, terms

_LETTERS, _DIGITS = re.compile(r"[^\W\d_]+"), re.compile(r"\d+")
_APART = 2  # terms that titles of a kind have each to themselves, at most


class _Named:
    """The terms of a passage's title and headings, and of all that it says."""

    def __init__(self, generation: Generation, passage: Passage) -> None:
        title = generation.documents[passage.document].title
        self.names = frozenset(terms(" ".join((title, *passage.headings))))
        self._text = passage.text

    @cached_property
    def all(self) -> frozenset[str]:
        return self.names | frozenset(terms(self._text))


def of_what_is_named(generation: Generation, evidence: Evidence) -> Evidence:
    """Return the evidence without sentences on another thing than the one that is asked about.

    A passage is on another thing if one of a like title has terms of the question in its title or
    headings that the passage nowhere has, and the question names nothing of what only the passage's
    have.
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
    only_one, only_meant = one.names - meant.names, meant.names - one.names
    alike = one.names & meant.names and max(len(only_one), len(only_meant)) <= _APART
    return bool(alike and only_one and asked & only_meant - one.all and not asked & only_one)
