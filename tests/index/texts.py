"""Texts as documents, without a folder around them."""

from index.records import Document
from index.sources.front_matter import read_front_matter
from index.sources.loader import Outline
from index.sources.loaders import loader_of

SUFFIXES = (".markdown", ".md", ".txt")


def outlined(text: str, suffix: str, start: int) -> Outline:
    """Divide a canonical text from ``start`` on as the loader of a suffix does."""
    return loader_of(f"a{suffix}").without(text, start, ()).outline


def document_of(text: str, suffix: str) -> Document:
    """Read a canonical text as the loader of a suffix does."""
    matter = read_front_matter(text)
    blocks = outlined(text, suffix, matter.end).blocks
    return Document(
        *("id", "title", f"a{suffix}", None, "", 0, text, blocks),
        body=matter.end,
        given=matter.title,
    )
