"""Evidence -> the one to four sentences that are quoted, or all items of a list.

Owns what belongs into an answer once it is known that there is one. Pure but for reading the
sections of the generation.
"""

import re
from collections.abc import Sequence

from assistant.citing import Span
from assistant.evidence import Evidence, ScoredSentence
from assistant.vocabulary import content_words
from index.generation import Generation
from index.lexicon import STOPWORDS, stem, terms, words
from index.records import Passage, Sentence

MOST = 4  # sentences of an answer
MOST_ITEMS = 12  # items of a list
# How far below the best sentence another may score and still be quoted, and the reader's logit that
# it must have itself. Chosen on fitting questions that the reader was not trained on; see
# tests/bench/README.md.
_MARGIN = 4.0
_SUPPORT = -3.0
# How far below the best sentence the items of a list may score, most of which should be near it.
_ITEM_MARGIN = 4.0
_ALIKE = 0.8  # share of terms in common from which two quotes say the same

_ASKS_FOR_LIST = re.compile(
    r"\b(?:what|which) (?:\w+ ){0,2}?(?:are|were)\b|\b(?:list|name|enumerate)\b|\ball (?:of )?the\b"
    r"|\b(?:benefits|effects|advantages|causes|reasons|factors|steps|types|kinds|ways|ingredients"
    r"|requirements|symptoms|things|options|features|everything)\b",
    re.IGNORECASE,
)
_COUNTS = re.compile(r"\bhow (?:many|much|often|long)\b", re.IGNORECASE)
# "Label: text", with or without emphasis: a paragraph that is an item of a list.
_LABEL = re.compile(r"[*_]{0,3}(?P<label>[^\s:*_][^:.!?\n]{0,60}?)(?::[*_]{0,3}|[*_]{1,3}:)\s+\S")
# A sentence that opens by pointing back needs the one before it to be understood.
_POINTS_BACK = re.compile(
    r"(?:this|these|that|those|it|they|its|their|such|both|neither|he|she|the (?:former|latter))\b",
    re.IGNORECASE,
)


def select(generation: Generation, evidence: Evidence) -> list[Span]:
    """Return the spans of an answer in reading order. ``evidence`` must hold a sentence."""
    items = _list_items(generation, evidence)
    if items:
        return items
    chosen = _supporting(evidence)
    chosen = _with_antecedent(chosen)
    order = {passage.passage.document: -rank for rank, passage in enumerate(evidence.passages)}
    ranks = {document: rank for rank, document in enumerate(sorted(order, key=lambda d: -order[d]))}
    chosen.sort(key=lambda each: (ranks[each.passage.document], each.sentence.start))
    return [
        Span(each.passage.document, each.sentence.start, each.sentence.end, each.score)
        for each in chosen
    ]


def _supporting(evidence: Evidence) -> list[ScoredSentence]:
    """Return the best sentence and those near it that add something."""
    best = evidence.sentences[0]
    chosen = [best]
    for candidate in evidence.sentences[1:]:
        if len(chosen) == MOST or candidate.score < best.score - _MARGIN:
            break
        supports = candidate.logit >= _SUPPORT
        if supports and not any(_alike(candidate.text, other.text) for other in chosen):
            chosen.append(candidate)
    return chosen


def _with_antecedent(chosen: list[ScoredSentence]) -> list[ScoredSentence]:
    """Put the sentence before the best one in front of it, if the best one points back to it."""
    best = chosen[0]
    place = best.passage.sentences.index(best.sentence)
    if place == 0 or len(chosen) == MOST or not _POINTS_BACK.match(best.text):
        return chosen
    before = best.passage.sentences[place - 1]
    if any(each.sentence == before and each.passage.id == best.passage.id for each in chosen):
        return chosen
    # It is context, not evidence: it never outranks what it explains.
    antecedent = ScoredSentence(best.passage, before, best.logit - 1, best.passage_logit)
    return [best, antecedent, *chosen[1:]]


def _alike(left: str, right: str) -> bool:
    mine, other = set(terms(left)), set(terms(right))
    return len(mine & other) >= _ALIKE * max(1, min(len(mine), len(other)))


def _list_items(generation: Generation, evidence: Evidence) -> list[Span]:
    """Return every item of the list asked for, or nothing if no list is asked for or given."""
    question = evidence.question
    if not _ASKS_FOR_LIST.search(question) or _COUNTS.search(question):
        return []
    best = evidence.sentences[0]
    seen: set[tuple[int, int]] = set()
    for scored in evidence.passages[:3]:
        passage = scored.passage
        place = (passage.document, passage.section)
        if place in seen:
            continue
        seen.add(place)
        items = _items(generation.section(*place))
        if len(items) > 1 and _list_is_meant(evidence, passage, items):
            return [
                Span(item.document, first.start, last.end, best.score - number / 100)
                for number, (item, first, last) in enumerate(items[:MOST_ITEMS])
            ]
    return []


_Item = tuple[Passage, Sentence, Sentence]


def _items(section: Sequence[Passage]) -> list[_Item]:
    """Return passage, first and last sentence of each list item or labelled paragraph."""
    blocks: dict[int, list[tuple[Passage, Sentence]]] = {}
    for passage in section:
        for sentence in passage.sentences:
            blocks.setdefault(sentence.block, []).append((passage, sentence))
    items = []
    for members in blocks.values():
        passage, first = members[0]
        if first.kind == "item" or (
            first.kind == "paragraph" and _LABEL.match(passage.quote(first))
        ):
            items.append((passage, first, first))
    return items


def _list_is_meant(evidence: Evidence, passage: Passage, items: Sequence[_Item]) -> bool:
    """Say whether the list as a whole is asked for, and not one thing that an item says.

    Then the heading names what is asked for, or several items are good evidence, and no sentence
    outside the list is much better.
    """
    asked = {stem(word) for word in content_words(evidence.question)}
    heading = {stem(word) for word in words(" ".join(passage.headings)) if word not in STOPWORDS}
    spans = {(item.id, first.start) for item, first, _ in items}
    scores = [
        each.score for each in evidence.sentences if (each.passage.id, each.sentence.start) in spans
    ]
    best = evidence.sentences[0].score
    named = len(asked & heading) >= max(1, len(asked) - 1)
    near = sum(score >= best - _ITEM_MARGIN for score in scores)
    return named or near > len(items) / 2
