"""Phrases that an owner writes -> patterns over a message's words.

Owns what a phrase may say: ``word*`` is any word that begins so, ``(one|the other)`` are choices,
``(this)?`` may be absent, ``...`` stands for up to four words. Case, punctuation and apostrophes
count neither in a phrase nor in a message. Knows nothing of routes.
"""

import re
import unicodedata

_GAP = r"(?:\w+ ){0,4}"
_LONGEST = 2000  # code points of a phrase; far more than anybody writes
_APOSTROPHES = re.compile(r"['’‘ʼ`´]")
_TOKEN = re.compile(
    r"\s*(?:(?P<gap>\.\.\.|…)|\((?P<choices>[^()]*)\)(?P<optional>\?)?|(?P<word>\w[\w-]*\*?))(?!\w)"
)


class PhraseError(ValueError):
    """A phrase cannot be read; the message says why."""


def plain_words(text: str) -> str:
    """Return a message's words, case-folded, each followed by a space.

    Characters that show nothing are dropped, so that they cannot hide a word.
    """
    shown = "".join(
        character
        for character in unicodedata.normalize("NFKC", text)
        if unicodedata.category(character) != "Cf"
    )
    found = re.findall(r"\w+", _APOSTROPHES.sub("", shown.casefold()))
    return "".join(f"{word} " for word in found)


def compiled(phrase: str) -> re.Pattern[str]:
    """Return the pattern of a phrase, to be searched in ``plain_words``. Raises ``PhraseError``."""
    if len(phrase) > _LONGEST:
        raise PhraseError(f"is longer than {_LONGEST:,} characters; make several phrases of it")
    text = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", phrase)).casefold().strip()
    parts: list[str] = []
    place, says = 0, False
    while place < len(text):
        token = _TOKEN.match(text, place)
        if not token:
            raise PhraseError(
                f"cannot be read at {text[place : place + 20]!r}; write words, 'word*', "
                "'(one|other)', '(this)?' and '...'"
            )
        if token["gap"]:
            parts.append(_GAP)
        elif token["word"]:
            parts.append(_words(token["word"]))
            says = True
        else:
            parts.append(f"(?:{_choices(token['choices'])}){token['optional'] or ''}")
            says = says or not token["optional"]
        place = token.end()
    if not says:
        raise PhraseError("names no word that has to be there; write one")
    return re.compile(rf"(?<!\S){''.join(parts)}")


def _choices(inside: str) -> str:
    found = [each.strip() for each in inside.split("|")]
    if not all(re.fullmatch(r"[\w-]+\*?(?: +[\w-]+\*?)*", each) for each in found):
        raise PhraseError(f"has '({inside})', where words with '|' between them belong")
    return "|".join("".join(map(_words, each.split())) for each in found)


def _words(word: str) -> str:
    """Return the pattern of a word, or of several that a hyphen joins, with the spaces after."""
    stem, star = word.removesuffix("*"), word.endswith("*")
    pieces = [re.escape(piece) for piece in stem.split("-") if piece]
    return " ".join(pieces) + (r"\w* " if star else " ")
