"""Which questions ask for a list."""

import pytest

from assistant.listing import asks_for_list


@pytest.mark.parametrize(
    "question",
    [
        "What are the benefits of facial acupuncture?",
        "Name all four effects credited to facial acupuncture.",
        "benefits?",
        "Tell me everything it is said to do.",
        "What are all the things it is supposed to do for the skin?",
        "Which options do I have?",
        "In what ways does it help?",
        "All the ways to get there, please",
    ],
)
def test_a_list_is_asked_for_in_many_words(question: str) -> None:
    """With and without a verb."""
    assert asks_for_list(question)


@pytest.mark.parametrize(
    "question",
    [
        "Why are these the causes?",
        "How many types are there?",
        "Do you keep my things dry?",
        "Could you put everything in a parcel for me?",
        "I cycled all the way from home, is that cheaper?",
        "Is it open all the time?",
        "Does it hurt?",
    ],
)
def test_the_same_words_may_ask_for_something_else(question: str) -> None:
    """A reason, a number, a yes or no."""
    assert not asks_for_list(question)
