"""Text -> words and the terms that lexical search knows them by.

Owns what a word is, in any script: letters with their marks, names with their apostrophes, and
codes, versions and addresses as words of their own. Pure.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import regex
import Stemmer

# Words of grammar: they carry no topic, and as query terms only cost time.
_GRAMMAR = """
a about after all also am an and any are as at be because been before being but by can could did do
does doing down for from had has have having he her here hers him his how i if in into is it its
itself just me more most my no nor not of off on once only or other our ours out over own same she
should so some such than that the their theirs them then there these they this those through to too
under until up very was we were what when where which while who whom why will with would you your
yours
"""
STOPWORDS = frozenset(_GRAMMAR.split())
_PLAIN = r"[\w\p{M}]+(?:['’ʼ][\w\p{M}]+)*"  # UAX #29 keeps marks and inner apostrophes in words
_JOIN = r"(?:[-./:@&]|,(?=\d{3}))"
_TOKEN = regex.compile(
    rf"(?<![\w\p{{M}}])\.\p{{L}}{{2,}}(?![\w\p{{M}}]|\.\w)"  # .net
    r"|§ ?\d+(?:\.\d+)*"
    rf"|{_PLAIN}(?:{_JOIN}{_PLAIN})*(?:\+\+|\#(?![\w\p{{M}}]))?"
)
_PIECE = regex.compile(_PLAIN)
_APOSTROPHES = regex.compile("['’ʼ]")
_NUMBERS_AND_HYPHENS = regex.compile(r"\d+(?:-\d+)+")
# A contraction says nothing of the word that it ends, nor does a possessive.
_ENDINGS = frozenset({"s", "t", "re", "ve", "ll", "d", "m", ""})


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")


def stem(word: str) -> str:
    """Return the stem of a case-folded word (Snowball English); a code is its own."""
    if _is_code(word):
        return word
    stemmed: str = _stemmer().stemWord(_APOSTROPHES.sub("", word))
    return stemmed


def words(text: str) -> list[str]:
    """Return the case-folded words of a text, in order.

    A code is one word ("ab-1243", "1.2.4", "c++"); contractions and possessives are dropped
    ("clinic's"), other apostrophes are part of a name ("o'brien").
    """
    return [word for token in _tokens(text) for word in _words_of(token)]


def terms(text: str) -> list[str]:
    """Return what a text is found by: stems, without words of grammar.

    Codes are terms beside their parts, and a name with an apostrophe beside what follows it, so
    that each is found by less, and first by itself.
    """
    return [term for word in words(text) for term in _terms_of(word)]


def codes(text: str) -> frozenset[str]:
    """Return the words of a text that are codes, versions or addresses."""
    return frozenset(word for word in words(text) if _is_code(word))


def _tokens(text: str) -> Iterator[str]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return (found.replace("§ ", "§") for found in _TOKEN.findall(folded))


def _words_of(token: str) -> Iterator[str]:
    if _is_code(token):
        yield token
    else:
        yield from map(_bare, _PIECE.findall(token))


def _bare(word: str) -> str:
    """Return a word without the ending of a contraction or possessive."""
    *name, ending = _APOSTROPHES.split(word)
    return "'".join(name) if name and ending in _ENDINGS else "'".join([*name, ending])


def _terms_of(word: str) -> Iterator[str]:
    if word not in STOPWORDS:
        yield stem(word)
    parts = list(map(_bare, _PIECE.findall(word))) if _is_code(word) else word.split("'")[1:]
    yield from (stem(part) for part in parts if part not in STOPWORDS and part != word)


def _is_code(token: str) -> bool:
    """Say whether signs inside a token make it a word of its own.

    Signs that join words of prose do not ("and/or", "well-known"), nor do a number and a word
    ("30-minute") or a range of numbers ("5-10").
    """
    if token.startswith((".", "§")) or token.endswith(("++", "#")):
        return True
    pieces = _PIECE.findall(token)
    if len(pieces) < 2:
        return False
    if "@" in token or (token.count(".") and not token.endswith(".")):
        return True
    return any(any(map(str.isdigit, piece)) for piece in pieces[1:]) and not (
        _NUMBERS_AND_HYPHENS.fullmatch(token)
    )
