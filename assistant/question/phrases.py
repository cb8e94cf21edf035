"""The words that a question leaves unsaid -> the phrases of the conversation that they stand in.

Owns where a phrase begins and ends, and which phrases say something that others do not. Pure.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from assistant.english.follow_ups import FRAGMENT_OF_A_SENTENCE
from assistant.models.resolver import Word
from assistant.schemas import Turn
from index.words import terms

MEANT = 1.1  # logit from which a word is carried over
BESIDE = -0.2  # and from which it is carried over as part of a phrase with one that is
FRAGMENT = 2.0  # logits by which less will do, if else nothing is put into a fragment
MOST = 3  # phrases
_LINKING = 2  # words of grammar that may stand within a phrase, one after the other
_SHARED = 1.0  # logits by which a phrase that says more may be less sure
_APART = re.compile(r"[.,;:!?()\[\]\"“”…]|\s[-–—]\s")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A run of words of one message, what it adds to the question, and its surest word's logit."""

    text: str
    stems: frozenset[str]
    logit: float
    place: int


@dataclass(frozen=True, slots=True)
class _Read:
    """A word with its stems; none if it is one of grammar."""

    word: Word
    stems: frozenset[str]


def phrases(question: str, messages: Sequence[Turn], words: Sequence[Word]) -> list[Phrase]:
    """Return the phrases that a question leaves unsaid, in the order in which they were said."""
    asked = frozenset(terms(question))
    found = _found(asked, messages, words)
    if not found and FRAGMENT_OF_A_SENTENCE.match(question):
        # "What about the neck?" does not stand alone, whatever the logits are.
        surer = [replace(word, logit=word.logit + FRAGMENT) for word in words]
        found = _found(asked, messages, surer)
    chosen: list[Phrase] = []
    told: frozenset[str] = frozenset()
    for phrase in sorted(found, key=lambda each: (-each.logit, -each.place)):
        # "needles" and "acupuncture needles" are one: the one that says more is taken.
        fuller = [
            each
            for each in found
            if each.stems >= phrase.stems and each.logit >= phrase.logit - _SHARED
        ]
        best = max(fuller, key=lambda each: (len(each.stems), each.logit, each.place))
        if not phrase.stems <= told and len(chosen) < MOST:
            chosen.append(best)
            told |= best.stems
    return sorted(chosen, key=lambda each: each.place)


def _found(asked: frozenset[str], messages: Sequence[Turn], words: Sequence[Word]) -> list[Phrase]:
    return [
        phrase
        for place, said in groupby(words, key=lambda word: word.place)
        for run in _runs(messages[place].content, list(said))
        if (phrase := _phrase(messages[place].content, run, asked)).stems
    ]


def _phrase(text: str, run: Sequence[_Read], asked: frozenset[str]) -> Phrase:
    first, last = run[0].word, run[-1].word
    return Phrase(
        text[first.start : last.end],
        frozenset[str]().union(*(each.stems for each in run)) - asked,
        max(each.word.logit for each in run if each.stems),
        first.place,
    )


def _runs(text: str, words: Sequence[Word]) -> Iterator[list[_Read]]:
    """Yield runs that hold a word that is meant; they begin and end with one carried over."""
    run: list[_Read] = []
    end = 0
    for word in words:
        read = _Read(word, frozenset(terms(text[word.start : word.end])))
        linking = sum(1 for each in run[-_LINKING:] if not each.stems)
        goes_on = not _APART.search(text[end : word.start])
        end = word.end
        carried = word.logit >= BESIDE if read.stems else bool(run) and linking < _LINKING
        if run and not (goes_on and carried):
            yield from _meant(run)
            run = []
        if carried and (run or read.stems):
            run.append(read)
    yield from _meant(run)


def _meant(run: list[_Read]) -> Iterator[list[_Read]]:
    while run and not run[-1].stems:
        run.pop()
    if any(each.stems and each.word.logit >= MEANT for each in run):
        yield run
