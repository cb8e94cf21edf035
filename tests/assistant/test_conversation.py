"""Follow-ups become questions that stand alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.conversation import leans_on_context, rewrites, stand_alone
from assistant.schemas import Turn

SOURCES = ["facial acupuncture", "rough skin", "enlarged pores", "oil", "skin renewal"]


def known(phrase: str) -> bool:
    """Stand for sources that use these phrases and their words."""
    return any(phrase.casefold() in each for each in SOURCES)


def first(question: str) -> float:
    """Rank every rewrite alike, so that the most faithful one is taken."""
    del question
    return 0.0


def asked(*questions: str) -> list[Turn]:
    """Return a conversation of these questions, each answered."""
    turns = []
    for question in questions:
        turns.append(Turn(role="user", content=question))
        turns.append(Turn(role="assistant", content="A sentence. [1]"))
    return turns


@pytest.mark.parametrize(
    ("earlier", "question", "expected"),
    [
        ("What is facial acupuncture?", "Does it hurt?", "Does facial acupuncture hurt?"),
        ("What is facial acupuncture?", "What are its effects?",
         "What are facial acupuncture's effects?"),
        ("What makes rough skin worse?", "and enlarged pores?", "What makes enlarged pores worse?"),
        ("What causes rough skin?", "What about oil?", "What causes oil?"),
        ("What causes rough skin?", "why?", "What causes rough skin? why?"),
        ("What causes rough skin?", "Any other way?", "What causes rough skin? Any other way?"),
        ("Is facial acupuncture holistic?", "Who came up with it?",
         "Who came up with facial acupuncture?"),
        ("What does facial acupuncture cost?", "how much is it?",
         "how much is facial acupuncture?"),
        ("Is it pleasant?", "and oil?", "Is it pleasant? oil?"),
        ("Does facial acupuncture hurt?", "why?", "why does facial acupuncture hurt?"),
        ("What causes enlarged pores?", "why does it stay?", "why do enlarged pores stay?"),
        ("Does facial acupuncture shrink enlarged pores?", "are they normal?",
         "are enlarged pores normal?"),
        ("What causes enlarged pores?", "Is it normal?", "Are enlarged pores normal?"),
        ("What causes enlarged pores?", "what is their use?", "what is enlarged pores' use?"),
        ("What is facial acupuncture?", "are they sterile?",
         "are facial acupuncture sterile?"),
        ("What is facial acupuncture?", "and if it's not safe?",
         "if facial acupuncture is not safe?"),
        ("What is the oil for?", "what about the skin?", "What is the skin for?"),
    ],
)  # fmt: skip
def test_a_follow_up_gets_back_its_subject(earlier: str, question: str, expected: str) -> None:
    """What the visitor left unsaid is carried over from the question before."""
    assert stand_alone(question, asked(earlier), first, known) == expected


@pytest.mark.parametrize(
    "question",
    [
        "What causes enlarged pores?",
        "How does facial acupuncture regulate oil production?",
        "Which factors make rough skin worse in winter?",
    ],
)
def test_a_question_that_stands_alone_is_left_alone(question: str) -> None:
    """Nothing is read into a complete question, whatever came before it."""
    assert not leans_on_context(question)
    history = asked("What is facial acupuncture?", "Does it hurt?")
    assert stand_alone(question, history, first, known) == question


def test_without_an_earlier_question_nothing_is_carried_over() -> None:
    """An assistant's words and small talk are no subject."""
    history = [Turn(role="assistant", content="Hello!"), Turn(role="user", content="thanks")]
    assert stand_alone("Does it hurt?", history, first, known) == "Does it hurt?"


def test_the_subject_is_followed_through_several_turns() -> None:
    """A follow-up to a follow-up still finds what both are about."""
    history = asked("What is facial acupuncture?", "Who is it for?")
    expected = "How does facial acupuncture work?"
    assert stand_alone("How does it work?", history, first, known) == expected


def test_of_several_rewrites_the_one_that_retrieves_best_is_taken() -> None:
    """Which subject is meant is decided by what the sources answer."""
    history = asked("Does facial acupuncture help against rough skin?")
    chosen = stand_alone("What makes it worse?", history, lambda q: float("rough" in q), known)
    assert chosen == "What makes rough skin worse?"


def test_a_long_conversation_costs_no_more_than_a_short_one() -> None:
    """Each try is a retrieval: three for the question and for each of the two before it."""
    tried: list[str] = []

    def weigh(question: str) -> float:
        tried.append(question)
        return 0.0

    history = asked(*["Does it go with oil, rough skin and enlarged pores?"] * 9)
    stand_alone("Does it hurt?", history, weigh, known)
    assert 0 < len(tried) <= 9


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_gives_at_least_one_rewrite(question: str, previous: str) -> None:
    """No wording of a visitor leaves the assistant without a question to search for."""
    assert rewrites(question, previous, known)
