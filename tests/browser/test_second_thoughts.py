"""What a visitor does after an answer: copy it, change the question, ask on, rate it, leave."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.bodies import GENES, OILY, SPOKEN, answer, citation, events, plain, refusal
from tests.browser.waiting import until

from .conftest import Chat
from .scripted import QUESTION, SCRIPT, Reply, Scripted

LEAD = "👩‍⚕️ The sources do not agree on this:"


def test_what_the_assistant_says_itself_is_set_apart_from_quotes(
    chat: Chat, scripted: Scripted
) -> None:
    """A lead-in stands before the quotes, is none itself, and is announced with them."""
    scripted.will(answer(citation(SPOKEN, 1), citation(OILY, 2), lead=LEAD))
    chat.ask(QUESTION)
    chat.finished(OILY)
    lead = chat.log.locator(".lead")
    expect(lead).to_have_text(LEAD)
    expect(chat.page.locator(".sentence")).to_have_count(2)
    expect(chat.page.locator(".sentence").first).to_contain_text(SPOKEN)
    following = chat.page.locator(".answer > .lead + .prose")
    expect(following).to_have_count(1)
    expect(following).not_to_contain_text("do not agree")
    assert chat.said() == [f"Answer: {LEAD} {SPOKEN} {OILY} Footnotes: 2."]
    chat.page.reload()
    expect(lead).to_have_text(LEAD)


def test_an_answer_is_copied_with_its_sources(chat: Chat, scripted: Scripted) -> None:
    """One press puts question, sentences, numbers and addresses into the clipboard."""
    page = chat.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    scripted.will(answer(citation(GENES, 1), citation(OILY, 2, url="https://clinic.example/p")))
    chat.ask(QUESTION)
    chat.finished(OILY)
    page.get_by_role("button", name="Copy answer and sources").click()
    expect(page.get_by_text("Copied", exact=True)).to_have_count(2)  # seen, and announced
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.startswith(f"{QUESTION}\n\n{GENES} [1] {OILY} [2]\n\nSources\n[1] Pores")
    assert f"{scripted.url}/documents/pores?start=" in text
    assert "[2] Pores 👩‍⚕️ – https://clinic.example/p#:~:text=" in text


def test_without_a_clipboard_an_answer_is_copied_all_the_same(
    chat: Chat, scripted: Scripted
) -> None:
    """Pages without TLS have no clipboard of the new kind; the old kind works in its place."""
    page = chat.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("() => { navigator.clipboard.writeText = () => { throw new TypeError() } }")
    scripted.will(refusal())
    chat.ask("Cost?")
    chat.finished("The sources do not say what it costs.")
    copy = page.get_by_role("button", name="Copy answer and sources")
    copy.click()
    expect(copy).to_have_text("Copied")
    expect(copy).to_be_focused()
    expected = "Cost?\n\nThe sources do not say what it costs.\n"
    assert page.evaluate("navigator.clipboard.readText()") == expected


def test_the_last_question_is_changed_and_asked_again(chat: Chat, scripted: Scripted) -> None:
    """The pen takes the last question back into the input; its answer gives way to the new one."""
    page = chat.page
    scripted.will(answer(citation(GENES)), refusal(), answer(citation(OILY)))
    chat.ask(QUESTION)
    chat.finished(GENES)
    chat.ask("Prise?")
    chat.finished("The sources do not say what it costs.")
    expect(page.get_by_role("button", name="Edit this question")).to_have_count(1)
    chat.input.fill("A draft")
    page.get_by_role("button", name="Edit this question").click()
    expect(chat.input).to_have_value("Prise?")
    expect(chat.input).to_be_focused()
    expect(page.get_by_text("You are changing your last question.")).to_be_visible()
    chat.input.press("Escape")
    expect(chat.input).to_have_value("A draft")
    expect(page.get_by_text("You are changing your last question.")).to_be_hidden()
    page.get_by_role("button", name="Edit this question").click()
    chat.ask("Price?")
    chat.finished(OILY)
    expect(page.locator(".question")).to_have_text([f"You asked: {QUESTION}", "You asked: Price?"])
    expect(chat.log).not_to_contain_text("The sources do not say")
    expect(chat.input).to_have_value("A draft")
    assert [turn.content for turn in scripted.asked[2].history] == [QUESTION, f"{GENES} [1]"]
    page.reload()
    expect(page.locator(".question")).to_have_count(2)


def test_what_was_not_asked_yet_is_suggested_after_an_answer(
    chat: Chat, scripted: Scripted
) -> None:
    """Under the last answer stand up to three other questions, and none while one is answered."""
    page = chat.page
    scripted.suggestions = [QUESTION, "One?", "Two?", "Three?", "Four?"]
    page.reload()
    suggestions = page.locator(".suggestions button")
    expect(suggestions).to_have_count(5)
    body = answer(citation(GENES))
    *first, done = events(body)
    scripted.will(Reply([*first, 0.5, done]), refusal())
    chat.ask(QUESTION)
    expect(chat.log).to_contain_text(GENES)
    expect(suggestions.first).to_be_hidden()
    chat.finished("Sources")
    expect(suggestions).to_have_text(["One?", "Two?", "Three?"])
    suggestions.nth(1).click()
    chat.finished("No answer")
    expect(suggestions).to_have_text(["One?", "Three?", "Four?"])


def test_thumbs_are_shown_only_where_somebody_listens(chat: Chat, scripted: Scripted) -> None:
    """A server that keeps no feedback is not sent any: there are no thumbs."""
    scripted.will(answer(citation(GENES)))
    chat.ask(QUESTION)
    chat.finished(GENES)
    expect(chat.page.get_by_role("button", name="Copy answer and sources")).to_be_visible()
    expect(chat.page.get_by_role("button", name="helpful")).to_have_count(0)


def test_an_answer_is_rated_with_a_reason_and_the_mind_changed(
    chat: Chat, scripted: Scripted
) -> None:
    """A thumb is sent and acknowledged; a reason may follow; the other thumb takes its place."""
    page = chat.page
    scripted.ratable = True
    scripted.will(answer(citation(GENES)), refusal(), plain("redirected", "Call us."))
    chat.ask(QUESTION)
    chat.finished(GENES)
    yes = page.get_by_role("button", name="Yes, helpful")
    no = page.get_by_role("button", name="No, not helpful")
    expect(page.get_by_role("group", name="Was this helpful?")).to_be_visible()
    expect(yes).to_have_attribute("aria-pressed", "false")
    yes.click()
    expect(page.locator(".told")).to_have_text("Thank you. It was sent with your question.")
    expect(yes).to_have_attribute("aria-pressed", "true")
    no.click()
    expect(no).to_have_attribute("aria-pressed", "true")
    expect(yes).to_have_attribute("aria-pressed", "false")
    page.get_by_role("textbox", name="What was good or missing?").fill("Ageing 😀")
    page.get_by_role("button", name="Send", exact=True).click()
    until(page, "said.length >= 4")
    assert [(said.id, said.helpful, said.reason) for said in scripted.ratings] == [
        ("a1", True, None),
        ("a1", False, None),
        ("a1", False, "Ageing 😀"),
    ]
    page.reload()
    expect(no).to_have_attribute("aria-pressed", "true")
    chat.ask("Cost?")
    chat.finished("No answer")
    expect(yes).to_have_count(2)
    chat.ask("Mole?")
    chat.finished("Call us.")
    expect(yes).to_have_count(2)


def test_a_rating_that_was_not_taken_is_taken_back(chat: Chat, scripted: Scripted) -> None:
    """A visitor is not thanked for what got lost."""
    scripted.ratable = True
    scripted.rating_status = 500
    scripted.will(answer(citation(GENES)))
    chat.ask(QUESTION)
    chat.finished(GENES)
    yes = chat.page.get_by_role("button", name="Yes, helpful")
    yes.click()
    expect(chat.page.locator(".told")).to_have_text("This could not be sent. Try again later.")
    expect(yes).to_have_attribute("aria-pressed", "false")


def test_only_a_site_that_asks_keeps_a_conversation_on_the_device(
    page: Page, scripted: Scripted
) -> None:
    """With data-keep=device another tab has it too and says so; one press deletes it for all."""
    html = (
        '<!doctype html><html lang="en"><footnote-chat inline data-keep="device"></footnote-chat>'
    )
    url = scripted.host(html + SCRIPT)
    scripted.will(answer(citation(GENES)))
    page.goto(url)
    chat = Chat(page)
    expect(page.get_by_text("This conversation is kept on this device.")).to_be_hidden()
    chat.ask(QUESTION)
    chat.finished(GENES)
    other = page.context.new_page()
    other.goto(url)
    expect(other.get_by_role("log")).to_contain_text(GENES)
    expect(other.get_by_text("This conversation is kept on this device.")).to_be_visible()
    other.get_by_role("button", name="Delete it").click()
    expect(other.get_by_role("log")).not_to_contain_text(GENES)
    page.reload()
    expect(chat.log).not_to_contain_text(GENES)
    assert page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])") == "[{},{}]"


@pytest.mark.parametrize("kept", ["nonsense", json.dumps([{"question": "Why?", "body": {}}])])
def test_what_another_version_has_kept_is_left_alone(
    chat: Chat, scripted: Scripted, kept: str
) -> None:
    """A conversation that cannot be read is not shown, and nothing breaks."""
    chat.page.evaluate(
        "kept => sessionStorage.setItem(`footnote-chat ${location.href} `, kept)", kept
    )
    chat.page.reload()
    scripted.will(answer(citation(GENES)))
    chat.ask(QUESTION)
    chat.finished(GENES)
    expect(chat.page.locator(".question")).to_have_count(1)
