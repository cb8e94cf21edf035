"""Texts as documents, without a folder around them."""

from index.records import Document
from index.sources.folder import LOADERS
from index.sources.front_matter import read_front_matter


def document_of(text: str, suffix: str) -> Document:
    """Read a canonical text as the loader of a suffix does."""
    matter = read_front_matter(text)
    outline = LOADERS[suffix](text, matter.end)
    return Document("id", "title", f"a{suffix}", None, "", 0, text, outline.blocks)
