"""Denials and opposites count where they turn what a sentence says."""

import pytest

from assistant.english.polarity import flips, read_polarity


@pytest.mark.parametrize(
    "text",
    [
        "dogs are not allowed",
        "dogs aren't allowed",
        "you can't come in",
        "you cannot come in",
        "it won't last",
        "needles are no longer reused",
        "never wash it",
        "no dogs may come in",
        "no, dogs are not allowed",
        "a book cannot be renewed if it is reserved",
    ],
)
def test_a_denial_is_counted_once(text: str) -> None:
    """In each of its forms, and it is no word of what the sentence is about."""
    read = read_polarity(text)
    assert read.denials == 1
    assert not {"not", "no", "never"} & set(read.words)
    assert read.later == ()


@pytest.mark.parametrize(
    "text", ["a room with no window", "dogs not on a lead pay more", "at no cost", "not with us"]
)
def test_a_denial_inside_a_phrase_denies_nothing(text: str) -> None:
    """It tells one thing from another, and stays a word of what the sentence is about."""
    read = read_polarity(text)
    assert read.denials == 0
    assert {"no", "not"} & set(read.words)


@pytest.mark.parametrize("text", ["if you have not paid, call", "pores are not always visible"])
def test_a_denial_of_a_case_is_kept_apart(text: str) -> None:
    """What is denied under a condition, or in part, is not denied."""
    read = read_polarity(text)
    assert read.denials == 0
    assert read.later == ("not",)


@pytest.mark.parametrize(
    ("left", "right", "count"),
    [
        ("the pool is open", "the pool is closed", 1),
        ("the pool is still open", "the pool stays shut", 1),
        ("dogs are welcome", "dogs are banned", 1),
        ("heat increases shine", "heat reduces shine", 1),
        ("open wounds", "closed wounds", 0),
        ("the pool is open", "the pool is warm", 0),
        ("the pool is open and safe", "the pool is closed and dangerous", 1),
    ],
)
def test_opposites_are_said_of_the_subject(left: str, right: str, count: int) -> None:
    """Not of a thing that is told by them from others."""
    assert flips(read_polarity(left), read_polarity(right)) == count


def test_what_may_be_leaves_room_for_its_opposite() -> None:
    """Oil can increase shine, and can decrease it."""
    assert read_polarity("oil increases shine").exclusive
    assert not read_polarity("oil can increase shine").exclusive
