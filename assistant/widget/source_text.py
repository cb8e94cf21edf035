"""A document's canonical text as HTML that reads well and loses no code point.

Owns what is escaped, and the looks of the marked span, of front matter and of Markdown headings:
they are set apart, and every sign of them stays, so that offsets go on counting. It knows nothing
of pages, and of a document no more than its text and the name of its file.
"""

import re
from collections.abc import Iterator
from html import escape

# UTF-8 has no lone surrogate, but a str may hold one.
_SURROGATES = re.compile("[\ud800-\udfff]")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
# A line, and what it is if it opens a heading or a block of code (CommonMark 4.2, 4.5).
_LINE = re.compile(
    r"^(?:(?P<fence> {0,3}(?:```|~~~))|(?P<hashes>#{1,6}[ \t]+)(?=\S))?[^\n]*", re.MULTILINE
)
# Its own text would be text of the document; a label is not.
_FOLDED = '<details class="front-matter"><summary aria-label="About this file"></summary>'


def source_html(text: str, *, path: str, start: int | None, end: int | None) -> str:
    """Return ``text`` as HTML with the span ``[start:end)`` of code points marked ``#quote``.

    Both offsets or neither are given. Raises ValueError naming the range if it is no span of
    ``text``.
    """
    if start is None and end is None:
        start = end = len(text)
        mark = ""
    elif start is None or end is None or not 0 <= start < end <= len(text):
        raise ValueError(
            f"start={start}, end={end} is not a span of this document: "
            f"0 <= start < end <= {len(text)} is needed"
        )
    else:
        mark = f'<mark id="quote" tabindex="-1">{escaped(text[start:end])}</mark>'
    matter = _FRONT_MATTER.match(text)
    body = matter.end() if matter and matter.end() <= start else 0
    folded = f"{_FOLDED}{escaped(text[:body])}</details>" if body else ""
    markdown = path.lower().endswith((".md", ".markdown"))
    headings = list(_headings(text, body)) if markdown else []
    before = _with_headings(text, body, start, headings)
    return folded + before + mark + _with_headings(text, end, len(text), headings)


def escaped(text: str) -> str:
    """Escape for HTML so that the page's text is `text`, code point for code point.

    What HTML can't hold is made visible instead of dropped, since offsets count it: a NUL becomes
    its control picture, a lone surrogate the replacement character. A bare carriage return would
    be read as a line feed; its character reference is not.
    """
    visible = _SURROGATES.sub("\ufffd", text.replace("\x00", "\u2400"))
    return escape(visible).replace("\r", "&#13;")


def _headings(text: str, body: int) -> Iterator[tuple[int, int, int]]:
    """Yield start, end of the hashes and end of each heading line outside blocks of code."""
    code = ""
    for line in _LINE.finditer(text, body):
        if line["fence"]:
            fence = line["fence"].strip()
            code = "" if code == fence else code or fence
        elif line["hashes"] and not code:
            yield line.start(), line.end("hashes"), line.end()


def _with_headings(text: str, start: int, end: int, headings: list[tuple[int, int, int]]) -> str:
    """Return a span as HTML; a heading that the span holds only in part is plain text."""
    shown: list[str] = []
    for first, words, last in headings:
        if start <= first and last <= end:
            hashes = text[first:words]
            shown.append(
                f"{escaped(text[start:first])}"
                f'<span class="heading" role="heading" aria-level="{hashes.count("#")}">'
                f"<span>{escaped(hashes)}</span>{escaped(text[words:last])}</span>"
            )
            start = last
    return "".join([*shown, escaped(text[start:end])])
