"""When two sentences say the same, and when they contradict each other.

Owns what two sentences are about, and how what they say of it compares. Pure, and for English.
Only sentences about the same thing, word for word, contradict each other: to tell a visitor that
the sources differ when they do not is worse than to show both without a remark.
"""

from dataclasses import dataclass
from functools import lru_cache

from assistant.english.amounts import DIMENSIONS, Amount, apart, read_amounts
from assistant.english.polarity import Polarity, flips, read_polarity
from assistant.english.statements import EMPTY, POINTS_BACK, SEVERAL, THEM, TURNING, UNSAID
from assistant.evidence.weights import WEIGHTS
from index.words import STOPWORDS, stem


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
    them = THEM.search(text)
    return bool(POINTS_BACK.match(text) or (them and not SEVERAL.search(text[: them.start()])))


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
        about=tuple(sorted(stem(word) for word in polarity.words if word not in EMPTY)),
        content=frozenset((*named, *amounts)),
        amounts=amounts,
        polarity=polarity,
        turning=frozenset(word for word in polarity.words if word in TURNING or not word.isalpha()),
        states=len(named | counted) > 1 and not points_back(rest) and not UNSAID.search(rest),
    )
