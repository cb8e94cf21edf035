"""Greetings and thanks are recognised as whole messages only."""

import pytest

from assistant.question.smalltalk import smalltalk


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("Hi", "greeting"),
        ("hello there!", "greeting"),
        ("Good morning.", "greeting"),
        ("Thanks a lot!", "thanks"),
        ("thank you so much for your help", "thanks"),
        ("Bye for now", "farewell"),
        ("Who are you?", "about"),
        ("What’s your name?", "about"),
    ],
)
def test_a_whole_message_of_small_talk_is_recognised(message: str, kind: str) -> None:
    """A greeting is answered in the assistant's own voice, not searched for."""
    assert smalltalk(message) == kind


@pytest.mark.parametrize(
    "message",
    [
        "Hello, what enlarges pores?",
        "thanks, and does it hurt?",
        "Who are you to say that skin ages?",
        "help my skin",
        "hi-fi",
        "🙂",
        "",
    ],
)
def test_a_question_is_never_taken_for_small_talk(message: str) -> None:
    """A visitor who is polite still gets an answer."""
    assert smalltalk(message) is None
