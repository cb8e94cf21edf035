"""Lists: whether a question asks for one, and the items that a section gives.

Owns what counts as an item and when the list as a whole is meant. Pure but for reading the
generation.
"""

import re
from collections.abc import Iterator, Sequence

from assistant.citing import Span
from assistant.evidence import Evidence
from assistant.vocabulary import content_words
from index.generation import Generation
from index.lexicon import STOPWORDS, stem, words
from index.records import Passage, Sentence

MOST_ITEMS = 12  # items of a list
# How far below the best sentence the items of a list may score, most of which should be near it.
_ITEM_MARGIN = 5.0
_OPENED = 3  # passages in whose sections a list is looked for

# "The risks", wherever it stands; "things" only where they are asked for: "my things" are no list.
_ASKS_FOR_LIST = re.compile(
    r"\b(?:what|which) (?:\w+ ){0,2}?(?:are|were)\b|\b(?:list|name|enumerate)\b"
    r"|\ball (?:of )?the (?!way|time|same)\b"
    r"|\b(?:benefits|effects|advantages|causes|reasons|factors|types|kinds|ingredients"
    r"|requirements|symptoms)\b"
    r"|\b(?:what|which|all|tell me|give me|know)\b[^.?!]*?"
    r"\b(?:steps|ways|things|options|features|everything)\b",
    re.IGNORECASE,
)
_ASKS_OTHERWISE = re.compile(r"^\W*why\b|\bhow (?:many|much|often|long)\b", re.IGNORECASE)
# "Label: text", with or without emphasis: a paragraph that is an item of a list.
_LABEL = re.compile(r"[*_]{0,3}(?P<label>[^\s:*_][^:.!?\n]{0,60}?)(?::[*_]{0,3}|[*_]{1,3}:)\s+\S")


_Item = tuple[Passage, Sentence, Sentence]


def asks_for_list(question: str) -> bool:
    """Say whether a question's words are those of one for a list."""
    return bool(_ASKS_FOR_LIST.search(question)) and not _ASKS_OTHERWISE.search(question)


def list_asked_for(generation: Generation, evidence: Evidence) -> list[Span]:
    """Return every item of the list asked for, or nothing if no list is asked for or given."""
    for passage, items in _lists(generation, evidence):
        if _list_is_meant(evidence, passage, items):
            best = evidence.sentences[0].score
            return [
                Span(item.document, first.start, last.end, best - number / 100)
                for number, (item, first, last) in enumerate(items[:MOST_ITEMS])
            ]
    return []


def _lists(generation: Generation, evidence: Evidence) -> Iterator[tuple[Passage, list[_Item]]]:
    """Yield the lists of the best passages' sections, if the question asks for one."""
    if not asks_for_list(evidence.question):
        return
    seen: set[tuple[int, int]] = set()
    for scored in evidence.passages[:_OPENED]:
        passage = scored.passage
        place = (passage.document, passage.section)
        if place not in seen:
            seen.add(place)
            items = _items(generation.section(*place))
            if len(items) > 1:
                yield passage, items


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

    Then most items are good evidence, or the headings name what is asked for and no sentence of
    another section is much better: a page on pores says what enlarges them beside what helps.
    """
    asked = {stem(word) for word in content_words(evidence.question)}
    heading = {stem(word) for word in words(" ".join(passage.headings)) if word not in STOPWORDS}
    enough = evidence.sentences[0].score - _ITEM_MARGIN
    good = [each for each in evidence.sentences if each.score >= enough]
    places = {(each.passage.id, each.sentence.start) for each in good}
    sections = {(each.passage.document, each.passage.section) for each in good}
    named = len(asked & heading) >= max(1, len(asked) - 1)
    near = sum((item.id, first.start) in places for item, first, _ in items)
    return near > len(items) / 2 or (named and (passage.document, passage.section) in sections)
