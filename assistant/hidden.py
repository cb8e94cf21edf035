"""Where a text hides what it says from the people who read the page that is made of it.

Owns what counts as hidden in HTML and Markdown: comments, elements with ``hidden`` and styles that
leave nothing to see. What stands in Markdown's code is shown as it is, and hides nothing.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from index.records import Span

_STYLE = re.compile(
    r"(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?!\.?\d)|opacity\s*:\s*0(?!\.?\d)"
    r"|(?<!-)color\s*:\s*(?:#fff(?:fff)?\b|white\b|transparent\b|rgba?\(\s*255\s*,\s*255\s*,\s*255)"
    r"|(?:left|top|text-indent)\s*:\s*-\d{3,})",
    re.IGNORECASE,
)
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


@lru_cache(maxsize=8)
def hidden_regions(text: str) -> tuple[Span, ...]:
    """Return where a text hides what it says: first code point and one past it, in order, apart.

    What is hidden and never closed is hidden to the end, as a browser has it.
    """
    return _regions(text)


def hides(text: str) -> bool:
    """Say whether a sentence hides something."""
    return "<" in text and bool(_regions(text))


def is_hidden(text: str, start: int, end: int) -> bool:
    """Say whether something of a span of a text is hidden, by what stands anywhere in the text."""
    regions = hidden_regions(text)
    place = bisect_right(regions, start, key=lambda region: region[1])
    return place < len(regions) and regions[place][0] < end


def _regions(text: str) -> tuple[Span, ...]:
    found: list[Span] = []
    opened: tuple[str, int] | None = None
    depth = 0
    for match in _marks(text):
        tag = (match["tag"] or "").lower()
        if opened and tag == opened[0]:
            depth += -1 if match["close"] or tag in _FLAT else 1
            if not depth:
                found.append((opened[1], match.end() if match["close"] else match.start()))
                opened = None
        if opened:
            continue
        if match["comment"]:
            found.append(match.span())
        elif not match["close"] and tag not in _VOID and _hides(match["attributes"]):
            opened, depth = (tag, match.start()), 1
    if opened:
        found.append((opened[1], len(text)))
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


def _hides(attributes: str) -> bool:
    return bool(_STYLE.search(attributes) or _ATTRIBUTE.search(_QUOTED.sub('""', attributes)))
