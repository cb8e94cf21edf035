"""Evidence -> the one to four sentences that are quoted, or all items of a list or run.

Owns what belongs into an answer once it is known that there is one, and whether the sources agree
on it. Pure but for reading the generation.
"""

from dataclasses import dataclass, replace
from math import inf

from assistant.evidence.reading import Evidence, ScoredSentence
from assistant.evidence.weights import WEIGHTS
from assistant.quoting.agreement import conflict, points_back, repeats
from assistant.quoting.citing import Span
from assistant.quoting.lists import list_asked_for, run_asked_for
from assistant.quoting.parallel import of_what_is_named
from index.generations.opening import Generation
from index.records import Passage
from index.words import terms


@dataclass(frozen=True, slots=True)
class Selection:
    """The spans of an answer in reading order, and whether the sources contradict each other.

    Then the sentences that do stand first.
    """

    spans: list[Span]
    contradicted: bool = False


def select(generation: Generation, evidence: Evidence) -> Selection:
    """Return what an answer quotes. ``evidence`` must hold a sentence."""
    evidence = of_what_is_named(generation, evidence)
    items = list_asked_for(generation, evidence)
    if items:
        return Selection(items)
    sides = _Sides(generation, evidence.question)
    chosen = _with_antecedent(_supporting(evidence, sides), sides)
    opposed = [each for each in chosen if any(sides.differ(each, other) for other in chosen)]
    for each in run_asked_for(generation, evidence):
        if len(chosen) < WEIGHTS.items and _adds(each, chosen):
            chosen.append(each)
    # Reading order within a document; the one that holds the best sentence is read first.
    best: dict[int, float] = {}
    for each in chosen:
        best[each.passage.document] = max(best.get(each.passage.document, -inf), each.score)
    chosen.sort(
        key=lambda each: (
            each not in opposed,
            -best[each.passage.document],
            each.passage.document,
            each.sentence.start,
        )
    )
    spans = [
        Span(
            *(each.passage.document, each.sentence.start, each.sentence.end, each.score),
            code=each.sentence.kind == "code",
        )
        for each in chosen
    ]
    return Selection(spans, bool(opposed))


@dataclass(frozen=True, slots=True)
class _Sides:
    """Which sentences are two sides of what the sources do not agree on."""

    generation: Generation
    question: str

    def differ(self, one: ScoredSentence, other: ScoredSentence) -> bool:
        """Say whether two documents contradict each other in these sentences.

        One document that seems to contradict itself speaks of two cases, which its headings tell
        apart: both are quoted, and nothing is said of it. And what the question names in the title
        or headings of one must be near the other, or they are the same words on two subjects.
        """
        if one.passage.document == other.passage.document or not conflict(one.text, other.text):
            return False
        asked = set(terms(self.question))
        return all(
            asked & set(terms(self._names(mine))) <= set(terms(f"{self._names(its)} {its.text}"))
            for mine, its in ((one.passage, other.passage), (other.passage, one.passage))
        )

    def _names(self, passage: Passage) -> str:
        return " ".join((self.generation.documents[passage.document].title, *passage.headings))


def _supporting(evidence: Evidence, sides: _Sides) -> list[ScoredSentence]:
    """Return the best sentence, those that contradict it, and those near it that add something."""
    best, *others = evidence.sentences
    others.sort(key=lambda each: -each.support)
    rivals = [
        each
        for each in others
        if each.support >= best.support - WEIGHTS.rival_margin and sides.differ(best, each)
    ]
    near = [each for each in others if each.support >= best.support - WEIGHTS.margin]
    chosen = [best]
    for candidate in (*rivals, *near):
        # A question beside the answer answers nothing, however near it is.
        supports = candidate.logit >= WEIGHTS.support and not candidate.text.endswith("?")
        if supports and _adds(candidate, chosen) and len(chosen) < WEIGHTS.quotes:
            chosen.append(candidate)
    return chosen


def _adds(candidate: ScoredSentence, chosen: list[ScoredSentence]) -> bool:
    return not any(repeats(candidate.text, other.text) for other in chosen)


def _with_antecedent(chosen: list[ScoredSentence], sides: _Sides) -> list[ScoredSentence]:
    """Put the sentence before the best one in front of it, if the best one points back to it.

    Where there is no room, the last of the others goes, unless it contradicts the best one.
    """
    best = chosen[0]
    place = best.passage.sentences.index(best.sentence)
    if place == 0 or not points_back(best.text):
        return chosen
    room = WEIGHTS.quotes - 1
    if any(sides.differ(best, each) for each in chosen[room:]):
        return chosen
    before = best.passage.sentences[place - 1]
    if any(each.sentence == before and each.passage.id == best.passage.id for each in chosen):
        return chosen
    # It is context, not evidence: it never outranks what it explains.
    antecedent = replace(best, sentence=before)
    antecedent = replace(antecedent, logit=best.logit + best.score - antecedent.score - 1)
    return [best, antecedent, *chosen[1:room]]
