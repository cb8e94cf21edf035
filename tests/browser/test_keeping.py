"""What is kept of a conversation: across reloads, tabs, several widgets, and without storage."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.bodies import GENES, OILY, answer, citation, events, plain

from .conftest import Chat
from .scripted import FIRST, META, QUESTION, SCRIPT, Reply, Scripted, problem

KEPT = (
    '<!doctype html><html lang="en"><title>Host</title>'
    '<footnote-chat inline data-keep="device"></footnote-chat>'
) + SCRIPT


def test_a_question_whose_answer_was_still_coming_survives_a_reload(
    chat: Chat, scripted: Scripted
) -> None:
    """Whoever reloads for want of patience finds the question again, and asks it by one press."""
    scripted.will(Reply([META, FIRST, 20.0]), answer(citation(OILY)))
    chat.ask(QUESTION)
    expect(chat.log).to_contain_text(GENES)
    chat.page.reload()
    chat.finished("The connection broke before the answer was complete.")
    expect(chat.page.locator(".question")).to_have_text([f"You asked: {QUESTION}"])
    chat.retry.click()
    chat.finished(OILY)
    expect(chat.page.locator(".question")).to_have_count(1)
    assert [asked.question for asked in scripted.asked] == [QUESTION, QUESTION]


def test_a_question_that_failed_survives_leaving_and_coming_back(
    chat: Chat, scripted: Scripted
) -> None:
    """Following a link and going back shows what was answered and what was not."""
    scripted.will(answer(citation(GENES)), problem(500, "no"), answer(citation(OILY)))
    chat.ask(QUESTION)
    chat.finished(GENES)
    chat.ask("Why oil?")
    chat.finished("Something went wrong")
    chat.page.get_by_role("link", name="Rough texture").click()
    expect(chat.page.get_by_role("heading", level=1)).to_have_text("Rough texture")
    chat.page.go_back()
    chat.finished(GENES)
    expect(chat.page.locator(".question")).to_have_count(2)
    chat.retry.click()
    chat.finished(OILY)
    assert [turn.content for turn in scripted.asked[-1].history] == [QUESTION, f"{GENES} [1]"]


def test_a_page_that_comes_back_as_it_was_shows_what_was_said_since(
    chat: Chat, scripted: Scripted
) -> None:
    """A browser may keep a page as it was left; it must not bring an older conversation back."""
    page = chat.page
    scripted.will(answer(citation(GENES)), answer(citation(OILY)))
    chat.ask(QUESTION)
    chat.finished(GENES)
    page.evaluate(
        "() => { const key = Object.keys(sessionStorage)[0];"
        "const turns = JSON.parse(sessionStorage[key]);"
        "sessionStorage[key] = JSON.stringify([...turns, { ...turns[0], question: 'Since?' }]);"
        "dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));"
        "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })); }"
    )
    questions = [f"You asked: {QUESTION}", "You asked: Since?"]
    expect(page.locator(".question")).to_have_text(questions)
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    page.reload()
    expect(page.locator(".question")).to_have_text(questions)
    chat.ask("And?")
    chat.finished(OILY)
    assert len(scripted.asked[-1].history) == 4


def test_a_long_conversation_opens_at_its_end_and_goes_on(page: Page, scripted: Scripted) -> None:
    """After thirty turns a reload, and opening the panel again, show the last one."""
    page.goto(scripted.host(f'<!doctype html><html lang="en"><title>Host</title><body>{SCRIPT}'))
    turns = [
        {"question": f"Question {number}?", "body": {**answer(citation(GENES)), "id": str(number)}}
        for number in range(30)
    ]
    page.evaluate(
        "kept => sessionStorage.setItem(`footnote-chat ${new URL('/', location).href} `, kept)",
        json.dumps(turns),
    )
    page.reload()
    launcher = page.get_by_role("button", name="Ask a question")
    launcher.click()
    last = page.get_by_text("Question 29?")
    expect(last).to_be_in_viewport()
    expect(page.locator(".question")).to_have_count(30)
    page.locator(".question").first.scroll_into_view_if_needed()
    expect(last).not_to_be_in_viewport()
    page.get_by_role("button", name="Close").click()
    launcher.click()
    expect(last).to_be_in_viewport()
    scripted.will(answer(citation(OILY)))
    chat = Chat(page)
    chat.ask("One more?")
    chat.finished(OILY)
    expect(page.get_by_text("One more?")).to_be_in_viewport()
    sent = scripted.asked[0].history
    assert len(sent) == 20
    assert sent[-2].content == "Question 29?"


def test_two_widgets_of_a_page_keep_to_themselves(page: Page, scripted: Scripted) -> None:
    """Without a name they are told apart by their order; a name holds wherever the element is."""
    three = "<footnote-chat inline {}></footnote-chat>"
    page.goto(
        scripted.host(
            '<!doctype html><html lang="en"><title>Host</title>'
            + "".join(three.format(each) for each in ("", "", 'id="named"'))
            + SCRIPT
        )
    )
    for place, question in enumerate(("First?", "Second?", "Third?")):
        scripted.will(answer(citation(GENES)))
        box = page.get_by_role("textbox", name="Your question").nth(place)
        box.fill(question)
        box.press("Enter")
        expect(page.locator("footnote-chat").nth(place).locator(".sources")).to_have_count(1)
    page.reload()
    for place, question in enumerate(("First?", "Second?", "Third?")):
        asked = page.locator("footnote-chat").nth(place).locator(".question")
        expect(asked).to_have_text([f"You asked: {question}"])
    assert all(asked.history == [] for asked in scripted.asked)


NO = "{ throw new DOMException('no', '%sError') }"
FORBIDDEN = "Object.defineProperty(globalThis, 'sessionStorage', { get() %s })" % (NO % "Security")
FULL = "Storage.prototype.setItem = () => %s" % (NO % "QuotaExceeded")


@pytest.mark.parametrize("broken", [FORBIDDEN, FULL], ids=["forbidden", "full"])
def test_without_storage_a_conversation_lasts_as_long_as_its_page(
    page: Page, scripted: Scripted, broken: str
) -> None:
    """Where storage is forbidden or full everything else works, and no error is thrown."""
    page.add_init_script(broken)
    page.goto(scripted.url)
    scripted.will(answer(citation(GENES)), answer(citation(OILY)))
    chat = Chat(page)
    for question, quote in ((QUESTION, GENES), ("And?", OILY)):
        chat.ask(question)
        chat.finished(quote)
    assert len(scripted.asked[1].history) == 2
    page.get_by_role("button", name="New chat").click()
    expect(chat.log).not_to_contain_text(OILY)


def test_what_is_deleted_in_one_tab_is_gone_in_all(page: Page, scripted: Scripted) -> None:
    """A conversation kept on the device follows in other tabs, and does not come back from one."""
    url = scripted.host(KEPT)
    page.goto(url)
    other = page.context.new_page()
    other.goto(url)
    here, there = Chat(page), Chat(other)
    scripted.will(answer(citation(GENES)))
    here.ask(QUESTION)
    here.finished(GENES)
    expect(there.log).to_contain_text(GENES)
    scripted.will(Reply([*events(answer(citation(OILY)))[:2], 2.0]))
    there.input.fill("A draft")
    here.ask("And?")
    expect(here.log).to_contain_text(OILY)
    other.get_by_role("button", name="Delete it").click()
    for chat in (here, there):
        expect(chat.page.locator(".question")).to_have_count(0)
        expect(chat.send).to_be_visible()
    expect(there.input).to_have_value("A draft")
    page.wait_for_timeout(300)
    page.reload()
    expect(page.locator(".question")).to_have_count(0)
    assert page.evaluate("({ ...localStorage })") == {}


def test_other_words_or_colours_keep_what_is_being_typed(page: Page, scripted: Scripted) -> None:
    """A site's own switches of language and scheme cost no draft and take no focus."""
    page.goto(
        scripted.host(
            '<!doctype html><html lang="en"><title>Host</title><button>Switch</button>'
            f"<body>{SCRIPT}"
        )
    )
    page.get_by_role("button", name="Ask a question").click()
    chat = Chat(page)
    scripted.will(plain("smalltalk", "Hello."))
    chat.ask("hi")
    chat.finished("Hello.")
    chat.input.fill("A draft")
    switch = page.get_by_role("button", name="Switch")
    switch.focus()
    page.evaluate("document.querySelector('footnote-chat').dataset.theme = 'dark'")
    expect(page.locator(".panel")).to_have_css("color-scheme", "dark")
    page.evaluate("document.querySelector('footnote-chat').dataset.lang = 'zh'")
    box = page.get_by_role("textbox", name="您的问题")
    expect(box).to_have_value("A draft")
    expect(switch).to_be_focused()
    expect(page.locator(".panel")).to_have_css("color-scheme", "dark")
    expect(page.get_by_role("log", name="对话")).to_contain_text("Hello.")
