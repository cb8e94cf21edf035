"""What visitors ask of any treatment: a text that has no word of it does not say it."""

import pytest

from assistant.english.facets import facet_unsaid

EFFECTS = (
    "It is said to relax the muscles of the face, to stimulate the circulation and to leave a "
    "smoother surface. Guests describe a fresh look."
)


@pytest.mark.parametrize(
    "question",
    [
        "Does it hurt?",
        "is that PAINFUL",
        "are there any side effects?",
        "Is it safe?",
        "can I have it done while pregnant?",
        "does my insurance pay for it",
        "Has it been proven in studies?",
        "will there be bruises",
        "Is the person who does it qualified?",
        "can i do it at home",
        "is there a minimum age?",
        "How do I book?",
        "do I need an appointment",
    ],
)
def test_effects_say_nothing_of_what_else_is_asked(question: str) -> None:
    """A list of effects holds no word of pain, harm, money, proof or who may have it."""
    assert facet_unsaid(question, EFFECTS)


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("Does it hurt?", "Most guests feel a short pinch."),
        ("is it painful", "A numbing cream is put on first."),
        ("does it sting", "There is nothing to feel but a slight coolness."),
        ("Is it safe?", "Now and then the skin turns red for a day."),
        ("what are the risks", "It can irritate dry skin."),
        ("can I have it while expecting", "We do not treat mothers before the birth."),
        ("will insurance cover it", "Health plans seldom pay for it."),
        ("is there evidence", "Two trials found no difference."),
        ("does it leave scars", "The mark fades within a week."),
        ("are you licensed", "Everyone here finished an apprenticeship."),
        ("can I do that at home", "Never try it yourself."),
        ("How old must riders be?", "Riders must be fourteen or over."),
        ("Do I have to book?", "You can simply walk in."),
        ("What can I do about dry skin?", "A cream at night is said to soften it."),
        ("how do i get rid of moss", "Scrape it off and rinse the stones, which keeps it away."),
    ],
)
def test_a_text_may_say_it_in_many_words(question: str, passage: str) -> None:
    """What is said in other words than it is asked in is not called unsaid."""
    assert not facet_unsaid(question, passage)


def test_what_causes_a_thing_is_no_remedy() -> None:
    """Told what roughens skin, a visitor who asked what to do about it has no answer."""
    causes = "Rough skin can be put down to dryness. Harsh weather can make it worse."
    assert facet_unsaid("What can I do about rough skin?", causes)
    assert not facet_unsaid("What causes rough skin?", causes)


@pytest.mark.parametrize("question", ["What causes enlarged pores?", "Why is it popular?", ""])
def test_other_questions_have_no_facet(question: str) -> None:
    """A question about none of these is left to the models."""
    assert not facet_unsaid(question, "")
