"""A phrase says what its words say, and nothing that an owner writes can hang or break a search."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.question.routes.phrases import PhraseError, compiled, plain_words


def _found(phrase: str, message: str) -> bool:
    return compiled(phrase).search(plain_words(message)) is not None


@pytest.mark.parametrize(
    ("phrase", "message"),
    [
        ("kill myself", "How do I KILL MYSELF?"),
        ("can't breathe", "i cant breathe"),
        ("cant breathe", "I can’t breathe!"),
        ("suicid*", "I am suicidal"),
        ("(mum|my mother) is ill", "My mother is ill"),
        ("want ... to die", "I want so very much to die"),
        ("(really|just)? want out", "I want out"),
        ("self-harm", "self harm"),
        ("self harm", "self-harm"),
        ("kill myself", "kill\u200b my\u200bself"),
    ],
)
def test_a_phrase_is_found(phrase: str, message: str) -> None:
    """Case, punctuation, apostrophes, hyphens and invisible characters do not hide it."""
    assert _found(phrase, message)


@pytest.mark.parametrize(
    ("phrase", "message"),
    [
        ("kill myself", "I kill time by myself"),
        ("ill", "will it hurt"),
        ("pill", "pillow"),
        ("want ... to die", "I want one two three four five to die"),
        ("suicid*", "homicidal"),
    ],
)
def test_other_words_are_not_a_phrase(phrase: str, message: str) -> None:
    """Only whole words count, in their order, with at most four in a gap."""
    assert not _found(phrase, message)


@pytest.mark.parametrize(
    "phrase", ["", "...", "(a|b", "(a||b)", "()", "(a)?", "a.*b", "[ab]", "a+", "x" * 2001]
)
def test_what_is_no_phrase_is_an_error(phrase: str) -> None:
    """An owner who writes a regular expression, or nothing, is told so."""
    with pytest.raises(PhraseError):
        compiled(phrase)


@given(st.text(max_size=60), st.text(max_size=200))
def test_any_text_is_a_phrase_or_an_error(phrase: str, message: str) -> None:
    """No phrase is compiled to a broken pattern."""
    try:
        pattern = compiled(phrase)
    except PhraseError:
        return
    pattern.search(plain_words(message))


@given(st.text(max_size=100))
def test_words_are_their_own_phrase(message: str) -> None:
    """What is left of a message after folding is found in it, and folding it again is idle."""
    words = plain_words(message)
    assert plain_words(words) == words
    if words and words.isascii():
        assert _found(words, message)


def test_a_search_takes_linear_time() -> None:
    """Gaps are bounded, so no message makes a phrase with several of them slow."""
    pattern = compiled("a ... a ... a ... (a|b) ... never")
    began = time.perf_counter()
    pattern.search(plain_words("a " * 1000))
    assert time.perf_counter() - began < 2
