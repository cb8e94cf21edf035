"""The sentences of a document that an edit adds and removes.

Owns what counts as another sentence and the order in which both kinds are told. Compares what can
be quoted, with the headings above it, not the lines of a file: paragraphs that were wrapped anew or
moved have not changed. Knows nothing of generations or terminals.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from index.records import Passage


@dataclass(frozen=True, slots=True)
class ChangedSentence:
    """A sentence or a heading that only one side has, in one line; ``change`` says which."""

    change: Literal["added", "removed"]
    text: str


def changed_sentences(
    before: Iterable[Passage], after: Iterable[Passage]
) -> tuple[ChangedSentence, ...]:
    """Return what an edit adds and removes, in reading order, what is removed before its like.

    Both are the passages of one document in reading order. Of a sentence that stands several times
    the last ones count as added or removed.
    """
    old, new = (_sentences(passages) for passages in (before, after))
    shared = Counter(old) & Counter(new)
    gone, come = _by_place(old, shared), _by_place(new, shared)
    found: list[ChangedSentence] = []
    for place in [_START, *(each for each in come if each != _START)]:
        found += [ChangedSentence("removed", text) for text in gone[place]]
        found += [ChangedSentence("added", text) for text in come[place]]
    return tuple(found)


_Place = tuple[str, int]  # the sentence that both have before it, and which of its like it is
_START: _Place = ("", 0)


def _by_place(sentences: Sequence[str], shared: Counter[str]) -> dict[_Place, list[str]]:
    """Return what only this side has, by the place before it, with all places that both have."""
    met: Counter[str] = Counter()
    found: dict[_Place, list[str]] = defaultdict(list, {_START: []})
    place = _START
    for text in sentences:
        met[text] += 1
        if met[text] <= shared[text]:
            place = (text, met[text])
            found[place] = []
        else:
            found[place].append(text)
    return found


def _sentences(passages: Iterable[Passage]) -> list[str]:
    """Return sentences, and each heading where it begins, without regard to white space."""
    found: list[str] = []
    headings: tuple[str, ...] = ()
    spans: set[tuple[int, int]] = set()
    for passage in passages:
        if passage.headings != headings:
            found += _new_headings(headings, passage.headings)
            headings = passage.headings
        for sentence in passage.sentences:
            if (sentence.start, sentence.end) not in spans:
                spans.add((sentence.start, sentence.end))
                found.append(_folded(passage.quote(sentence)))
    return found


def _new_headings(before: Sequence[str], now: Sequence[str]) -> list[str]:
    same = 0
    while same < min(len(before), len(now)) and before[same] == now[same]:
        same += 1
    return [f"{'#' * level} {_folded(now[level - 1])}" for level in range(same + 1, len(now) + 1)]


def _folded(text: str) -> str:
    return " ".join(text.split())
