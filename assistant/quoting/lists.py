"""Lists: whether a question asks for one, and the items or sentences that a section gives.

Owns what counts as an item, when the list as a whole is meant, and which sentences beside the best
one go on with what it began. Pure but for reading the generation.
"""

import re
from collections.abc import Iterator, Sequence

from assistant.english.vocabulary import content_words
from assistant.evidence.reading import Evidence, ScoredSentence
from assistant.evidence.weights import WEIGHTS
from assistant.quoting.citing import Span
from index.generations.opening import Generation
from index.records import Passage, Sentence
from index.words import STOPWORDS, stem, words

# "The risks", wherever it stands; "things" only where they are asked for: "my things" are no list.
_ASKS_FOR_LIST = re.compile(
    r"\b(?:what|which) (?:\w+ ){0,2}?(?:are|were)\b"
    r"|(?<!the )(?<!your )(?<!a )\b(?:list|name|enumerate)\b"
    r"|\ball (?:of )?the (?!way|time|same)\b"
    r"|\b(?:benefits|effects|advantages|causes|reasons|factors|types|kinds|ingredients"
    r"|requirements|symptoms)\b"
    r"|\b(?:what|which|all|tell me|give me|know)\b[^.?!]*?"
    r"\b(?:steps|ways|things|options|features|everything)\b",
    re.IGNORECASE,
)
# "What does a facial do?": of what a page is about, all that it lists.
_ASKS_WHAT_IT_DOES = re.compile(
    r"\bwhat (?:does|do|is|are|can|could|will)\b[^.?!]*\bdo\b(?: (?:for|to)\b|\W*$)", re.IGNORECASE
)
_CREDITED = {stem(word) for word in ("claimed", "credited")}
# Words that stand where a plural would, and are none.
_SINGULAR = (
    r"(?!(?:is|was|has|does|this|its|us|as|always|costs|gives|goes|happens|keeps|makes|means"
    r"|needs|says|gas|bus|address|business|class|dress|process|illness)\b)"
)
# "Which rules apply?", "What does a facial do?": the answer may be one thing or several, and need
# not be set as a list.
_MAY_ASK_FOR_SEVERAL = re.compile(
    rf"\b(?:what|which) (?:{_SINGULAR}[\w'-]+ ){{0,2}}?{_SINGULAR}[\w'-]+s\b"
    r"|\bwhat (?:is|are|does|do|did|can|could|may|might|must|should|will|would)\b[^.?!]*"
    r"\b(?:do|done|bring|need|offer|observe|include|say|(?:good|used|meant) for)\b"
    r"|\b(?:every|everything|upsides)\b",
    re.IGNORECASE,
)
_ASKS_OTHERWISE = re.compile(r"^\W*why\b|\bhow (?:many|much|often|long)\b", re.IGNORECASE)
# "Label: text", with or without emphasis: a paragraph that is an item of a list.
_LABEL = re.compile(r"[*_]{0,3}(?P<label>[^\s:*_][^:.!?\n]{0,60}?)(?::[*_]{0,3}|[*_]{1,3}:)\s+\S")


_Item = tuple[Passage, Sentence, Sentence]


def asks_for_list(question: str) -> bool:
    """Say whether a question's words are those of one for a list."""
    return bool(_ASKS_FOR_LIST.search(question)) and not _ASKS_OTHERWISE.search(question)


def may_ask_for_several(question: str) -> bool:
    """Say whether a question's words leave open that several things answer it."""
    if _ASKS_OTHERWISE.search(question):
        return False
    return bool(_ASKS_FOR_LIST.search(question) or _MAY_ASK_FOR_SEVERAL.search(question))


def asks_what_it_does(question: str) -> bool:
    """Say whether a question is what something does, for which a page may have a list."""
    return bool(_ASKS_WHAT_IT_DOES.search(question)) and not _ASKS_OTHERWISE.search(question)


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
