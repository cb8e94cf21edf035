"""Which loader reads which file, by suffix: our own and those that installed packages bring.

A package adds a format by an entry point of the group ``footnote.loaders``, named by the suffix
(``.rst``), that gives a ``Loader``. Ours come first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import Protocol

from index.records import Span
from index.sources.blanking import blank, outlined_without, widened
from index.sources.canonical import decoded, with_line_feeds
from index.sources.front_matter import read_front_matter
from index.sources.loader import Loaded, Loader, Outline, Without
from index.sources.markdown import outline_markdown
from index.sources.text import outline_text
from index.sources.walking import suffix

GROUP = "footnote.loaders"


class Outliner(Protocol):
    """Divides a canonical text, from a line's beginning on, into blocks under headings."""

    def __call__(self, text: str, start: int) -> Outline:
        """Return the outline. Raises ``TextError``."""
        ...


@dataclass(frozen=True, slots=True)
class TextLoader:
    """Reads plain text with front matter; the outline tells one such format from the other."""

    outline: Outliner

    def load(self, data: bytes) -> Loaded:
        """Decode a file, and divide what stands behind its front matter."""
        decoded_text, encoding = decoded(data)
        text = with_line_feeds(decoded_text)
        matter = read_front_matter(text)
        notes = [] if encoding.startswith("utf") else [f"was read as {encoding}, not UTF-8"]
        notes += [matter.trouble] if matter.trouble else []
        return Loaded(
            text,
            matter.end,
            self.outline(text, matter.end),
            matter,
            tuple(notes),
        )

    def without(self, text: str, body: int, spans: Sequence[Span]) -> Without:
        """Put spaces for the spans, and divide the text anew: it says itself what is a heading."""
        wide = sorted(widened(text, *span) for span in spans)
        shown = (part for span in wide for part in outlined_without(text, *span))
        return Without(blank(text, wide), self.outline(blank(text, shown), body))


_OURS: Mapping[str, Loader] = MappingProxyType(
    {
        ".txt": TextLoader(outline_text),
        ".md": TextLoader(outline_markdown),
        ".markdown": TextLoader(outline_markdown),
    }
)


@cache
def loaders() -> Mapping[str, Loader]:
    """Return the loaders by suffix."""
    theirs = {each.name: each.load() for each in entry_points(group=GROUP)}
    return MappingProxyType({**theirs, **_OURS})


def loader_of(path: str) -> Loader:
    """Return the loader of a file that has one."""
    return loaders()[suffix(path)]
