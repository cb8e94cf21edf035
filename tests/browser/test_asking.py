"""Asking and reading."""

from playwright.sync_api import Page, expect

from tests.browser.bodies import GENES, OILY, SPOKEN, answer, citation, events, plain, refusal

from .conftest import Chat
from .scripted import QUESTION, Reply, Scripted


def test_an_answer_shows_each_sentence_with_its_footnote(chat: Chat, scripted: Scripted) -> None:
    """A question brings the answer's sentences, each with its own footnotes, and its sources."""
    scripted.will(answer(citation(GENES, 1), citation(OILY, 2)))
    chat.ask(QUESTION)
    chat.finished(GENES)
    sentences = chat.page.locator(".sentence")
    expect(sentences).to_have_count(2)
    expect(sentences.nth(0)).to_contain_text(GENES)
    expect(sentences.nth(0).get_by_role("button")).to_have_accessible_name("Footnote 1: Pores 👩‍⚕️")
    expect(sentences.nth(1).get_by_role("button")).to_have_accessible_name("Footnote 2: Pores 👩‍⚕️")
    sources = chat.page.get_by_role("list", name="Sources").get_by_role("listitem")
    expect(sources).to_have_count(1)
    expect(sources).to_contain_text("1, 2")
    assert scripted.asked[0].question == QUESTION
    assert scripted.asked[0].stream


def test_sentences_appear_while_the_answer_is_still_coming(chat: Chat, scripted: Scripted) -> None:
    """A visitor reads the first sentence before the last arrives, and its note stays open."""
    first, second = citation(GENES, 1), citation(OILY, 2)
    meta, one, two, done = events(answer(first, second))
    scripted.will(Reply([meta, one, 1.0, two, done]))
    chat.ask(QUESTION)
    expect(chat.log).to_contain_text(GENES)
    expect(chat.page.get_by_role("button", name="Stop")).to_be_visible()
    expect(chat.log).not_to_contain_text(OILY)
    chat.footnote(1).click()
    chat.finished(OILY)
    expect(chat.footnote(1)).to_have_attribute("aria-expanded", "true")
    expect(chat.footnote(1)).to_be_focused()


def test_any_way_of_cutting_the_stream_gives_the_same_answer(
    chat: Chat, scripted: Scripted
) -> None:
    """Chunks of one byte, CRLF, lone CR, comments and data of several lines are all understood."""
    body = answer(citation(SPOKEN, 1))
    raw = b"".join(events(body))
    assert len(raw) > len(raw.decode())
    crlf = b": a comment\r\n\r\n" + raw.replace(b"\n", b"\r\n")
    several = raw.replace(b', "', b',\ndata: "').replace(b"\n", b"\r")
    scripted.will(
        Reply([raw[place : place + 1] for place in range(len(raw))]),
        Reply([crlf[place : place + 7] for place in range(0, len(crlf), 7)]),
        Reply([several]),
    )
    for count in (1, 2, 3):
        chat.ask(QUESTION)
        expect(chat.page.locator(".sentence")).to_have_count(count)
        chat.finished(SPOKEN)
    texts = chat.page.locator(".sentence").all_text_contents()
    assert len(set(texts)) == 1
    assert texts[0].startswith(SPOKEN)


def test_a_plain_body_is_read_when_something_between_does_not_stream(
    chat: Chat, scripted: Scripted
) -> None:
    """An answer in one JSON body shows the same as a streamed one."""
    raw = events(answer(citation(GENES)))[-1].split(b"data: ")[1]
    scripted.will(Reply([raw], headers={"Content-Type": "application/json"}))
    chat.ask(QUESTION)
    chat.finished(GENES)
    expect(chat.footnote(1)).to_be_visible()


def test_text_of_a_source_is_never_markup_or_marker(chat: Chat, scripted: Scripted) -> None:
    """Tags, markers and emoji in a quote are shown as they stand; only footnotes are buttons."""
    scripted.will(answer(citation(SPOKEN, title="<img src=x onerror=alert(1)> \u202egnp.exe")))
    chat.ask("<script>alert(1)</script> 👩‍⚕️?")
    chat.finished(SPOKEN)
    expect(chat.log).to_contain_text("<script>alert(1)</script> 👩‍⚕️?")
    expect(chat.page.locator(".prose button")).to_have_count(1)
    expect(chat.page.locator(".log img, .log b, .log script")).to_have_count(0)


def test_a_refusal_does_not_look_like_an_answer(chat: Chat, scripted: Scripted) -> None:
    """A refusal says so, and what was closest is folded away under a name that tells it apart."""
    scripted.will(refusal(citation(GENES)))
    chat.ask("How much does it cost?")
    chat.finished("The sources do not say what it costs.")
    expect(chat.log).to_contain_text("No answer")
    expect(chat.page.locator(".sentence")).to_have_count(0)
    quote = chat.log.get_by_text(GENES)
    expect(quote).to_be_hidden()
    chat.page.get_by_text("Closest in the sources (not an answer)").click()
    expect(quote).to_be_visible()
    expect(chat.page.get_by_role("link", name="Read it in the source")).to_be_visible()
    assert chat.said() == ["No answer. The sources do not say what it costs."]


def test_a_routed_question_shows_the_notice_of_the_owner(chat: Chat, scripted: Scripted) -> None:
    """A redirected question shows the owner's words under a heading of their own."""
    scripted.will(plain("redirected", "Please call the practice: 555-0100."))
    chat.ask("Is this mole dangerous?")
    chat.finished("Please call the practice: 555-0100.")
    expect(chat.log).to_contain_text("Please ask a person")


def test_a_greeting_is_answered_plainly(chat: Chat, scripted: Scripted) -> None:
    """Small talk carries neither footnotes nor sources nor a notice."""
    scripted.will(plain("smalltalk", "Hello. What would you like to know?"))
    chat.ask("hi")
    chat.finished("Hello. What would you like to know?")
    expect(chat.page.locator(".notice, .sources, .footnote")).to_have_count(0)


def test_earlier_turns_go_along_with_the_next_question(chat: Chat, scripted: Scripted) -> None:
    """A follow-up is sent with what was asked and answered before, and with nothing that failed."""
    scripted.will(answer(citation(OILY)), refusal(), answer(citation(GENES)))
    for question, text in ((QUESTION, OILY), ("Cost?", "The sources do not say"), ("Why?", GENES)):
        chat.ask(question)
        chat.finished(text)
    assert scripted.asked[0].history == []
    sent = [(turn.role, turn.content) for turn in scripted.asked[2].history]
    assert sent == [
        ("user", QUESTION),
        ("assistant", f"{OILY} [1]"),
        ("user", "Cost?"),
        ("assistant", "The sources do not say what it costs."),
    ]


def test_one_announcement_for_each_finished_answer(chat: Chat, scripted: Scripted) -> None:
    """A screen reader is told each answer once, when complete, and the log itself is silent."""
    meta, one, two, done = events(answer(citation(GENES, 1), citation(OILY, 2)))
    scripted.will(Reply([meta, one, 0.2, two, 0.2, done]), plain("smalltalk", "You are welcome."))
    chat.ask(QUESTION)
    chat.finished(OILY)
    assert chat.said() == [f"Answer: {GENES} {OILY} Footnotes: 2."]
    chat.ask("Thanks")
    chat.finished("You are welcome.")
    assert chat.said()[1:] == ["You are welcome."]
    expect(chat.log).to_have_attribute("aria-live", "off")
    announcer = chat.page.locator("footnote-chat > [role=status]")
    expect(announcer).to_have_attribute("aria-live", "polite")


def test_a_conversation_by_keyboard_alone(chat: Chat, scripted: Scripted) -> None:
    """Tab, Enter and Escape are enough to ask, open a footnote, reach its link and ask again."""
    page = chat.page
    scripted.will(answer(citation(GENES)), answer(citation(OILY)))

    def tab_to(target: str, key: str = "Tab") -> None:
        for _ in range(20):
            page.keyboard.press(key)
            if page.evaluate(FOCUSED).startswith(target):
                return
        raise AssertionError(target)

    tab_to("Your question")
    page.keyboard.type("First line")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("second line")
    page.keyboard.press("Enter")
    chat.finished(GENES)
    assert scripted.asked[0].question == "First line\nsecond line"
    expect(chat.input).to_be_focused()
    tab_to("Footnote 1", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(chat.footnote(1)).to_have_attribute("aria-expanded", "true")
    tab_to("Read it in the source")
    page.keyboard.press("Escape")
    expect(chat.footnote(1)).to_be_focused()
    expect(chat.footnote(1)).to_have_attribute("aria-expanded", "false")
    tab_to("Your question")
    page.keyboard.type("And ageing?")
    page.keyboard.press("Enter")
    chat.finished(OILY)
    tab_to("New chat", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(chat.input).to_be_focused()
    expect(chat.log).not_to_contain_text(OILY)


FOCUSED = """() => {
  const focused = document.activeElement?.shadowRoot?.activeElement ?? document.activeElement;
  return focused?.getAttribute('aria-label') ?? focused?.textContent ?? '';
}"""


def test_a_suggestion_is_asked_by_one_click(chat: Chat, scripted: Scripted) -> None:
    """The server's questions stand there as buttons; one click asks, focus goes to the input."""
    scripted.will(answer(citation(GENES)))
    chat.page.get_by_role("button", name=QUESTION).click()
    chat.finished(GENES)
    expect(chat.input).to_be_focused()
    expect(chat.page.get_by_role("button", name=QUESTION)).to_be_hidden()


def test_a_conversation_survives_a_reload_of_this_tab_only(
    chat: Chat, scripted: Scripted, page: Page
) -> None:
    """A reload keeps the conversation and its footnotes; another tab or a new chat is empty."""
    scripted.will(answer(citation(GENES)))
    chat.ask(QUESTION)
    chat.finished(GENES)
    page.reload()
    chat.finished(GENES)
    chat.footnote(1).click()
    expect(chat.page.get_by_role("note")).to_contain_text(GENES)
    assert chat.said() == []
    other = page.context.new_page()
    other.goto(scripted.url)
    expect(other.get_by_role("log")).not_to_contain_text(GENES)
    page.get_by_role("button", name="New chat").click()
    page.reload()
    expect(chat.log).not_to_contain_text(GENES)


def test_what_is_suggested_after_an_answer_is_asked_for_beside_it(
    chat: Chat, scripted: Scripted
) -> None:
    """The server chooses what is related."""
    scripted.will(answer(citation(GENES)))
    with chat.page.expect_response(lambda response: "beside=" in response.url):
        chat.ask("Why? \U0001f600")
    expect(chat.page.get_by_text("You could also ask")).to_be_visible()
    assert scripted.beside == ["Why? \U0001f600"]
