"""The home page and the page of one source."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page, expect

from assistant.widget.pages import DocumentLink, document_page, home_page
from assistant.widget.source_text import source_html
from tests.browser.conftest import Watch
from tests.browser.scripted import Scripted

HOSTILE = "</title><script>alert(1)</script>\u202e\x00\x07\"'&<b> ${x} $title"


def document(text: str, start: int | None = None, end: int | None = None) -> str:
    """Return a document page with hostile surroundings."""
    return document_page(title=HOSTILE, path=HOSTILE, url=None, text=text, start=start, end=end)


@pytest.mark.parametrize(
    ("start", "end"), [(-1, 2), (3, 2), (2, 2), (0, 4), (4, 5), (1, None), (None, 1)]
)
def test_a_span_that_is_not_there_is_refused_by_name(start: int | None, end: int | None) -> None:
    """A reversed, empty, half or outlying range raises an error that names it."""
    with pytest.raises(ValueError, match=f"start={start}, end={end} .* <= 3 is needed"):
        document("a😀b", start, end)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://[", "//evil.example", "data:,x"])
def test_an_address_that_is_not_of_the_web_is_text(url: str) -> None:
    """Only http and https addresses of a document become links; others are shown as they stand."""
    page = document_page(title="T", path="p", url=url, text="x", start=None, end=None)
    assert f"<bdi>{url}</bdi>" in page
    assert f'href="{url}' not in page


def test_a_web_address_is_a_link() -> None:
    """The document's own address can be followed."""
    url = "https://example.org/?a=1&b=2"
    page = document_page(title="T", path="p", url=url, text="x", start=None, end=None)
    assert '<a href="https://example.org/?a=1&amp;b=2" rel="noopener">' in page


@given(st.text(), st.text(), st.text())
def test_no_text_breaks_out_of_a_page(before: str, quote: str, after: str) -> None:
    """Any text, path, title or span leaves the tags of the page the same, and it can be sent."""
    tags = document("x", 0, 1).count("<")
    page = document(f"x{before}x{quote}{after}", len(before) + 1, len(before) + len(quote) + 2)
    assert page.count("<") - page.count('<details class="front-matter">') * 4 == tags
    home = home_page(title=before, embed_src=quote, documents=[DocumentLink(after, before)])
    assert home.count("<") == home_page(
        title="", embed_src="", documents=[DocumentLink("", "")]
    ).count("<")
    assert page.encode()
    assert home.encode()


@pytest.mark.parametrize(
    "text",
    [
        "\n\n  two line feeds and spaces first\n\ttab\n",
        "---\ntitle: <x>\n---\n\n# Heading & *stars*\n",
        "👩‍⚕️ e\u0301 \u202eright to left\u202c \ufeff \x0c \x1b \x85 \u2028 end\n",
        "a\r\nb\rc",
    ],
)
def test_the_page_shows_the_canonical_text_faithfully(page: Page, text: str) -> None:
    """The text in the browser is the document's, code point for code point, with any mark."""
    for start in range(0, len(text), 3):
        page.set_content(document(text, start, start + 1))
        shown = page.locator(".text").evaluate("(element) => element.textContent")
        assert shown == text
        assert page.locator("#quote").evaluate("(mark) => mark.textContent") == text[start]


def test_what_html_cannot_hold_is_made_visible(page: Page) -> None:
    """A NUL or a lone surrogate is shown as a symbol in its place, so that offsets still count."""
    page.set_content(document("a\x00b\ud800c", 3, 4))
    assert page.locator(".text").text_content() == "a␀b\ufffdc"
    assert page.locator("#quote").text_content() == "\ufffd"


class _Text(HTMLParser):
    """What a browser takes for the text of a page's `.text`, without a browser."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = ""

    def handle_data(self, data: str) -> None:
        self.shown += data


@given(st.text(alphabet="#ab \n`~-<&😀", max_size=60), st.data())
def test_headings_and_folds_cost_no_code_point(text: str, data: st.DataObject) -> None:
    """Whatever is set apart of a Markdown file, its text stays as it is, with any span marked."""
    start: int | None = None
    end: int | None = None
    if text and data.draw(st.booleans()):
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, len(text)))
    html = source_html(text, path="a.MD", start=start, end=end)
    parser = _Text()
    parser.feed(html)
    parser.close()
    assert parser.shown == text
    if start is not None:
        assert html.count("<mark") == 1


def test_headings_of_a_markdown_file_look_and_count_as_such(page: Page) -> None:
    """A heading is one to whoever looks or listens, signs and all; in code, or cut, it is text."""
    text = "# One\n\nText.\n\n```\n# no\n~~~\n```\n### Two # x\n#no\nsee # no\n## Three\n"
    shown = document_page(title="T", path="a.md", url=None, text=text, start=10, end=12)
    page.set_content(shown)
    headings = page.locator(".text").get_by_role("heading")
    expect(headings).to_have_text(["# One", "### Two # x", "## Three"])
    expect(page.locator(".text").get_by_role("heading", level=3)).to_have_count(1)
    start = text.index("ree")
    cut = document_page(title="T", path="a.md", url=None, text=text, start=start, end=start + 3)
    page.set_content(cut)
    expect(headings).to_have_text(["# One", "### Two # x"])
    page.set_content(document_page(title="T", path="a.txt", url=None, text=text, start=1, end=2))
    expect(headings).to_have_count(0)


def test_front_matter_is_set_apart_but_stays(page: Page) -> None:
    """Front matter is folded away under a name, unless the span asked for lies in it."""
    text = "---\ntitle: x\n---\nBody."
    page.set_content(document(text, 17, 21))
    assert page.locator(".front-matter").text_content() == "---\ntitle: x\n---\n"
    page.get_by_label("About this file").click()
    expect(page.locator(".front-matter")).to_have_attribute("open", "")
    page.set_content(document(text, 5, 9))
    expect(page.locator(".front-matter")).to_have_count(0)


def test_an_address_without_the_fragment_brings_the_quote_into_view_too(
    page: Page, scripted: Scripted
) -> None:
    """`?start=&end=` alone focuses the mark; without a span there is none, and no script error."""
    page.set_viewport_size({"width": 600, "height": 300})
    page.goto(f"{scripted.url}/documents/pores?start=60&end=70")
    expect(page.locator("#quote")).to_be_focused()
    expect(page.locator("#quote")).to_be_in_viewport()
    page.goto(f"{scripted.url}/documents/pores")
    expect(page.locator("mark")).to_have_count(0)


def test_the_home_page_shows_the_line_to_copy_and_the_documents(
    page: Page, scripted: Scripted, watch: Watch
) -> None:
    """The embed line is there to copy, the documents are listed, and nothing fails to load."""
    page.goto(scripted.url)
    line = (
        f'<script src="{scripted.url}/widget.js" data-title="Ask about your skin" defer></script>'
    )
    expect(page.locator(".embed pre")).to_have_text(line)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the line").click()
    expect(page.get_by_text("Copied.", exact=True)).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == line
    page.get_by_role("link", name="Rough texture").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rough texture")
    expect(page.locator(".text")).to_contain_text("Dryness and sun damage")
    assert watch.console == []
