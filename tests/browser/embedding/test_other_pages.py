"""On pages, screens and in languages that are not ours."""

from playwright.sync_api import Browser, Page, expect

from tests.browser.bodies import GENES, OILY, answer, citation, refusal
from tests.browser.conftest import Chat
from tests.browser.scripted import QUESTION, SCRIPT, Reply, Scripted
from tests.browser.waiting import until

PHONE = '<meta name="viewport" content="width=device-width">'


def test_inside_a_form_of_the_page_nothing_submits_it(page: Page, scripted: Scripted) -> None:
    """Neither Enter nor any button of the widget sends the form around it."""
    scripted.ratable = True
    scripted.will(answer(citation(GENES)), refusal())
    page.goto(
        scripted.host(
            '<!doctype html><html lang="en"><form action="/gone"><input name="a">'
            f"<footnote-chat inline></footnote-chat></form>{SCRIPT}"
        )
    )
    page.evaluate("addEventListener('submit', () => { globalThis.submitted = true }, true)")
    chat = Chat(page)
    page.get_by_role("button", name=QUESTION).click()
    chat.finished(GENES)
    chat.footnote(1).click()
    page.get_by_role("button", name="Yes, helpful").click()
    page.get_by_role("textbox", name="What was good or missing?").fill("Clear")
    page.get_by_role("button", name="Send", exact=True).click()
    until(page, "said.filter((text) => text.startsWith('Thank you')).length === 2")
    chat.ask("Cost?")
    chat.finished("No answer")
    page.get_by_role("button", name="New chat").click()
    assert page.evaluate("[globalThis.submitted ?? false, location.pathname]") == [
        False,
        page.evaluate("location.pathname"),
    ]
    assert "/host/" in page.url


def test_what_is_typed_is_no_shortcut_of_the_page(page: Page, scripted: Scripted) -> None:
    """Letters stay inside; what leads out of the field, or is a command, is heard as ever."""
    page.goto(
        scripted.host(
            f'<!doctype html><html lang="en"><footnote-chat inline></footnote-chat>{SCRIPT}'
        )
    )
    page.evaluate(
        "() => { globalThis.heard = []; for (const type of ['keydown', 'keypress', 'keyup'])"
        "  document.addEventListener(type, ({ key }) => heard.push(key)); }"
    )
    chat = Chat(page)
    chat.input.press_sequentially("/s? ")
    chat.input.press("Escape")
    assert set(page.evaluate("heard")) == {"Escape"}
    chat.input.press("Control+k")
    chat.input.press("Tab")
    assert {"k", "Tab"} <= set(page.evaluate("heard"))
    expect(chat.input).to_have_value("/s? ")


def test_a_script_in_the_head_without_defer_works(page: Page, scripted: Scripted) -> None:
    """It waits for the page, and the same tag again further down changes nothing."""
    scripted.will(answer(citation(GENES)))
    tag = '<script src="/widget.js" data-title="Ask us"></script>'
    page.goto(
        scripted.host(
            f'<!doctype html><html lang="en"><head><title>Host</title>{tag}</head>'
            f"<body><p>Text</p>{tag}</body></html>"
        )
    )
    expect(page.locator("footnote-chat")).to_have_count(1)
    page.get_by_role("button", name="Ask us").click()
    chat = Chat(page)
    chat.ask("Why?")
    chat.finished(GENES)


def test_on_a_touch_screen_the_keyboard_makes_room_for_the_answer(
    browser: Browser, scripted: Scripted
) -> None:
    """Once a question is asked the field gives up the focus, and the keyboard goes with it."""
    scripted.will(answer(citation(GENES)), answer(citation(OILY)), Reply([], cut=True))
    context = browser.new_context(
        viewport={"width": 390, "height": 700}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(scripted.host(f'<!doctype html><html lang="en">{PHONE}<body>{SCRIPT}'))
    chat = Chat(page)
    page.get_by_role("button", name="Ask a question").tap()
    page.get_by_role("button", name=QUESTION).tap()
    chat.finished(GENES)
    expect(chat.input).not_to_be_focused()
    chat.input.tap()
    chat.ask("Why?")
    chat.finished(OILY)
    expect(chat.input).not_to_be_focused()
    chat.input.fill("And?")
    chat.send.tap()
    chat.finished("The connection broke")
    expect(page.get_by_role("dialog")).to_be_focused()
    context.close()


def test_words_of_the_sources_have_the_language_of_the_page(page: Page, scripted: Scripted) -> None:
    """In a German page with our English words, quotes are not read out as if they were English."""
    scripted.will(answer(citation(GENES)), refusal(citation(OILY)))
    page.goto(
        scripted.host(
            f'<!doctype html><html lang="de"><footnote-chat inline></footnote-chat>{SCRIPT}'
        )
    )
    chat = Chat(page)
    chat.ask("Warum?")
    chat.finished(GENES)
    chat.ask("Preis?")
    chat.finished("No answer")
    languages = (
        "(names) => names.map((name) => document.querySelector('footnote-chat').shadowRoot"
        ".querySelector(name).closest('[lang]').lang)"
    )
    theirs = [".sentence", ".note .quote", ".note .title", ".notice p + p", ".closest .quote"]
    assert page.evaluate(languages, [*theirs, ".suggestions button"]) == ["de"] * 6
    assert page.evaluate(languages, [".label", ".note a", "summary", ".extras"]) == [
        "en",
        "en",
        "en",
        "en",
    ]
