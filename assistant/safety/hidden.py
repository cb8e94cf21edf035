"""Where a text hides what it says from the people who read the page that is made of it.

Owns what counts as hidden in HTML and Markdown: comments, elements with ``hidden`` and styles that
leave nothing to see; and which of these pages have for their own sake, and which only to hide. What
stands in Markdown's code is shown as it is, and hides nothing.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

# What a page has beside what it shows at first: panels, menus, notes that open.
_FOLDED = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# What nobody is ever meant to see, where it stands like any other text.
_DISGUISED = re.compile(
    r"(?:font-size\s*:\s*0(?!\.?\d)|opacity\s*:\s*0(?!\.?\d)"
    r"|(?<!-)color\s*:\s*transparent\b"
    r"|(?:left|top|text-indent)\s*:\s*-\d{3,})",
    re.IGNORECASE,
)
# White is the paper's colour, unless the style gives another.
_WHITE = re.compile(
    r"(?<!-)color\s*:\s*(?:#fff(?:fff)?\b|white\b|rgba?\(\s*255\s*,\s*255\s*,\s*255)",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(r"\bbackground", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"(?<![\w-])hidden\b(?!\s*=\s*[\"']?until)", re.IGNORECASE)
_QUOTED = re.compile(r"\"(?!until)[^\"]*\"|'(?!until)[^']*'", re.IGNORECASE)
# Leftmost first, so that a fence in a comment opens no code. Possessive, so that it is linear.
_SCAN = re.compile(
    r"(?P<comment><!--.*?(?:-->|\Z))"
    r"|^[ \t>]*(?P<fence>`{3,}+|~{3,}+)[^\n]*\n.*?(?:^[ \t>]*(?P=fence)|\Z)"
    r"|(?<!`)(?P<ticks>`++)[^\n]{0,1000}?(?<!`)(?P=ticks)(?!`)"
    r"|<(?P<close>/?)(?P<tag>[a-z][a-z0-9-]*+)"
    r"(?P<attributes>(?:[^<>\"']++|\"[^\"]{0,1000}+\"|'[^']{0,1000}+')*+|[^<>]{0,1000}+)>",
    re.IGNORECASE | re.DOTALL | re.MULTILINE,
)
_HTML = re.compile(r"\s*<")  # what a paragraph begins with that is HTML
# Elements without an end, and those that the next of their kind ends.
_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()  # WHATWG HTML
)
_FLAT = frozenset("dd dt li option p td th tr".split())


Kind = Literal["comment", "folded", "disguised"]


@dataclass(frozen=True, slots=True)
class Region:
    """Where a text hides what it says, in code points, and by what."""

    start: int
    end: int
    kind: Kind


@lru_cache(maxsize=8)
def hidden_regions(text: str) -> tuple[Region, ...]:
    """Return where a text hides what it says, in order, apart.

    What is hidden and never closed is hidden to the end, as a browser has it.
    """
    return _regions(text) if "<" in text else ()


def regions_in(text: str, start: int, end: int) -> Iterator[Region]:
    """Yield what is hidden of a span of a text, by what stands anywhere in the text."""
    regions = hidden_regions(text)
    place = bisect_right(regions, start, key=lambda region: region.end)
    while place < len(regions) and regions[place].start < end:
        yield regions[place]
        place += 1


def _regions(text: str) -> tuple[Region, ...]:
    found: list[Region] = []
    opened: tuple[str, int, Kind] | None = None
    depth = 0
    for match in _marks(text):
        tag = (match["tag"] or "").lower()
        if opened and tag == opened[0]:
            depth += -1 if match["close"] or tag in _FLAT else 1
            if not depth:
                end = match.end() if match["close"] else match.start()
                found.append(Region(opened[1], end, opened[2]))
                opened = None
        if opened:
            continue
        if match["comment"]:
            found.append(Region(*match.span(), "comment"))
        elif not match["close"] and tag not in _VOID:
            kind = _hiding(match["attributes"])
            opened, depth = (tag, match.start(), kind) if kind else None, 1
    if opened:
        found.append(Region(opened[1], len(text), opened[2]))
    return tuple(found)


def _marks(text: str) -> Iterator[re.Match[str]]:
    """Yield the comments and tags of a text but for those in Markdown's code.

    Markdown knows no code in HTML, which goes on to the next blank line.
    """
    at, html = 0, _HTML.match(text)
    while match := _SCAN.search(text, at):
        blank = text.rfind("\n\n", at, match.start())
        html = _HTML.match(text, blank) if blank >= 0 else html
        code = "fence" if match["fence"] else "ticks" if match["ticks"] else None
        if code is None:
            at = match.end()
            yield match
        elif html:
            at = match.end(code)
        else:
            at = match.end()


def _hiding(attributes: str) -> Kind | None:
    white = _WHITE.search(attributes) and not _BACKGROUND.search(attributes)
    if white or _DISGUISED.search(attributes):
        return "disguised"
    folded = _FOLDED.search(attributes) or _ATTRIBUTE.search(_QUOTED.sub('""', attributes))
    return "folded" if folded else None
