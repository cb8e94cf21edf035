"""Words that a question leaves unsaid become phrases, and these a question that stands alone."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.models.resolver import Word
from assistant.question.composing import composed
from assistant.question.phrases import BESIDE, MEANT, MOST, Phrase, phrases
from assistant.schemas import Turn

SURE, NEAR, LOW = MEANT + 1, (MEANT + BESIDE) / 2, BESIDE - 3
_MARKED = re.compile(r"(\w[\w'-]*)(\*|\+)?")


def said(*messages: str) -> tuple[list[Turn], list[Word]]:
    """Return a conversation and its words; "needles*" is meant, "fine+" only beside one that is."""
    turns, words = [], []
    for place, marked in enumerate(messages):
        plain = re.sub(r"[*+]", "", marked)
        at = 0
        for found in _MARKED.finditer(marked):
            start = plain.index(found[1], at)
            at = start + len(found[1])
            logit = {"*": SURE, "+": NEAR}.get(found[2] or "", LOW)
            words.append(Word(place, start, at, logit))
        turns.append(Turn(role="assistant" if place % 2 else "user", content=plain))
    return turns, words


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        (["What are the needles* made of?"], ["needles"]),
        (["What do acupuncture+ needles* do?"], ["acupuncture needles"]),
        (["What do acupuncture+ needles do?"], []),
        (["Who pays the price* of the ticket*?"], ["price of the ticket"]),
        (["the ticket*, the needle*"], ["ticket", "needle"]),
        (["a ticket* that you are to have shown* me"], ["ticket", "shown"]),
        (["Is the sauna* hot?", "The sauna* costs 5."], ["sauna"]),
        (["Is there a card*?", "The yellow+ card* is free."], ["yellow card"]),
        (["the the of"], []),
        ([], []),
    ],
)
def test_words_that_stand_together_are_a_phrase(messages: list[str], expected: list[str]) -> None:
    """Grammar may stand within, punctuation not; what one phrase says another does not repeat."""
    turns, words = said(*messages)
    assert [phrase.text for phrase in phrases("How much?", turns, words)] == expected


def test_what_the_question_says_itself_is_not_carried_over() -> None:
    """A phrase has to add something."""
    turns, words = said("What do needles* do?", "Thin needles* prick. The skin* heals.")
    found = phrases("Are the needles clean?", turns, words)
    assert [phrase.text for phrase in found] == ["skin"]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("what about pores?", ["worse"]),
        ("ok, and how about the pores", ["worse"]),
        ("and pores?", ["worse"]),
        ("why?", ["worse"]),
        ("and for a whole month?", ["worse"]),
        ("For how long is the ticket valid?", []),
        ("Is there a lift?", []),
        ("And is there a lift?", []),
        ("And what can be done about large pores?", []),
    ],
)
def test_into_a_fragment_less_sure_words_are_put(question: str, expected: list[str]) -> None:
    """It does not stand alone; a whole question may, and is left alone in doubt."""
    turns, words = said("What makes skin worse+?")
    assert [phrase.text for phrase in phrases(question, turns, words)] == expected


def test_only_so_many_phrases_are_carried_over() -> None:
    """The surest are taken, and stand in the order in which they were said."""
    turns, words = said("red*, green*, blue*, white*, black*, brown*")
    surer = [Word(word.place, word.start, word.end, word.logit + word.start % 5) for word in words]
    found = phrases("And?", turns, surer)
    assert len(found) == MOST
    assert min(phrase.logit for phrase in found) >= sorted(word.logit for word in surer)[-MOST]


def _phrases(*texts: str) -> list[Phrase]:
    return [Phrase(text, frozenset({text}), SURE, place) for place, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("question", "texts", "expected"),
    [
        ("Does it hurt?", ["facial acupuncture"], "Does facial acupuncture hurt?"),
        ("And does it hurt?", ["facial acupuncture"], "does facial acupuncture hurt?"),
        ("What are its effects?", ["facial acupuncture"],
         "What are facial acupuncture's effects?"),
        ("what is their use?", ["enlarged pores"], "what is enlarged pores' use?"),
        ("Is it normal?", ["enlarged pores"], "Are enlarged pores normal?"),
        ("why does it stay?", ["enlarged pores"], "why do enlarged pores stay?"),
        ("and if it's not safe?", ["the sauna"], "if the sauna is not safe?"),
        ("ok, and on Sundays?", ["museum", "open"], "museum, open: on Sundays?"),
        ("Does it hurt?", ["needles", "skin"], "needles, skin: Does it hurt?"),
        ("do I pay for one of those?", ["valuables boxes"],
         "valuables boxes: do I pay for one of those?"),
        ("why?", ["why it closes"], "why it closes: why?"),
        ("ok", ["opening times"], "opening times: ok"),
        ("Does it hurt?", [], "Does it hurt?"),
        ("And does it hurt?", [], "And does it hurt?"),
    ],
)  # fmt: skip
def test_a_phrase_takes_a_pronouns_place_or_goes_before(
    question: str, texts: list[str], expected: str
) -> None:
    """A lone phrase stands where "it" stood; else the question is asked of what goes before it."""
    assert composed(question, _phrases(*texts)) == expected


@given(st.text(max_size=80), st.lists(st.text(min_size=1, max_size=20), max_size=3))
def test_no_word_of_a_phrase_is_lost(question: str, texts: list[str]) -> None:
    """Whatever is asked, every phrase is in the question that is searched for."""
    found = composed(question, _phrases(*texts))
    assert all(text in found for text in texts)
