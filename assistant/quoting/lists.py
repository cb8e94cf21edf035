"""Lists: whether a question asks for one, and the items or sentences that a section gives.

Owns what counts as an item, when the list as a whole is meant, and which sentences beside the best
one go on with what it began. Pure but for reading the generation.
"""

import re
from collections.abc import Iterator, Sequence

from assistant.english.questions import asks_for_list, asks_what_it_does, may_ask_for_several
from assistant.english.vocabulary import content_words
from assistant.evidence.reading import Evidence, ScoredSentence
from assistant.evidence.weights import WEIGHTS
from assistant.quoting.citing import Span
from index.generations.opening import Generation
from index.records import Passage, Sentence
from index.words import STOPWORDS, stem, words

_CREDITED = {stem(word) for word in ("claimed", "credited")}
# "Label: text", with or without emphasis: a paragraph that is an item of a list.
_LABEL = re.compile(r"[*_]{0,3}(?P<label>[^\s:*_][^:.!?\n]{0,60}?)(?::[*_]{0,3}|[*_]{1,3}:)\s+\S")


_Item = tuple[Passage, Sentence, Sentence]


def run_asked_for(generation: Generation, evidence: Evidence) -> list[ScoredSentence]:
    """Return the sentences that stand around the best one in its section, the nearest first.

    None unless several things may be asked for, and not fewer than three: rules, steps and effects
    are often told one a sentence, of which only the first names what it is about. Each of the
    others alone is poor evidence, so nothing is asked of them but that there is no gap, and that
    they say something: a question answers none, and begins something else.
    """
    if not may_ask_for_several(evidence.question):
        return []
    best = evidence.sentences[0]
    enough = best.support - WEIGHTS.run_margin
    good = {
        (each.passage.id, each.sentence.start): each
        for each in evidence.sentences
        if each.support >= enough and not each.text.endswith("?")
    }
    run: list[ScoredSentence] = []
    for passage in generation.section(best.passage.document, best.passage.section):
        for sentence in passage.sentences:
            each = good.get((passage.id, sentence.start))
            if each:
                run.append(each)
            elif best in run:
                return _from(best, run)
            else:
                run.clear()
    return _from(best, run) if best in run else []


def _from(best: ScoredSentence, run: list[ScoredSentence]) -> list[ScoredSentence]:
    """Return a run by nearness to the best sentence, or nothing if it is too short for one."""
    if len(run) < WEIGHTS.run:
        return []
    place = run.index(best)
    return [run[at] for at in sorted(range(len(run)), key=lambda at: abs(at - place))]


def list_asked_for(generation: Generation, evidence: Evidence) -> list[Span]:
    """Return every item of the list asked for, or nothing if no list is asked for or given."""
    for passage, items in _lists(generation, evidence):
        if _list_is_meant(evidence, passage, items):
            best = evidence.sentences[0].score
            return [
                Span(item.document, first.start, last.end, best - number / 100)
                for number, (item, first, last) in enumerate(items[: WEIGHTS.items])
            ]
    return []


def _lists(generation: Generation, evidence: Evidence) -> Iterator[tuple[Passage, list[_Item]]]:
    """Yield the lists of the best passages' sections, if the question asks for one."""
    if not (asks_for_list(evidence.question) or asks_what_it_does(evidence.question)):
        return
    seen: set[tuple[int, int]] = set()
    for scored in evidence.passages[: WEIGHTS.list_passages]:
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
    another section is much better: a page on pores says what enlarges them beside what helps. Of
    what something does, without a word for a list, the headings must name all that is asked about.
    """
    asked = {stem(word) for word in content_words(evidence.question)}
    heading = {stem(word) for word in words(" ".join(passage.headings)) if word not in STOPWORDS}
    subject = asked - _CREDITED
    if not asks_for_list(evidence.question) and not (subject and subject <= heading):
        return False
    enough = evidence.sentences[0].score - WEIGHTS.item_margin
    good = [each for each in evidence.sentences if each.score >= enough]
    places = {(each.passage.id, each.sentence.start) for each in good}
    sections = {(each.passage.document, each.passage.section) for each in good}
    named = len(asked & heading) >= max(1, len(asked) - 1)
    near = sum((item.id, first.start) in places for item, first, _ in items)
    return near > len(items) / 2 or (named and (passage.document, passage.section) in sections)
