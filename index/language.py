"""Which words the models do not read: those of a language or a script that they were not made for.

Owns the measure and its thresholds. Knows nothing of questions or of what becomes of such words.
A word is strange if the tokenizer has no more of it than its letters: that tells scripts. Latin
letters it knows in any language, so that of these py3langid's model says how much better another
language explains them than English does, and words of English grammar speak against it. Thresholds
are chosen by ``python -m tests.bench.answers.languages``.
"""

import lzma
import math
import re
import struct
import unicodedata
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import IO, Any

import numpy as np
import numpy.typing as npt
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

from index.records import Passage, Span
from index.unread import Unread
from index.words import STOPWORDS, words

READ = "en"  # the language that the models read
# Given a text, the spans of which the models know no more than single letters.
Unknown = Callable[[str], Sequence[Span]]
# Names of diseases and species are Latin, and the others are too near to English.
_NOT_TOLD = frozenset("la ht jv vo".split())
_LATIN = "A-Za-z\u00aa\u00ba\u00c0-\u024f\u1e00-\u1eff"
_WORD = re.compile(rf"(?P<latin>[{_LATIN}\d][{_LATIN}\d'’]*)|[^\W\d_{_LATIN}]+")
_DIGIT = re.compile(r"\d")
_STRANGE = 0.5  # share of strange words from which a text is not read, unless English frames it
_ALL_STRANGE = 0.75  # from which it is not, whatever frames it
_ENGLISH = 0.5  # share of words of English grammar from which a text is English
_GRAMMAR = 4.0  # of the margin, which words of English grammar take, were all words such


def asked(number: int) -> float:
    """Return the margin from which a question of so many words is in another language.

    A few words seldom tell: names, products and diseases are in none.
    """
    return 1.5 + 1.5 * max(0, 4 - number)


def written(number: int) -> float:
    """Return the same for a passage of so many different words.

    Higher, since pages list names and explain words of other languages to readers of English.
    """
    return 2.0 * math.sqrt(number) if number >= 12 else math.inf


def unread_language(
    text: str, unknown: Unknown, needed: Callable[[int], float] = asked
) -> str | None:
    """Return the language of a text that the models do not read (ISO 639), else ``None``.

    ``needed`` is the margin that so many words in Latin letters need to be told from English.
    """
    text = unicodedata.normalize("NFKC", text)
    spans = [each for each in _WORD.finditer(text) if not _DIGIT.search(each.group())]
    letters = {place for start, end in unknown(text) for place in range(start, end)}
    others = [each.group() for each in spans if _share(letters, *each.span()) <= _STRANGE]
    share = (len(spans) - len(others)) / max(1, len(spans))
    framed = any(word in STOPWORDS for word in words(" ".join(others)))
    if share >= _ALL_STRANGE or (share >= _STRANGE and not framed):
        return _told(text.lower())[0]
    latin = dict.fromkeys(each["latin"].lower() for each in spans if each["latin"])
    return _foreign(" ".join(latin), needed)


def read_and_unread(
    passages: Sequence[Passage], unknown: Unknown
) -> tuple[list[Passage], list[Unread]]:
    """Return the passages that the models read, in rows of their own, and the others."""
    read: list[Passage] = []
    unread: list[Unread] = []
    for each in passages:
        language = unread_language(each.text, unknown, written)
        if language:
            unread.append(Unread(each.document, each.start, each.end, language))
        else:
            read.append(replace(each, id=len(read)))
    return read, unread


def _foreign(text: str, needed: Callable[[int], float]) -> str | None:
    """Return the language of words in Latin letters, if it is far from English."""
    found = words(text)
    if not found:
        return None
    grammar = sum(word in STOPWORDS for word in found) / len(found)
    if grammar >= _ENGLISH:
        return None  # and the detector, which takes its room, is not opened for it
    language, margin = _told(text)
    return language if margin - _GRAMMAR * grammar > needed(len(found)) else None


def _told(text: str) -> tuple[str, float]:
    """Return the language besides English that explains a text best, and how much better.

    The margin is in log-odds by the square root of the bytes, as py3langid scales its confidence.
    """
    scores = dict(_identifier().rank(text))
    english = scores.pop(READ)
    language = max(scores, key=lambda each: scores[each])
    return language, (scores[language] - english) / math.sqrt(max(1, len(text.encode())))


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    """Return the detector, opened when a text first needs it: half a second and 70 MB."""
    # As ``py3langid.modelio.load_model`` does, but without a temporary file, for which there may be
    # no room, and without a second copy in memory.
    with lzma.open(MODEL_DIR / MODEL_FILE) as unpacked:
        data = dict(_arrays(unpacked))
    weights, priors, labels = data["ptc"], data["pc"], data["classes"].tolist()
    moves, row = (_plain(data.pop(name)) for name in ("nextmove", "nextmove_row"))
    output = data["out_feat"].tolist()
    # Codes of two letters are the languages that people write to a website in. Told to keep to
    # these, the detector would still hold the others.
    kept = [at for at, each in enumerate(labels) if len(each) == 2 and each not in _NOT_TOLD]
    told = [labels[at] for at in kept]
    return LanguageIdentifier(weights[:, kept], priors[kept], told, moves, output, tk_row=row)


def _arrays(stream: IO[bytes]) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    """Yield the arrays of an .npz file that is read from its beginning on, each with its name."""
    while (header := stream.read(30)).startswith(b"PK\x03\x04"):  # APPNOTE.TXT of ZIP, 4.3.7
        name, extra = struct.unpack("<HH", header[26:])
        yield (
            stream.read(name).decode().removesuffix(".npy"),
            np.lib.format.read_array(_after(stream, extra), allow_pickle=False),
        )


def _after(stream: IO[bytes], count: int) -> IO[bytes]:
    stream.read(count)
    return stream


def _plain(numbers: npt.NDArray[Any]) -> "array[int]":
    plain = array({2: "H", 4: "I", 8: "L"}[numbers.dtype.itemsize])
    plain.frombytes(np.ascontiguousarray(numbers).data.cast("B"))
    return plain


def _share(letters: set[int], start: int, end: int) -> float:
    return sum(place in letters for place in range(start, end)) / (end - start)
