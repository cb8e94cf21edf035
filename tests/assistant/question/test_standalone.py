"""Follow-ups become questions that stand alone."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering import Assistant
from assistant.models.resolver import Word
from assistant.question.phrases import MEANT
from assistant.question.standalone import _LONGEST, _MESSAGES, stand_alone
from assistant.schemas import Turn


class Marking:
    """Means every place where a word stands, and remembers what it was asked about."""

    def __init__(self, word: str) -> None:
        self._word = word
        self.asked: list[tuple[str, list[Turn]]] = []

    def __call__(self, question: str, messages: Sequence[Turn]) -> list[Word]:
        """Return the word's places."""
        self.asked.append((question, list(messages)))
        places = [(place, turn.content.find(self._word)) for place, turn in enumerate(messages)]
        return [
            Word(place, start, start + len(self._word), MEANT + 1)
            for place, start in places
            if start >= 0
        ]


def talk(*messages: str) -> list[Turn]:
    """Return a conversation: visitor and answers in turn."""
    return [
        Turn(role="assistant" if place % 2 else "user", content=content)
        for place, content in enumerate(messages)
    ]


def test_what_is_left_unsaid_is_carried_over() -> None:
    """From the visitor's question or from an answer, whoever named it."""
    history = talk("What is inserted?", "Thin needles are inserted.")
    assert stand_alone("Are they sterile?", history, Marking("needles")) == "Are needles sterile?"


def test_a_question_that_lacks_nothing_is_left_alone() -> None:
    """Not a letter is changed, an opening "and" neither."""
    history = talk("What is inserted?", "Thin needles are inserted.")
    assert (
        stand_alone("And is there a lift?", history, Marking("nowhere")) == "And is there a lift?"
    )


@pytest.mark.parametrize(
    "history",
    [[], [Turn(role="assistant", content="Hello, I know all of needles!")], talk("thanks"),
     talk("hi", "Hello! Ask me of needles."), talk("  ", "needles")],
)  # fmt: skip
def test_without_an_earlier_question_nothing_is_carried_over(history: list[Turn]) -> None:
    """An assistant's words and small talk are no subject."""
    marking = Marking("needles")
    assert stand_alone("Does it hurt?", history, marking) == "Does it hurt?"
    assert not marking.asked


def test_a_long_conversation_costs_no_more_than_a_short_one() -> None:
    """The latest messages are read, and of each so much; the question stays whole."""
    marking = Marking("needles")
    history = talk(*(f"{number} " + "needles " * 900 for number in range(90)))
    stand_alone("and? " * 300, history, marking)
    ((question, messages),) = marking.asked
    assert question == "and? " * 300
    assert len(messages) == _MESSAGES
    assert messages[-1].content.startswith("89 ")
    assert max(len(turn.content) for turn in messages) <= _LONGEST


TALKS = [
    (["What is facial acupuncture?",
      "Facial acupuncture is an ancient Chinese practice with its roots in traditional medicine."],
     "Who came up with it?", "acupuncture"),
    (["is there somewhere safe for my watch while I swim",
      "Valuables boxes: These little safes are mounted on the wall opposite the front desk."],
     "Do I have to pay for one of those?", "boxes"),
    (["where did it snow", "Snow fell in the Alps.", "what do you pay for a ski pass",
      "A ski pass is 40 euros a day."], "and for children?", "ski pass"),
    (["What makes rough skin worse?", "Roughness can be made worse by harsh weather."],
     "what about enlarged pores?", "worse"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "question", "wanted"), TALKS)
def test_the_assistant_knows_what_is_meant(
    assistant: Assistant, said: list[str], question: str, wanted: str
) -> None:
    """With the shipped resolver: what a person would put in is put in."""
    assert wanted in assistant.alone(question, talk(*said))


@pytest.mark.parametrize(
    "question",
    [
        "What causes enlarged pores?",
        "How does facial acupuncture regulate oil production?",
        "Is there a lift to the second floor?",
    ],
)
def test_the_assistant_leaves_a_whole_question_alone(assistant: Assistant, question: str) -> None:
    """Nothing is read into a complete question, whatever came before it."""
    history = talk("Who owns the museum?", "The museum is run by the trust.")
    assert assistant.alone(question, history) == question


_ROLES = st.sampled_from(["user", "assistant"])
_TURNS = st.lists(st.builds(Turn, role=_ROLES, content=st.text(max_size=60)), max_size=6)


@given(st.text(min_size=1, max_size=60), _TURNS)
def test_any_conversation_gives_a_question(
    assistant: Assistant, question: str, history: list[Turn]
) -> None:
    """No wording, script or order of speakers leaves the assistant without one to search for."""
    assert assistant.alone(question, history).strip() or not question.strip()
    assert assistant.alone(question, history) == assistant.alone(question, history)
