"""What of the sources is in a language that the models do not read, as an owner is told of it.

Owns its shape and words. Knows nothing of how a language is told (``language``).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from index.records import Document, DocumentInfo

# ISO 639 for those that an owner is most likely to see; others are told by their code.
_NAMES = """
af Afrikaans ar Arabic bg Bulgarian bn Bengali ca Catalan cs Czech da Danish de German el Greek
es Spanish et Estonian eu Basque fa Persian fi Finnish fr French gl Galician gu Gujarati he Hebrew
hi Hindi hr Croatian hu Hungarian hy Armenian id Indonesian is Icelandic it Italian ja Japanese
ka Georgian kk Kazakh km Khmer ko Korean lt Lithuanian lv Latvian ml Malayalam mr Marathi ms Malay
my Burmese nl Dutch no Norwegian pa Punjabi pl Polish pt Portuguese ro Romanian ru Russian
sk Slovak sl Slovenian sq Albanian sr Serbian sv Swedish ta Tamil te Telugu th Thai tl Tagalog
tr Turkish uk Ukrainian ur Urdu vi Vietnamese zh Chinese
""".split()


@dataclass(frozen=True, slots=True)
class Unread:
    """A passage that the models do not read, by the row of its document."""

    document: int
    start: int
    end: int
    language: str


@dataclass(frozen=True, slots=True)
class UnreadDocument:
    """A document with passages that the models do not read: how many, and of which language."""

    path: str
    language: str
    passages: int


def unread_documents(
    unread: Sequence[Unread], documents: Sequence[Document | DocumentInfo]
) -> tuple[UnreadDocument, ...]:
    """Return what is not read by document, the most passages first; its commonest language."""
    languages: dict[int, Counter[str]] = {}
    for each in unread:
        languages.setdefault(each.document, Counter())[each.language] += 1
    found = [
        UnreadDocument(documents[row].path, _name(counts.most_common(1)[0][0]), counts.total())
        for row, counts in languages.items()
    ]
    return tuple(sorted(found, key=lambda each: (-each.passages, each.path)))


def unread_told(unread: Sequence[UnreadDocument]) -> str:
    """Return one line for an owner: how many documents, in which languages, the worst three."""
    counts = Counter(each.language for each in unread)
    languages = ", ".join(f"{number} in {name}" for name, number in counts.most_common())
    worst = ", ".join(each.path for each in unread[:3])
    return (
        f"documents with text that the models do not read: {languages}; no answer is made of that "
        f"text; {'most' if len(unread) > 3 else 'all'} of it is in {worst}"
    )


def _name(code: str) -> str:
    """Return the English name of a language."""
    named = dict(zip(_NAMES[::2], _NAMES[1::2], strict=True))
    return named.get(code, f'"{code}"')
