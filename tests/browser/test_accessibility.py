"""For everyone: axe, the accessibility tree, forced colours, a phone's keyboard."""

import os
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.bodies import GENES, OILY, answer, citation, plain, refusal
from tests.browser.waiting import until
from tests.npm import SOURCE

from .conftest import Chat
from .scripted import QUESTION, Scripted, problem

AXE = SOURCE / "node_modules" / "axe-core" / "axe.min.js"
TREE = Path(__file__).with_name("conversation.aria.yml")
HOST = (
    '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">'
    "<title>Clinic</title><main><h1>Clinic</h1><p>Text of the page.</p></main><body>{}"
    '<script src="/widget.js" data-title="Ask about your skin"></script>'
)
ARABIC = "customElements.get('footnote-chat').addTexts('en', { dir: 'rtl' })"


def violations(page: Page) -> list[str]:
    """Return what axe finds wrong with the page as it is now, best practices included."""
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(AXE.read_text("utf-8"))
    found: list[dict[str, Any]] = page.evaluate(
        "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)"
    )
    return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize("look", ["light", "dark", "right to left", "320 px", "forced colours"])
def test_axe_finds_nothing(page: Page, scripted: Scripted, look: str) -> None:
    """Closed, open, answered with a card open, rated, refused, routed and failed."""
    scripted.ratable = True
    page.emulate_media(
        color_scheme="dark" if look == "dark" else "light",
        forced_colors="active" if look == "forced colours" else "none",
    )
    page.set_viewport_size({"width": 320 if look == "320 px" else 1000, "height": 900})
    page.goto(scripted.host(HOST.format("")))
    if look == "right to left":
        page.evaluate(ARABIC)
    assert violations(page) == []
    page.get_by_role("button", name="Ask about your skin").click()
    chat = Chat(page)
    expect(page.locator(".suggestions button")).to_be_visible()
    assert violations(page) == []
    scripted.will(answer(citation(GENES, 1, url="https://clinic.example/"), citation(OILY, 2)))
    chat.ask("Why?")
    chat.finished(OILY)
    chat.footnote(1).click()
    page.get_by_role("button", name="Yes, helpful").click()
    expect(page.locator(".told")).to_contain_text("Thank you")
    chat.footnote(2).hover()
    assert violations(page) == []
    scripted.will(refusal(citation(GENES)), plain("redirected", "Call us."), problem(500, "no"))
    for question, told in (("Cost?", "what it costs"), ("Mole?", "Call us."), ("?", "went wrong")):
        chat.ask(question)
        chat.finished(told)
        page.locator("summary").first.evaluate("details => details.parentElement.open = true")
    page.get_by_role("button", name="Edit this question").click()
    chat.input.fill("x" * 2001)
    assert violations(page) == []


def test_axe_sees_inside_the_widget(page: Page, scripted: Scripted) -> None:
    """Letters that a site makes too faint are found, so finding nothing means something."""
    faint = "<style>footnote-chat { --footnote-muted: #eee }</style>"
    page.goto(scripted.host(HOST.format(faint)))
    page.get_by_role("button", name="Ask about your skin").click()
    assert "color-contrast" in "".join(violations(page))


@pytest.mark.parametrize("path", ["/", "/documents/pores?start=60&end=70"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_our_own_pages(
    page: Page, scripted: Scripted, path: str, scheme: str
) -> None:
    """The home page and the page of a source, in both schemes."""
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(scripted.url + path)
    assert violations(page) == []


def test_the_tree_of_a_conversation_is_golden(page: Page, scripted: Scripted) -> None:
    """What assistive technology is given, in its order. REWRITE_GOLDEN=1 accepts a change."""
    scripted.ratable = True
    scripted.will(
        answer(citation(GENES, 1), citation(OILY, 2), lead="The sources do not agree on this:"),
        refusal(citation(GENES)),
    )
    page.goto(scripted.host(HOST.format("")))
    page.evaluate("document.querySelector('footnote-chat').ask('Why?')")
    chat = Chat(page)
    chat.finished(OILY)
    chat.footnote(1).click()
    chat.ask("Cost?")
    chat.finished("what it costs")
    tree = page.get_by_role("dialog").aria_snapshot().replace(scripted.url, "") + "\n"
    if "REWRITE_GOLDEN" in os.environ:
        TREE.write_text(tree, "utf-8")
    assert tree == TREE.read_text("utf-8")


def test_states_are_told_apart_without_our_colours(page: Page, scripted: Scripted) -> None:
    """In forced colours an open footnote and a pressed thumb still look different from the rest."""
    scripted.ratable = True
    scripted.will(answer(citation(GENES, 1), citation(OILY, 2)))
    page.emulate_media(forced_colors="active")
    page.goto(scripted.url)
    chat = Chat(page)
    chat.ask("Why?")
    chat.finished(OILY)
    chat.footnote(1).click()
    page.get_by_role("button", name="Yes, helpful").click()
    expect(page.locator(".told")).to_contain_text("Thank you")
    colour = "element => getComputedStyle(element).backgroundColor"
    assert chat.footnote(1).evaluate(colour) != chat.footnote(2).evaluate(colour)
    yes, no = (
        page.get_by_role("button", name=name) for name in ("Yes, helpful", "No, not helpful")
    )
    assert yes.evaluate(colour) != no.evaluate(colour)


def _never(_route: Route) -> None:
    """Leave a request without an answer."""


def test_nothing_moves_for_who_wants_it_still(page: Page, scripted: Scripted) -> None:
    """With reduced motion no animation runs, with none wished for the waiting line breathes."""
    for motion, count in (("reduce", 0), ("no-preference", 1)):
        from_server = scripted.host(HOST.format(""))
        page.emulate_media(reduced_motion="reduce" if motion == "reduce" else "no-preference")
        page.goto(from_server)
        page.route("**/ask", _never)
        page.evaluate("void document.querySelector('footnote-chat').ask('Why?')")
        expect(page.get_by_text("Looking in the sources…")).to_be_visible()
        moving = "document.querySelector('footnote-chat').shadowRoot.getAnimations().length"
        assert page.evaluate(moving) == count
        page.unroute("**/ask")


def test_a_phones_keyboard_does_not_cover_the_input(page: Page, scripted: Scripted) -> None:
    """The dialog takes the height that is left to see, and gives it back."""
    page.set_viewport_size({"width": 360, "height": 700})
    page.goto(scripted.host(HOST.format("")))
    page.get_by_role("button", name="Ask about your skin").click()
    chat = Chat(page)
    keyboard = (
        "([height, scale]) => { for (const [name, value] of Object.entries({ height, scale }))"
        "  Object.defineProperty(visualViewport, name, { value, configurable: true });"
        "visualViewport.dispatchEvent(new Event('resize')); }"
    )
    page.evaluate(keyboard, [320, 1])
    box = chat.input.bounding_box()
    assert box
    assert box["y"] + box["height"] <= 320
    page.evaluate(keyboard, [350, 2])  # zoomed in: nothing is covered
    assert page.get_by_role("dialog").bounding_box() == {
        "x": 0,
        "y": 0,
        "width": 360,
        "height": 700,
    }


def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    """Move the focus to what has this name; wherever it passes it is to be seen."""
    for _ in range(30):
        page.keyboard.press(key)
        focused = page.evaluate(FOCUSED)
        assert focused["outline"] >= 2, focused
        if focused["name"].startswith(name):
            return
    raise AssertionError(name)


def test_everything_is_reached_by_keyboard_and_seen_to_be(page: Page, scripted: Scripted) -> None:
    """From the closed button through a whole conversation and back, with focus always visible."""
    scripted.ratable = True
    scripted.will(answer(citation(GENES, 1)), refusal(citation(OILY)), answer(citation(OILY)))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(scripted.host(HOST.format("")))
    chat = Chat(page)

    to = partial(tab_to, page)
    to("Ask about your skin")
    page.keyboard.press("Enter")
    expect(chat.input).to_be_focused()
    expect(page.locator(".suggestions button")).to_be_visible()
    to(QUESTION, "Shift+Tab")
    page.keyboard.press("Enter")
    chat.finished(GENES)
    to("Footnote 1", "Shift+Tab")
    to("Read it in the source")
    to("Copy answer")
    page.keyboard.press("Space")
    expect(page.get_by_text("Copied", exact=True).first).to_be_visible()
    to("Yes, helpful")
    page.keyboard.press("Space")
    expect(page.locator(".told")).to_contain_text("Thank you")
    to("What was good or missing?")
    page.keyboard.type("Clear")
    to("Send")
    page.keyboard.press("Enter")
    until(page, "said.filter((text) => text.startsWith('Thank you')).length === 2")
    to("Your question")
    page.keyboard.type("Prise?")
    page.keyboard.press("Enter")
    chat.finished("what it costs")
    to("Closest in the sources", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(chat.log.locator(".closest").get_by_text(OILY)).to_be_visible()
    to("Edit this question", "Shift+Tab")
    page.keyboard.press("Enter")
    page.keyboard.type("Why oil?")
    page.keyboard.press("Enter")
    chat.finished(OILY)
    to("New chat", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(chat.input).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Ask about your skin")).to_be_focused()
    assert [asked.question for asked in scripted.asked][1:] == ["Prise?", "Why oil?"]
    assert [(said.helpful, said.reason) for said in scripted.ratings] == [
        (True, None),
        (True, "Clear"),
    ]


FOCUSED = """() => {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  const style = getComputedStyle(focused);
  return {
    name: focused.getAttribute('aria-label') ?? focused.textContent.trim(),
    outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth) || 0,
  };
}"""


def test_at_four_times_the_size_everything_can_be_reached(page: Page, scripted: Scripted) -> None:
    """A window of 1280 by 1024 at 400 % has 320 by 256: one column, which scrolls as a whole."""
    page.set_viewport_size({"width": 320, "height": 256})
    scripted.will(answer(citation(GENES, 1), citation(OILY, 2)))
    page.goto(scripted.host(HOST.format("")))
    page.get_by_role("button", name="Ask about your skin").click()
    chat = Chat(page)
    chat.ask("Why?")
    chat.finished(OILY)
    expect(page.locator(".question")).to_be_in_viewport(ratio=1)
    chat.footnote(1).click()
    expect(page.get_by_role("link", name="Read it in the source")).to_be_in_viewport()
    chat.input.scroll_into_view_if_needed()
    expect(chat.input).to_be_in_viewport(ratio=1)
    panel = page.get_by_role("dialog")
    assert panel.evaluate("panel => panel.scrollWidth - panel.clientWidth") == 0


def test_on_a_phone_the_page_behind_is_out_of_reach(page: Page, scripted: Scripted) -> None:
    """While the dialog fills the screen, no number of tabs leads to what it covers."""
    page.set_viewport_size({"width": 360, "height": 700})
    page.goto(scripted.host(HOST.format("<button>Behind</button>")))
    page.get_by_role("button", name="Ask about your skin").click()
    expect(page.locator(".suggestions button")).to_be_visible()
    passed = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        passed.add(page.evaluate(FOCUSED)["name"])
    assert {"Close", "Your question", "Ask", "Conversation"} <= passed
    assert "Behind" not in passed
