"""What a visitor does in haste, or with another keyboard, screen or language than ours."""

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import Chat
from .scripted import (
    DONE,
    FIRST,
    GENES,
    META,
    OILY,
    QUESTION,
    SCRIPT,
    SECOND,
    SPOKEN,
    Reply,
    Scripted,
    answer,
    citation,
    plain,
    refusal,
)

PHONE = '<meta name="viewport" content="width=device-width">'


def test_a_double_click_asks_once_and_stops_nothing(chat: Chat, scripted: Scripted) -> None:
    """The second click falls on the button that has taken the place of the first."""
    scripted.will(Reply([META, FIRST, 1.5, SECOND, DONE]))
    chat.input.fill(QUESTION)
    chat.send.dblclick()
    expect(chat.page.get_by_role("button", name="Stop")).to_be_visible()
    chat.finished(OILY)
    expect(chat.log).not_to_contain_text("Stopped")
    assert len(scripted.asked) == 1
    assert scripted.abandoned == 0


def test_a_double_click_on_a_number_leaves_its_card_open(chat: Chat, scripted: Scripted) -> None:
    """The second click does not take back what the first has done; a later one does."""
    scripted.will(answer(citation(GENES)))
    chat.ask(QUESTION)
    chat.finished(GENES)
    chat.footnote(1).dblclick()
    expect(chat.page.get_by_role("note")).to_be_visible()
    expect(chat.footnote(1)).to_have_attribute("aria-expanded", "true")
    chat.footnote(1).click()
    expect(chat.footnote(1)).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize("key", ["isComposing: true", "keyCode: 229"])
def test_the_enter_of_an_input_method_sends_nothing(
    chat: Chat, scripted: Scripted, key: str
) -> None:
    """Who writes Chinese or Japanese ends a word with Enter; Safari marks it by its code alone."""
    scripted.will(answer(citation(GENES)))
    chat.input.fill("毛孔")
    chat.input.evaluate(
        "field => field.dispatchEvent(new KeyboardEvent('keydown',"
        f" {{ key: 'Enter', bubbles: true, composed: true, cancelable: true, {key} }}))"
    )
    expect(chat.send).to_be_visible()
    expect(chat.input).to_have_value("毛孔")
    chat.input.press("Enter")
    chat.finished(GENES)
    assert [asked.question for asked in scripted.asked] == ["毛孔"]


def test_a_question_that_is_too_long_is_told_so_and_kept(chat: Chat, scripted: Scripted) -> None:
    """Nothing that is pasted is cut off; by how much it is too long is seen and said, once."""
    page = chat.page
    told = page.get_by_text("Your question is 1000 characters too long. Shorten it")
    chat.input.fill("x" * 3000)
    expect(told.first).to_be_visible()
    expect(chat.input).to_have_attribute("aria-invalid", "true")
    expect(chat.input).to_have_accessible_description(
        "Your question is 1000 characters too long. Shorten it, then ask again."
    )
    chat.input.press("Enter")
    chat.send.click()
    expect(chat.input).to_be_focused()
    expect(chat.input).to_have_value("x" * 3000)
    assert len(chat.said()) == 1
    page.evaluate("question => document.querySelector('footnote-chat').ask(question)", "y" * 2001)
    expect(chat.input).to_have_value("y" * 2001)
    assert scripted.asked == []
    scripted.will(answer(citation(GENES)))
    chat.input.fill(" " + "😀" * 2000)
    expect(page.locator(".too-long")).to_be_hidden()
    expect(chat.input).to_have_attribute("aria-invalid", "false")
    chat.input.press("Enter")
    chat.finished(GENES)
    assert [len(asked.question) for asked in scripted.asked] == [2000]


def test_a_thumb_changed_at_once_arrives_last(chat: Chat, scripted: Scripted) -> None:
    """While one rating is under way the next one waits, so that the last is what counts."""
    scripted.ratable = True
    scripted.rating_seconds = 0.5
    scripted.will(answer(citation(GENES)))
    chat.ask(QUESTION)
    chat.finished(GENES)
    page = chat.page
    yes = page.get_by_role("button", name="Yes, helpful")
    no = page.get_by_role("button", name="No, not helpful")
    yes.click()
    no.click()
    expect(no).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".told")).to_contain_text("Thank you")
    assert [rating.helpful for rating in scripted.ratings] == [True, False]
    scripted.rating_status = 500
    reason = page.get_by_role("textbox", name="What was good or missing?")
    reason.fill("Too short")
    yes.click()
    expect(page.locator(".told")).to_contain_text("could not be sent")
    expect(no).to_have_attribute("aria-pressed", "true")
    expect(reason).to_have_value("Too short")


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
    page.wait_for_function("said.filter((text) => text.startsWith('Thank you')).length === 2")
    chat.ask("Cost?")
    chat.finished("Not in the sources")
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
    chat.finished("Not in the sources")
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


def test_only_what_stands_together_in_a_source_runs_on(chat: Chat, scripted: Scripted) -> None:
    """A quote that follows on the last one shares its line; another one begins a new one."""
    other = citation("Dryness and sun damage can roughen skin.", 4, document_id="texture")
    scripted.will(answer(citation(GENES, 1), citation(OILY, 2), citation(SPOKEN, 3), other))
    chat.ask(QUESTION)
    chat.finished("roughen")
    tops = chat.page.locator(".sentence").evaluate_all(
        "sentences => sentences.map((one) => one.getClientRects()[0].top)"
    )
    ends = chat.page.locator(".sentence").evaluate_all(
        "sentences => sentences.map((one) => [...one.getClientRects()].at(-1).top)"
    )
    assert tops[1] == pytest.approx(ends[0], abs=2)
    assert tops[2] > ends[1] + 20
    assert tops[3] > ends[2] + 20


def test_whoever_is_sent_to_a_person_is_not_offered_other_subjects(
    chat: Chat, scripted: Scripted
) -> None:
    """The owner's notice stands out, its web address can be followed, and it is announced."""
    page = chat.page
    scripted.suggestions = ["One?", "Two?"]
    page.reload()
    notice = "Call 112 now. More: https://clinic.example/help?a=1, or javascript:alert(1)."
    scripted.will(refusal(), plain("redirected", notice), answer(citation(GENES)))
    chat.ask("Cost?")
    chat.finished("Not in the sources")
    suggestions = page.locator(".suggestions")
    expect(suggestions).to_be_visible()
    chat.ask("I took too many pills")
    chat.finished("Call 112 now.")
    expect(suggestions).to_be_hidden()
    links = page.locator(".redirected a")
    expect(links).to_have_count(1)
    expect(links).to_have_attribute("href", "https://clinic.example/help?a=1")
    expect(page.locator(".refused a")).to_have_count(0)
    width = "box => parseFloat(getComputedStyle(box).borderInlineStartWidth)"
    refused = page.locator(".refused").evaluate(width)
    assert page.locator(".redirected").evaluate(width) > refused
    assert chat.said()[-1] == f"Please ask a person. {notice}"
    chat.ask("Thanks")
    chat.finished(GENES)
    expect(suggestions).to_be_visible()


def test_a_conversation_is_printed_whole(chat: Chat, scripted: Scripted) -> None:
    """On paper nothing is cut off by a scrolling box, and nothing is there to press."""
    page = chat.page
    page.set_viewport_size({"width": 600, "height": 500})
    scripted.will(*(answer(citation(SPOKEN, 1), citation(OILY, 2)) for _ in range(4)))
    for number in range(4):
        chat.ask(f"Why {number}?")
        expect(page.locator(".sources")).to_have_count(number + 1)
    cut = "log => log.scrollHeight - log.clientHeight"
    assert chat.log.evaluate(cut) > 100
    page.emulate_media(media="print")
    assert chat.log.evaluate(cut) == 0
    for gone in (chat.input, chat.send, page.get_by_role("button", name="Copy answer").first):
        expect(gone).to_be_hidden()
    page.goto(scripted.host(f'<!doctype html><html lang="en"><body>{SCRIPT}'))
    expect(page.locator(".launcher")).to_be_hidden()
