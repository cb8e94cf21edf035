"""The two HTML pages, and the files they load.

It owns the markup around what they show. It knows nothing of HTTP, of the index or of what a
document means: text and addresses come in, a page goes out. No page carries an inline script or
style, so each works under `script-src 'self'; style-src 'self'`.
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha384
from html import escape
from importlib.resources import files
from string import Template
from urllib.parse import urlsplit

from assistant.widget.source_text import escaped, source_html

# Explicit embeddings, overrides and isolates (UAX #9): they reorder whatever stands around them.
_BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """A document as the home page lists it: its title and the address of its page."""

    title: str
    href: str


def home_page(*, title: str, embed_src: str, documents: Sequence[DocumentLink]) -> str:
    """Return the page at `/`: the widget, usable at once, and the line that puts it elsewhere.

    `embed_src` is the absolute address of `widget.js` as other sites would write it.
    """
    line = _line(title)
    embed = embed_line(title=title, src=embed_src)
    items = "\n".join(
        f'<li><a href="{escaped(link.href)}"><bdi>{escaped(_line(link.title))}</bdi></a></li>'
        for link in documents
    )
    return _template("home.html").substitute(
        head_title=escaped(_BIDI_CONTROLS.sub("", line)),
        title=escaped(line),
        embed=escaped(embed),
        documents=items,
    )


def embed_line(*, title: str, src: str, integrity: str | None = None) -> str:
    """Return the one line that puts the widget on any page.

    With ``integrity`` (see ``widget_integrity``) a browser runs the file only if it is this one.
    """
    held = f' integrity="{integrity}" crossorigin="anonymous"' if integrity else ""
    return f'<script src="{escape(src)}"{held} data-title="{escape(_line(title))}" defer></script>'


def document_page(
    *,
    title: str,
    path: str,
    url: str | None,
    text: str,
    start: int | None,
    end: int | None,
) -> str:
    """Return a page that shows `text` as it is, with the span `[start:end)` marked `#quote`.

    `start` and `end` count code points; both or neither are given. `url` becomes a link only if it
    is an http or https address. Raises ValueError naming the range if it is not a span of `text`.
    """
    line = _line(title)
    return _template("document.html").substitute(
        head_title=escaped(_BIDI_CONTROLS.sub("", line)),
        title=escaped(line),
        path=escaped(_line(path)),
        origin="" if url is None else _origin(url),
        notice="" if start is None else _NOTICE,
        text=source_html(text, path=path, start=start, end=end),
    )


def widget_js() -> bytes:
    """Return the widget, for `/widget.js`."""
    return _file("widget.js")


def widget_integrity() -> str:
    """Return the widget's hash as a page's ``integrity`` attribute takes it (W3C SRI, SHA-384)."""
    return f"sha384-{b64encode(sha384(widget_js()).digest()).decode()}"


def home_js() -> bytes:
    """Return what copies the embed line, for `/home.js`."""
    return _file("home.js")


def page_css() -> bytes:
    """Return the style sheet of both pages, for `/page.css`."""
    return _file("page.css")


def document_js() -> bytes:
    """Return what brings the quote into view, for `/document.js`."""
    return _file("document.js")


_NOTICE = '<p class="notice"><a href="#quote">Go to the highlighted passage</a></p>'


def _origin(url: str) -> str:
    shown = f"<bdi>{escaped(_line(url))}</bdi>"
    if _is_web_address(url):
        shown = f'<a href="{escaped(url)}" rel="noopener">{shown}</a>'
    return f"<dt>Published at</dt><dd>{shown}</dd>"


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:  # an address no browser could open either, such as "http://["
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def _line(text: str) -> str:
    """Make one line of a title or path: control characters have no meaning in either."""
    return _CONTROLS.sub(" ", text).strip()


def _template(name: str) -> Template:
    return Template(_file(name).decode())


def _file(name: str) -> bytes:
    return files(__package__).joinpath(name).read_bytes()
