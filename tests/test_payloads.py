"""Payloads in titles, quotes, file names, addresses and questions: shown at every exit, never run.

The exits are the page of a document, the terminal and the log; the widget has tests of its own.
"""

import io
from html.parser import HTMLParser

import pytest
import structlog

from assistant.api.work import logs
from assistant.cli.output import answer_text
from assistant.cli.terminal import json_text, visible
from assistant.schemas import AnswerSentence, AskResponse, Citation, Timing
from assistant.widget.pages import DocumentLink, document_page, home_page

PAYLOADS = [
    "<script>alert(1)</script>",
    "</title></textarea><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "<svg/onload=alert(1)>",
    "<!--><iframe srcdoc='<script>alert(1)</script>'>",
    "<a href=javascript:alert(1)>x</a>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "[click](javascript:alert(1)) ![x](http://evil.example/p.png)",
    "<http://evil.example> **bold** [1]: http://evil.example",
    "$head_title ${text} {{7*7}} {0} %s",
    "\x1b[2J\x1b]0;owned\x07\x1b]8;;http://evil.example\x1b\\link",
    "\x9b31m\x90q\x9c",
    "\u202egnp.exe\u2066 \u200b\u2028\u2029\ufeff",
    "a\r\nSet-Cookie: x=1\r\n\r\n<b>",
    "line\nlevel=error event=forged",
    "[bold red]markup[/bold red] :smile:",
    "\ud800 \x00",
]
# What a terminal obeys: C0 but line feed and tab, DEL, C1, and what turns or hides text.
OBEYED = {*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0))} - {"\n", "\t"}
OBEYED |= set(
    "\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


class _Tags(HTMLParser):
    """Collects every tag with the names of its attributes, and where links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[tuple[str, tuple[str, ...]]] = set()
        self.links: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add((tag, tuple(sorted(name for name, _ in attrs))))
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]


def _document(payload: str, url: str | None = None) -> _Tags:
    text = f"{payload} and more"
    end = max(1, len(payload))
    page = document_page(title=payload, path=payload, url=url, text=text, start=0, end=end)
    return _Tags(page)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_page_of_a_document_has_the_same_tags_whatever_it_shows(payload: str) -> None:
    """Neither a title, a path nor a text adds a tag, an attribute or a link."""
    plain = _document("plain")
    assert (_document(payload).found, _document(payload).links) == (plain.found, plain.links)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_home_page_has_the_same_tags_whatever_it_shows(payload: str) -> None:
    """Nor do the titles that it lists."""

    def tags(title: str) -> _Tags:
        links = [DocumentLink(title=title, href="documents/a")]
        page = home_page(title=title, embed_src="http://a.example/widget.js", documents=links)
        return _Tags(page)

    assert (tags(payload).found, tags(payload).links) == (tags("plain").found, tags("plain").links)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example",
        "http:evil.example",
        "http://[",
    ],
)
def test_only_web_addresses_become_links(url: str) -> None:
    """Anything else is shown as the text that it is."""
    assert _document("plain", url).links == _document("plain").links


def _answer(payload: str) -> AskResponse:
    citation = Citation(
        id=1,
        document_id="a",
        title=payload,
        path=payload,
        url=None,
        document_sha256="0" * 64,
        start=0,
        end=len(payload),
        quote=payload,
        display=payload,
        page=None,
        score=1.0,
    )
    return AskResponse(
        id="1",
        index_id="0" * 64,
        status="answered",
        reason=None,
        answer=f"{payload} [1]",
        sentences=[AnswerSentence(text=payload, start=0, end=len(payload), citations=[1])],
        citations=[citation],
        closest=[citation],
        confidence=0.9,
        question_used=payload,
        generator="extractive",
        timing_ms=Timing(retrieve=1, rerank=2, total=3),
    )


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_terminal_shows_and_does_not_obey(payload: str) -> None:
    """As text and as JSON, wherever in an answer the payload stands."""
    answer = _answer(payload)
    for shown in (answer_text(answer), json_text(answer.model_dump()), visible(payload)):
        assert not OBEYED & set(shown)


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("terminal", [True, False])
def test_a_log_line_is_one_line(
    payload: str, terminal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A value forges no second line, and on a terminal it is not obeyed."""
    before = structlog.get_config()
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    try:
        logs.configure(terminal=terminal)
        structlog.get_logger("test").info("request", path=payload)
    finally:
        structlog.configure(**before)
    (line,) = written.getvalue().rstrip("\n").split("\n")
    colours = {"\x1b"} if terminal else set()  # the renderer's own
    assert not (OBEYED - colours) & set(line)
    if terminal:
        assert "\x1b[2J" not in line
        assert "\x1b]" not in line
