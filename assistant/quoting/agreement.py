"""When two sentences say the same, and when they contradict each other.

Owns what two sentences are about, and how what they say of it compares. Pure, and for English.
Only sentences about the same thing, word for word, contradict each other: to tell a visitor that
the sources differ when they do not is worse than to show both without a remark.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.english.amounts import DIMENSIONS, Amount, apart, read_amounts
from assistant.english.polarity import Polarity, flips, read_polarity
from assistant.evidence.weights import WEIGHTS
from index.words import STOPWORDS, stem

# Words that do not change what a sentence is about.
_EMPTY = frozenset(
    "a all also always am an and any are as at be been being but can could currently did do does "
    "each every for generally had has have i in is it its just may might must need needs normally "
    "now of on one only our per please s shall should simply so some that the their then there "
    "these they this those to too us usually very was we were which will would you your".split()
)
# Words of grammar and of the calendar that make another statement of the same terms.
_TURNING = frozenset(
    "no not after before above below over under more most less least fewer with without if unless "
    "except until left right first second third morning evening monday tuesday wednesday thursday "
    "friday saturday sunday january february march april june july august september october "
    "november december".split()
)
_POINTS_BACK = re.compile(
    r"(?:this|these|that|those|it|they|its|their|such|both|neither|he|she|the (?:former|latter))\b",
    re.IGNORECASE,
)
_THEM = re.compile(r"\bthem\b", re.IGNORECASE)
# What "them" may stand for: a word that looks like a plural, people, or several things joined.
_SEVERAL = re.compile(
    r"\b(?:and|who|whoever|people|men|women|children|teeth|feet|mice|(?:any|every|some|no)(?:one|body)"
    r"|no one|(?!(?:is|was|this|its|us|as|has|does|less|unless|thus|always|perhaps|yes)\b)\w+s)\b",
    re.IGNORECASE,
)
# What the sentence is about is named elsewhere, or it is a question.
_UNSAID = re.compile(r"\b(?:this|these|such)\b|\?\W*$")


@dataclass(frozen=True, slots=True)
class _Statement:
    """What a sentence is about, and what it says of that."""

    about: tuple[str, ...]
    content: frozenset[str | Amount]
    amounts: tuple[Amount, ...]
    polarity: Polarity
    turning: frozenset[str]
    states: bool  # something, of something that it names


def points_back(text: str) -> bool:
    """Say whether a sentence points back: it needs the one before to be understood.

    It opens with a pronoun, or speaks of "them" and has named nothing before that they can be.
    """
    them = _THEM.search(text)
    return bool(_POINTS_BACK.match(text) or (them and not _SEVERAL.search(text[: them.start()])))


def repeats(text: str, quoted: str) -> bool:
    """Say whether a sentence adds next to nothing to one that is quoted already.

    Most of what the shorter names is in the longer, the quoted one has every amount, and neither
    has a denial, opposite or condition against the other.
    """
    one, two = _statement(text), _statement(quoted)
    mine, its = one.polarity, two.polarity
    shared = len(one.content & two.content)
    return one == two or (
        shared >= WEIGHTS.alike * max(1, min(len(one.content), len(two.content)))
        and set(one.amounts) <= set(two.amounts)
        and flips(mine, its) == (bool(mine.denials) != bool(its.denials))
        and (mine.later, one.turning) == (its.later, two.turning)
    )


def conflict(left: str, right: str) -> bool:
    """Say whether two sentences about the same thing cannot both be so.

    Then they differ in one amount or several of one kind, or one denies what the other says.
    """
    one, two = _statement(left), _statement(right)
    mine, its = one.polarity, two.polarity
    if not (one.states and two.states and (one.about, mine.later) == (two.about, its.later)):
        return False
    only_one = [each for each in one.amounts if each not in two.amounts]
    only_two = [each for each in two.amounts if each not in one.amounts]
    turned = flips(mine, its)
    if not only_one and not only_two:
        if mine.denials != its.denials:
            return mine.denials + its.denials == 1 and not turned
        return turned == 1 and mine.exclusive and its.exclusive
    # Of two kinds one may be the case for which the other is given: "up to 2 kg it costs 3 pounds".
    return (
        len({each.kind for each in (*only_one, *only_two)}) == 1
        and len(only_one) == len(only_two)
        and (mine.denials, turned) == (its.denials, 0)
        and any(map(apart, only_one, only_two))
    )


@lru_cache(maxsize=256)
def _statement(text: str) -> _Statement:
    rest, amounts = read_amounts(text)
    polarity = read_polarity(rest)
    named = {stem(word) for word in polarity.words if word not in STOPWORDS}
    counted = {each.kind for each in amounts} - DIMENSIONS
    return _Statement(
        about=tuple(sorted(stem(word) for word in polarity.words if word not in _EMPTY)),
        content=frozenset((*named, *amounts)),
        amounts=amounts,
        polarity=polarity,
        turning=frozenset(
            word for word in polarity.words if word in _TURNING or not word.isalpha()
        ),
        states=len(named | counted) > 1 and not points_back(rest) and not _UNSAID.search(rest),
    )
