"""The widget on somebody else's page."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.bodies import GENES, OILY, answer, citation, refusal
from tests.browser.conftest import Chat, Watch
from tests.browser.scripted import Scripted

FLOATING = (
    '<!doctype html><html lang="en"><title>Host</title><h1>Host</h1><button>Before</button>{}'
)
SCRIPT = '<script src="/widget.js" data-title="Ask about your skin" defer></script>'
STRICT = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'"
)
HOSTILE = """<style>
html { direction: rtl; font-size: 5px;
  letter-spacing: 4px; line-height: 3; text-transform: uppercase }
body { color: red; font-family: monospace; text-align: center; word-spacing: 9px; cursor: wait }
body * { all: unset; display: none !important; opacity: 0 !important; visibility: hidden !important;
  position: static !important; transform: rotate(3deg) !important; width: 3px !important;
  pointer-events: none !important; filter: blur(9px) !important; color: lime !important }
* { box-sizing: content-box; border: 0 solid; margin: 0; --accent: red !important }
div { display: none } button { all: revert } ul { list-style: square inside } svg { display: block }
footnote-chat { display: none !important; --paper: red !important; font-size: 40px !important;
  margin: 99px !important }
button, textarea, dialog { border: 9px solid red !important; background: url(/host.png) !important }
</style>"""


def launcher(page: Page) -> Locator:
    """Return the floating button."""
    return page.get_by_role("button", name="Ask about your skin")


def test_one_script_tag_is_enough_under_a_strict_policy(
    page: Page, scripted: Scripted, watch: Watch
) -> None:
    """The tag alone gives a working conversation on a page that allows scripts and nothing else."""
    scripted.ratable = True
    scripted.will(answer(citation(GENES)), refusal(citation(OILY)))
    page.goto(scripted.host(FLOATING.format(SCRIPT + SCRIPT), STRICT))
    expect(page.locator("footnote-chat")).to_have_count(1)
    launcher(page).click()
    chat = Chat(page)
    chat.ask("Why?")
    chat.finished(GENES)
    chat.footnote(1).hover()
    expect(page.get_by_role("note")).to_be_visible()
    chat.footnote(1).click()
    page.get_by_role("button", name="Yes, helpful").click()
    expect(page.locator(".told")).to_contain_text("Thank you")
    page.get_by_role("button", name="Copy answer and sources").click()
    chat.ask("Cost?")
    chat.finished("No answer")
    page.get_by_role("button", name="Edit this question").click()
    panel = page.get_by_role("dialog")
    assert panel.evaluate("panel => getComputedStyle(panel).position") == "fixed"
    assert not [text for text in watch.console if "policy" in text.lower()]
    assert {urlsplit(url).netloc for url in watch.requests} == {urlsplit(scripted.url).netloc}


def test_the_product_page_asks_nothing_of_any_other_origin(
    chat: Chat, scripted: Scripted, watch: Watch
) -> None:
    """A whole conversation on our own page stays on our own server, without a console error."""
    scripted.will(answer(citation(GENES)))
    chat.ask("Why?")
    chat.finished(GENES)
    addresses = [urlsplit(url) for url in watch.requests]
    assert {url.netloc for url in addresses if url.scheme != "data"} == {
        urlsplit(scripted.url).netloc
    }
    assert watch.console == []


def test_the_api_is_found_beside_the_script_on_another_origin(
    page: Page, scripted: Scripted, watch: Watch
) -> None:
    """Embedded by another site, the widget talks to the server that its script came from."""
    scripted.will(answer(citation(GENES)))
    script = (
        f'<script src="{scripted.url}/widget.js" data-title="Ask about your skin" defer></script>'
    )
    page.goto(scripted.host(FLOATING.format(script)).replace("127.0.0.1", "localhost"))
    launcher(page).click()
    chat = Chat(page)
    chat.ask("Why?")
    chat.finished(GENES)
    href = page.get_by_role("list", name="Sources").get_by_role("link").get_attribute("href") or ""
    assert href.startswith(f"{scripted.url}/documents/pores?")
    assert f"{scripted.url}/ask" in watch.requests


def test_a_floating_panel_takes_the_focus_and_gives_it_back(page: Page, scripted: Scripted) -> None:
    """Opening moves focus into a named dialog; Escape first closes a footnote, then the dialog."""
    scripted.will(answer(citation(GENES)))
    page.goto(scripted.host(FLOATING.format(SCRIPT)))
    expect(page.get_by_role("dialog")).to_have_count(0)
    launcher(page).focus()
    page.keyboard.press("Enter")
    chat = Chat(page)
    panel = page.get_by_role("dialog", name="Ask about your skin")
    expect(panel).to_be_visible()
    expect(chat.input).to_be_focused()
    chat.ask("Why?")
    chat.finished(GENES)
    chat.footnote(1).click()
    page.keyboard.press("Escape")
    expect(panel).to_be_visible()
    expect(chat.footnote(1)).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(launcher(page)).to_be_focused()
    launcher(page).press("Enter")
    expect(chat.log).to_contain_text(GENES)
    page.get_by_role("button", name="Close").click()
    expect(launcher(page)).to_be_focused()


def test_a_site_can_open_close_and_ask(page: Page, scripted: Scripted) -> None:
    """open(), close() and ask() do what their names say; focus returns to the site's own button."""
    scripted.will(answer(citation(GENES)))
    page.goto(scripted.host(FLOATING.format(SCRIPT)))
    page.get_by_role("button", name="Before").focus()
    page.evaluate("document.querySelector('footnote-chat').ask('Why?')")
    Chat(page).finished(GENES)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.evaluate("document.querySelector('footnote-chat').close()")
    expect(page.get_by_role("button", name="Before")).to_be_focused()
    page.evaluate("document.querySelector('footnote-chat').open()")
    expect(Chat(page).input).to_be_focused()
    assert scripted.asked[0].question == "Why?"


def _settled(page: Page) -> bytes:
    """Take a screenshot once two in a row are alike: scrolling and focus are at rest."""
    before = b""
    for _ in range(20):
        shot = page.screenshot(animations="disabled", caret="hide")
        if shot == before:
            return shot
        before = shot
        page.wait_for_timeout(150)
    pytest.fail("the page does not come to rest")


@pytest.mark.parametrize("attribute", ["", "inline"])
def test_hostile_styles_of_the_page_change_nothing(
    page: Page, scripted: Scripted, attribute: str
) -> None:
    """Global rules, resets and !important of the host leave the widget the same to the pixel."""
    page.set_viewport_size({"width": 700, "height": 800})
    shots: list[bytes] = []
    element = f"<footnote-chat {attribute} data-title='Ask about your skin'></footnote-chat>"
    for style in (
        "<style>body { margin: 0 }</style>",
        f"{HOSTILE}<style>body {{ margin: 0 }}</style>",
    ):
        scripted.will(answer(citation(GENES)))
        page.goto(
            scripted.host(f"<!doctype html><title>Host</title>{style}<body>{element}{SCRIPT}")
        )
        page.evaluate("sessionStorage.clear()")
        page.reload()
        page.evaluate("document.querySelector('footnote-chat').ask('Why?')")
        chat = Chat(page)
        chat.finished(GENES)
        chat.footnote(1).click()
        shots.append(_settled(page))
    assert shots[0] == shots[1]


def test_our_styles_do_not_leak_into_the_page(page: Page, scripted: Scripted) -> None:
    """Elements of the host keep their computed style when the widget is on the page."""
    styles: list[str] = []
    for script in ("", SCRIPT):
        page.goto(scripted.host(FLOATING.format(script)))
        styles.append(
            page.evaluate(
                "[...document.querySelectorAll('html, body, h1, body > button')]"
                ".map((one) => getComputedStyle(one))"
                ".map((style) => [...style].map((name) => style[name])).join()"
            )
        )
    assert styles[0] == styles[1]


@pytest.mark.parametrize("path", ["/", "floating", "/documents/pores?start=20&end=30"])
def test_a_narrow_screen_never_scrolls_sideways(page: Page, scripted: Scripted, path: str) -> None:
    """At 320 CSS pixels everything fits, with unbreakable words, notes open and errors shown."""
    page.set_viewport_size({"width": 320, "height": 640})
    word = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 3
    scripted.suggestions = [word]
    page.goto(scripted.host(FLOATING.format(SCRIPT)) if path == "floating" else scripted.url + path)
    if path == "floating":
        launcher(page).click()
    if not path.startswith("/documents"):
        chat = Chat(page)
        expect(page.get_by_role("button", name=word)).to_be_visible()
        for reply in (
            answer(citation(GENES, title=word, url=f"https://{word[:60]}.example/")),
            refusal(),
        ):
            scripted.will(reply)
            chat.ask(word)
            chat.finished("Sources" if reply["citations"] else "No answer")
        chat.footnote(1).click()
        assert chat.log.evaluate("log => log.scrollWidth - log.clientWidth") == 0
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width == 320


def test_on_a_phone_the_panel_is_a_modal_that_fills_the_screen(
    page: Page, scripted: Scripted
) -> None:
    """On a small screen the dialog is modal and as large as it; turning the phone keeps it open."""
    page.set_viewport_size({"width": 360, "height": 700})
    page.goto(
        scripted.host(
            '<meta name="viewport" content="width=device-width">' + FLOATING.format(SCRIPT)
        )
    )
    launcher(page).click()
    panel = page.get_by_role("dialog")
    expect(panel).to_be_focused()
    assert panel.bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 700}
    assert panel.evaluate("panel => panel.matches(':modal')")
    page.set_viewport_size({"width": 1000, "height": 700})
    expect(panel).to_be_visible()
    assert not panel.evaluate("panel => panel.matches(':modal')")
    page.set_viewport_size({"width": 360, "height": 700})
    expect(page.locator("dialog:modal")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(launcher(page)).to_be_focused()


def test_every_target_is_large_enough(chat: Chat, scripted: Scripted) -> None:
    """Buttons, links and summaries are at least 24 by 24 CSS pixels."""
    scripted.ratable = True
    scripted.will(answer(citation(GENES, url="https://example.org/")), refusal(citation(OILY)))
    for question in ("Why?", "Cost?"):
        chat.ask(question)
        chat.finished("The sources do not say" if question == "Cost?" else GENES)
    chat.footnote(1).click()
    chat.page.get_by_text("Closest in the sources").click()
    targets = chat.page.locator("footnote-chat").locator(
        "button:visible, a:visible, summary:visible"
    )
    boxes = [target.bounding_box() for target in targets.all()]
    assert len(boxes) >= 13
    assert all(box and box["width"] >= 24 and box["height"] >= 24 for box in boxes)
