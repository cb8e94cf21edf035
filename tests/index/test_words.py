"""Words and the terms that they are found by."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.words import STOPWORDS, codes, stem, terms, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("O'Leary and O’Dwyer", ["o'leary", "and", "o'dwyer"]),
        ("the clinic's, it’s, don't", ["the", "clinic", "it", "don"]),
        ("we've O'Leary's", ["we", "o'leary"]),
        ("well-known and/or", ["well", "known", "and", "or"]),
        ("a 30-minute walk, 5-10 people", ["a", "30", "minute", "walk", "5", "10", "people"]),
        ("the KX-204, not KX-240/B", ["the", "kx-204", "not", "kx-240/b"]),
        ("C++, C# and .NET", ["c++", "c#", "and", ".net"]),
        ("Version 1.2.4. Then § 12.", ["version", "1.2.4", "then", "§12"]),
        ("24/7 at 10:30, 1,250 in all", ["24/7", "at", "10:30", "1,250", "in", "all"]),
        ("desk@example.org node.js", ["desk@example.org", "node.js"]),
        ("It ended. So did we...", ["it", "ended", "so", "did", "we"]),
    ],
)
def test_words_are_what_readers_take_for_words(text: str, found: list[str]) -> None:
    """Names keep their apostrophes, codes their signs; prose is split at both."""
    assert words(text) == found


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("KX 204", "the KX-204"),
        ("204", "the KX-204"),
        ("Leary", "Mr O'Leary"),
        ("OLeary", "Mr O'Leary"),
        ("net", ".NET"),
        ("paragraph 12", "§ 12"),
        ("node", "node.js"),
    ],
)
def test_parts_of_a_code_find_it(asked: str, text: str) -> None:
    """Who types less, or otherwise, still finds it."""
    assert set(terms(asked)) & set(terms(text))


@pytest.mark.parametrize(
    ("asked", "meant", "other"),
    [
        ("KX-204", "The KX-204 hums.", "The KX-240 hums."),
        ("1.2.4", "Version 1.2.4", "Version 1.4.2"),
        ("Who is O'Leary?", "O'Leary", "O'Dwyer"),
        ("C++", "written in C++", "written in C#"),
        ("§ 12", "see § 12", "see 12 of them"),
    ],
)
def test_a_code_is_found_first_by_itself(asked: str, meant: str, other: str) -> None:
    """What it shares with others is not all that it is known by."""
    question = set(terms(asked))
    assert len(question & set(terms(meant))) > len(question & set(terms(other)))


@pytest.mark.parametrize("text", ["हिन्दी की किताब", "ภาษาไทย", "שָׁלוֹם", "ne\u0301e cafe\u0301"])
def test_marks_stay_with_their_letters(text: str) -> None:
    """Vowel signs and accents end no word."""
    joined = unicodedata.normalize("NFKC", text).casefold()
    assert words(text) == joined.split()


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_composed_and_decomposed_are_the_same(text: str) -> None:
    """How a keyboard writes an accent changes nothing."""
    assert terms(unicodedata.normalize("NFC", text)) == terms(unicodedata.normalize("NFD", text))


@given(st.lists(st.from_regex(r"[a-z]{2,9}", fullmatch=True), max_size=8))
def test_plain_words_are_as_ever(plain: list[str]) -> None:
    """Differential: words of letters, however they are joined in prose, are their stems."""
    expected = [stem(word) for word in plain if word not in STOPWORDS]
    for joint in (" ", ", ", "-", "/", " – "):
        assert terms(joint.join(plain)) == expected


@given(st.from_regex(r"[a-z]{2,8}", fullmatch=True))
def test_a_possessive_is_its_word(word: str) -> None:
    """Whoever's it is."""
    for ending in ("'s", "’s"):
        assert terms(f"the {word}{ending} end") == terms(f"the {word} end")


@given(st.from_regex(r"[A-Z]{1,3}-[0-9]{2,4}(?:/[A-Z])?|[0-9](?:\.[0-9]{1,2}){2}", fullmatch=True))
def test_a_code_is_the_same_in_question_and_text(code: str) -> None:
    """One term of its own, beside its parts, never stemmed."""
    lowered = code.lower()
    assert codes(f"Is {code} ready?") == {lowered}
    assert terms(f"the {code}.")[0] == stem(lowered) == lowered
    parts = {stem(part) for part in re.findall(r"\w+", lowered)}
    assert parts >= set(terms(code)[1:])
