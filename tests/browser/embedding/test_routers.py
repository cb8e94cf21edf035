"""On pages whose router replaces the body instead of loading the next page: one widget goes on."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.bodies import GENES, OILY, answer, citation
from tests.browser.conftest import Chat
from tests.browser.embedding.routers import (
    FLOATING,
    INLINE,
    MORPHING,
    ROUTERS,
    SWAPPING,
    TURBO,
)
from tests.browser.scripted import DONE, FIRST, META, QUESTION, SCRIPT, SECOND, Reply, Scripted
from tests.browser.waiting import until


@dataclass(frozen=True)
class Site:
    """Two pages with a link to each other."""

    page: Page

    def go(self, name: str) -> None:
        """Follow the link, and wait until the router is done."""
        self.page.get_by_role("link", name=name).click()
        self.arrived(name)

    def arrived(self, name: str) -> None:
        """Wait until the page shows, with one widget."""
        expect(self.page.get_by_role("heading", level=1, name=name)).to_be_visible()
        expect(self.widgets).to_have_count(1)

    @property
    def widgets(self) -> Locator:
        """Every widget of the page."""
        return self.page.locator("footnote-chat")

    def kept(self, *questions: str) -> None:
        """Expect one conversation, of these questions."""
        expect(self.page.locator(".question")).to_have_text(
            [f"You asked: {question}" for question in questions]
        )


def _site(
    page: Page, scripted: Scripted, *, head: str, body: str, languages: str = "en en"
) -> Site:
    """Open the first of two pages; `globalThis.loads` counts what the browser itself loads."""
    number = len(scripted.hosts)
    names = ("Alpha", "Beta")
    addresses: list[str] = []
    for place, (name, lang) in enumerate(zip(names, languages.split(), strict=True)):
        other = names[1 - place]
        address = scripted.host(
            f'<!doctype html><html lang="{lang}"><head><title>{name}</title>{head}</head>'
            f'<body hx-boost:inherited="true"><h1>{name}</h1>'
            f'<a href="page-{number + 1 - place}">{other}</a>{body}</body></html>'
        )
        addresses.append(address)
    page.add_init_script("globalThis.mark = Math.random()")
    page.goto(addresses[0])
    return Site(page)


def _both(router: str, tag: str) -> dict[str, str]:
    """Return where the tag of the widget stands: in the head or in the body."""
    library = ROUTERS[router]
    return {
        "head": library + (FLOATING if tag == "head" else ""),
        "body": FLOATING * (tag == "body"),
    }


@pytest.mark.parametrize("tag", ["head", "body"])
@pytest.mark.parametrize("router", ROUTERS)
def test_one_widget_goes_on_with_its_conversation_open(
    page: Page, scripted: Scripted, router: str, tag: str
) -> None:
    """Forth, back and forth again: one widget, open as it was, with what was asked and typed."""
    site = _site(page, scripted, **_both(router, tag))
    mark = page.evaluate("globalThis.mark")
    chat = Chat(page)
    page.get_by_role("button", name="Ask us").click()
    scripted.will(answer(citation(GENES)), answer(citation(OILY)))
    chat.ask("Why?")
    chat.finished(GENES)
    chat.input.fill("A draft")
    site.go("Beta")
    expect(page.get_by_role("dialog")).to_be_visible()
    site.kept("Why?")
    expect(chat.input).to_have_value("A draft")
    page.go_back()
    site.arrived("Alpha")
    site.kept("Why?")
    page.go_forward()
    site.arrived("Beta")
    expect(page.get_by_role("dialog")).to_be_visible()
    chat.ask("And oil?")
    chat.finished(OILY)
    site.kept("Why?", "And oil?")
    assert len(scripted.asked[-1].history) == 2
    page.keyboard.press("Escape")
    site.go("Alpha")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Ask us")).to_be_visible()
    assert page.evaluate("globalThis.mark") == mark  # the browser has loaded one page


@pytest.mark.parametrize("router", ROUTERS)
@pytest.mark.parametrize("inline", [True, False])
def test_an_answer_that_is_under_way_arrives_on_the_next_page(
    page: Page, scripted: Scripted, router: str, *, inline: bool
) -> None:
    """An answer goes on coming in while the body is replaced; at worst it is asked for again."""
    body = INLINE + SCRIPT if inline else FLOATING
    site = _site(page, scripted, head=ROUTERS[router], body=body)
    chat = Chat(page)
    if not inline:
        page.get_by_role("button", name="Ask us").click()
    scripted.will(Reply([META, FIRST, 1.5, SECOND, DONE]))
    chat.ask(QUESTION)
    expect(chat.log).to_contain_text(GENES)
    site.go("Beta")
    site.kept(QUESTION)
    if router == "rewriting":  # as after a reload
        scripted.will(answer(citation(OILY)))
        chat.retry.click()
    chat.finished(OILY)
    site.go("Alpha")
    chat.finished(OILY)
    site.kept(QUESTION)
    assert len(scripted.asked) == (2 if router == "rewriting" else 1)


@pytest.mark.parametrize("router", ROUTERS)
def test_haste_leaves_one_widget(page: Page, scripted: Scripted, router: str) -> None:
    """Back and forth before anything has come to rest: one widget, and nothing is thrown."""
    site = _site(page, scripted, **_both(router, "body"))
    page.get_by_role("button", name="Ask us").click()
    scripted.will(answer(citation(GENES)), answer(citation(OILY)))
    chat = Chat(page)
    chat.ask("Why?")
    chat.finished(GENES)
    site.go("Beta")
    page.evaluate(
        "async () => { for (const step of [-1, 1, -1, 1, -1]) {"
        "  history.go(step); await new Promise((done) => setTimeout(done, 30)); } }"
    )
    site.arrived("Alpha")
    site.kept("Why?")
    chat.ask("And oil?")
    chat.finished(OILY)
    site.kept("Why?", "And oil?")


def test_a_page_that_is_morphed_keeps_its_widget(page: Page, scripted: Scripted) -> None:
    """Turbo's refresh takes out what the new page does not name; the widget of a tag stays."""
    site = _site(page, scripted, head=MORPHING + FLOATING, body="")
    page.get_by_role("button", name="Ask us").click()
    scripted.will(answer(citation(GENES)))
    chat = Chat(page)
    chat.ask("Why?")
    chat.finished(GENES)
    page.evaluate(
        "() => { addEventListener('turbo:render', () => { globalThis.rendered = true });"
        "Turbo.visit(location.href, { action: 'replace' }) }"
    )
    until(page, "globalThis.rendered")
    site.arrived("Alpha")
    site.kept("Why?")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_a_page_without_the_tag_has_no_widget(page: Page, scripted: Scripted) -> None:
    """The widget goes with its tag, and comes back with it as it was."""
    without = len(scripted.hosts)
    link = '<h1>{}</h1><a href="page-{}">{}</a>'
    scripted.host(
        f"<!doctype html><title>No</title>{TURBO}{link.format('Bare', without + 1, 'Home')}"
    )
    home = scripted.host(
        f"<!doctype html><title>Yes</title>{TURBO}<body>"
        f"{link.format('Home', without, 'Bare')}{FLOATING}"
    )
    page.goto(home)
    page.get_by_role("button", name="Ask us").click()
    scripted.will(answer(citation(GENES)))
    chat = Chat(page)
    chat.ask("Why?")
    chat.finished(GENES)
    page.get_by_role("link", name="Bare").click()
    expect(page.get_by_role("heading", level=1, name="Bare")).to_be_visible()
    expect(page.locator("footnote-chat")).to_have_count(0)
    page.get_by_role("link", name="Home").click()
    expect(chat.log).to_contain_text(GENES)
    expect(page.locator("footnote-chat")).to_have_count(1)


def test_a_site_can_take_the_widget_away(page: Page, scripted: Scripted) -> None:
    """remove() is meant; it comes back when the tag runs again."""
    site = _site(page, scripted, head=SWAPPING, body=FLOATING)
    expect(site.widgets).to_have_count(1)
    page.evaluate("document.querySelector('footnote-chat').remove()")
    page.wait_for_timeout(100)
    expect(site.widgets).to_have_count(0)
    site.go("Beta")


def test_the_next_page_is_in_its_own_language(page: Page, scripted: Scripted) -> None:
    """Words follow the language of the page, around the same conversation."""
    site = _site(page, scripted, head=TURBO + FLOATING, body="", languages="en zh")
    page.get_by_role("button", name="Ask us").click()
    scripted.will(answer(citation(GENES)))
    chat = Chat(page)
    chat.ask("Why?")
    chat.finished(GENES)
    site.go("Beta")
    expect(page.get_by_role("textbox", name="您的问题")).to_be_visible()
    expect(page.locator(".question")).to_have_text([re.compile("Why")])
    site.go("Alpha")
    expect(chat.input).to_be_visible()


def test_on_a_phone_the_open_panel_stays_modal(page: Page, scripted: Scripted) -> None:
    """An element that is put back is no longer modal by itself."""
    page.set_viewport_size({"width": 360, "height": 700})
    site = _site(page, scripted, **_both("turbo", "head"))
    page.get_by_role("button", name="Ask us").click()
    page.evaluate("document.querySelector('a').click()")
    expect(page.get_by_role("dialog")).to_be_visible()
    until(page, "document.title === 'Beta'")
    expect(page.locator("dialog:modal")).to_be_visible()
    expect(site.widgets).to_have_count(1)


def test_an_inline_widget_that_is_made_anew_goes_on(page: Page, scripted: Scripted) -> None:
    """A framework that puts the new element in before or after it takes the old one out."""
    page.goto(
        scripted.host(
            f'<!doctype html><html lang="en"><title>Host</title><main>{INLINE}</main>{SCRIPT}'
        )
    )
    chat = Chat(page)
    for place, way in enumerate(("before", "after", "replaceWith")):
        scripted.will(Reply([META, FIRST, 0.6, SECOND, DONE]))
        chat.ask(f"Question {place}?")
        expect(page.get_by_role("button", name="Stop")).to_be_visible()
        page.evaluate(
            "(way) => { const old = document.querySelector('footnote-chat');"
            "const made = document.createElement('footnote-chat'); made.setAttribute('inline', '');"
            "old[way](made); if (old.isConnected) old.parentNode.removeChild(old); }",
            way,
        )
        expect(page.locator("footnote-chat")).to_have_count(1)
        chat.finished(OILY)
        expect(page.locator(".question")).to_have_count(place + 1)
    page.evaluate(
        "() => { globalThis.heard = 0;"
        "document.addEventListener('footnote-answer', () => { globalThis.heard += 1 }) }"
    )
    scripted.will(answer(citation(GENES)))
    chat.ask("And?")
    chat.finished("And?")
    expect(page.locator(".question")).to_have_count(4)
    until(page, "globalThis.heard === 1")
    assert [len(asked.history) for asked in scripted.asked] == [0, 2, 4, 6]
    page.reload()
    expect(page.locator(".question")).to_have_count(4)
