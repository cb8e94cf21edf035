"""What a sentence denies, and on which side of plain opposites it stands.

Owns which words deny and which are opposites, and where in a sentence they count. Pure, and for
English. "No" and "not" count with the verb alone ("rooms with no window" denies nothing of rooms),
opposites as what is said of the subject ("is open", not "open wounds").
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_REWRITTEN = (
    (re.compile(r"\bcan't\b|\bcannot\b"), "can not"),
    (re.compile(r"\bwon't\b"), "will not"),
    (re.compile(r"n't\b"), " not"),
    (re.compile(r"\bno longer\b|\bnot any ?more\b"), "not"),
    (re.compile(r"^(?:yes|no)[,.:;] "), ""),
)
_BE = frozenset("is are was were be been being stay stays remain remains become becomes".split())
_AUXILIARY = _BE | frozenset(
    "can could did do does had has have may might must need shall should will would".split()
)
_AMONG = frozenset(
    "and at but by for from in of on or to with".split()
)  # before a "no" of a phrase
_NEVER = frozenset("never nobody none nothing".split())
_ADVERBS = frozenset("also always generally normally now only still strictly usually".split())
_OPPOSITES = """
open | closed shut
allowed permitted welcome | forbidden prohibited banned
safe | unsafe dangerous
possible | impossible
required compulsory mandatory necessary | optional unnecessary
increase increases increased | decrease decreases decreased reduce reduces reduced
"""
_SIDES = {
    word: (line, side)
    for line in _OPPOSITES.strip().splitlines()
    for side, words in enumerate(line.split("|"))
    for word in words.split()
}
_VERBS = re.compile("(?:increase|decrease|reduce)[sd]?")
# What is denied or opposed from here on holds for a case only, or in part.
_CONDITION = re.compile(
    r"\b(?:if|unless|whether|except|when|where|who|that|which|while|until|because|since|rather"
    r"|instead|otherwise|sometimes|or|not (?:only|just|always|necessarily|all|every|yet|usually"
    r"|even)|no (?:matter|doubt))\b"
)
# What leaves room for both sides of an opposite.
_POSSIBLE = re.compile(r"\b(?:can|could|may|might|some|often|many|most|both|either)\b")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Polarity:
    """The denials of a sentence and its sides of opposites, before any condition.

    ``words`` are those that are left, a pair of opposites standing for its side, and ``later`` what
    is denied or opposed of a case only. If not ``exclusive``, the other side may be so as well.
    """

    words: tuple[str, ...]
    denials: int
    sides: Mapping[str, int]
    later: tuple[str, ...]
    exclusive: bool


def read_polarity(text: str) -> Polarity:
    """Read a case-folded sentence."""
    for pattern, form in _REWRITTEN:
        text = pattern.sub(form, text)
    said = _WORD.findall(text)
    plain = len(_WORD.findall(_CONDITION.split(text, maxsplit=1)[0]))
    turns = list(_turns(said))
    denied = [place for place in turns if said[place] not in _SIDES]
    sides = {place: _SIDES[said[place]] for place in turns if said[place] in _SIDES}
    return Polarity(
        words=tuple(
            sides[place][0] if place in sides else word
            for place, word in enumerate(said)
            if place not in denied
        ),
        denials=sum(place < plain for place in denied),
        sides=dict(side for place, side in sides.items() if place < plain),
        later=tuple(said[place] for place in turns if place >= plain),
        exclusive=not _POSSIBLE.search(text),
    )


def flips(one: Polarity, other: Polarity) -> int:
    """Return of how many opposites two sentences name different sides."""
    return sum(other.sides.get(pair, side) != side for pair, side in one.sides.items())


def _turns(said: list[str]) -> Iterator[int]:
    """Yield the places of the words that deny what is said, or are a side of opposites."""
    before = ""
    for place, word in enumerate(said):
        if (
            word in _NEVER
            or (word == "not" and before in _AUXILIARY)
            or (word == "no" and before not in _AMONG)
            or (word in _SIDES and (before in _BE or _VERBS.fullmatch(word)))
        ):
            yield place
        if word not in _ADVERBS and word not in {"no", "not", "never"}:
            before = word
