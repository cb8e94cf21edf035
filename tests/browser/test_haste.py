"""What a visitor does in haste, with another keyboard, or on paper."""

import pytest
from playwright.sync_api import expect

from tests.browser.bodies import GENES, OILY, SPOKEN, answer, citation, plain, refusal

from .conftest import Chat
from .scripted import DONE, FIRST, META, QUESTION, SCRIPT, SECOND, Reply, Scripted


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
    chat.finished("No answer")
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
