"""What a site owner can set, call and hear."""

import pytest
from playwright.sync_api import Page, expect

from assistant.widget import pages
from tests.browser.bodies import GENES, OILY, answer, citation, refusal
from tests.browser.conftest import Chat
from tests.browser.scripted import QUESTION, SCRIPT, Reply, Scripted, problem

INLINE = (
    '<!doctype html><html lang="{}"><title>Host</title><footnote-chat inline {}></footnote-chat>'
)


def test_a_site_hears_what_happens(page: Page, scripted: Scripted) -> None:
    """Opening, asking, answers, failures, ratings and closing are events that bubble."""
    scripted.ratable = True
    scripted.will(answer(citation(GENES)), problem(500, "no"))
    page.goto(scripted.host('<!doctype html><html lang="en"><title>Host</title><body>' + SCRIPT))
    page.evaluate(
        "() => { globalThis.heard = [];"
        "for (const name of ['open', 'ask', 'answer', 'error', 'feedback', 'close'])"
        "  document.addEventListener(`footnote-${name}`, ({ type, detail, target }) =>"
        "    heard.push([type, detail.question ?? '', detail.body?.status ?? detail.failure ?? '',"
        "                target.localName])); }"
    )
    chat = Chat(page)
    page.evaluate("document.querySelector('footnote-chat').ask('Why?')")
    chat.finished(GENES)
    page.get_by_role("button", name="Yes, helpful").click()
    expect(page.locator(".told")).to_contain_text("Thank you")
    chat.ask("And?")
    chat.finished("Something went wrong")
    page.evaluate("document.querySelector('footnote-chat').close()")
    assert [event[:3] for event in page.evaluate("heard")] == [
        ["footnote-open", "", ""],
        ["footnote-ask", "Why?", ""],
        ["footnote-answer", "Why?", "answered"],
        ["footnote-feedback", "Why?", "answered"],
        ["footnote-ask", "And?", ""],
        ["footnote-error", "And?", "server"],
        ["footnote-close", "", ""],
    ]
    assert {event[3] for event in page.evaluate("heard")} == {"footnote-chat"}


@pytest.mark.parametrize(("lang", "attribute"), [("zh-CN", ""), ("en", 'data-lang="zh-Hans"')])
def test_the_widget_speaks_chinese(
    page: Page, scripted: Scripted, lang: str, attribute: str
) -> None:
    """By data-lang, or by the language of the page around it, every word is Chinese."""
    scripted.will(answer(citation(GENES)), refusal(citation(OILY)), Reply([], cut=True))
    page.goto(scripted.host(INLINE.format(lang, attribute) + SCRIPT))
    box = page.get_by_role("textbox", name="您的问题")
    for question, told in (("一", "来源"), ("二", "没有答案"), ("三", "连接已中断")):
        box.fill(question)
        box.press("Enter")
        expect(page.get_by_role("log", name="对话")).to_contain_text(told)
        expect(page.get_by_role("button", name="提问")).to_be_visible()
    page.get_by_role("button", name="脚注 1").click()
    shown = page.locator("footnote-chat .panel").inner_text()
    ours = shown.replace(GENES, "").replace(OILY, "").replace("Pores 👩‍⚕️", "")
    ours = ours.replace("The sources do not say what it costs.", "").replace(QUESTION, "")
    assert not [letter for letter in ours if "a" <= letter.lower() <= "z"]
    expect(page.locator(".panel")).to_have_attribute("lang", "zh")


def test_a_site_teaches_the_widget_a_language(page: Page, scripted: Scripted) -> None:
    """Words added by JavaScript are shown at once, right to left if they say so."""
    scripted.will(answer(citation(GENES)))
    page.goto(scripted.host(INLINE.format("en", 'data-lang="ar"') + SCRIPT))
    chat = Chat(page)
    chat.ask("Why?")
    chat.finished(GENES)
    page.evaluate(
        "customElements.get('footnote-chat').addTexts('ar', { dir: 'rtl', send: 'اسأل' })"
    )
    send = page.get_by_role("button", name="اسأل")
    expect(send).to_be_visible()
    expect(chat.log).to_contain_text(GENES)
    box, button = chat.input.bounding_box(), send.bounding_box()
    assert box
    assert button
    assert button["x"] < box["x"]
    page.evaluate("document.querySelector('footnote-chat').dataset.lang = 'en'")
    expect(chat.send).to_be_visible()
    expect(chat.log).to_contain_text(GENES)


def test_a_site_chooses_colours_and_shapes(page: Page, scripted: Scripted) -> None:
    """Custom properties and parts reach inside; data-theme overrules what the visitor prefers."""
    style = (
        "<style>footnote-chat { --footnote-accent: rgb(120, 0, 60); --footnote-radius: 2px }"
        "footnote-chat::part(send) { text-transform: uppercase }</style>"
    )
    page.goto(scripted.host(INLINE.format("en", 'data-theme="dark"') + style + SCRIPT))
    send = Chat(page).send
    expect(send).to_have_css("background-color", "rgb(120, 0, 60)")
    expect(send).to_have_css("text-transform", "uppercase")
    panel = page.locator(".panel")
    expect(panel).to_have_css("border-radius", "2px")
    expect(panel).to_have_css("background-color", "rgb(25, 28, 27)")
    page.evaluate("document.querySelector('footnote-chat').dataset.theme = 'light'")
    expect(panel).to_have_css("background-color", "rgb(255, 255, 255)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_the_visitor_prefers_is_followed(page: Page, scripted: Scripted, scheme: str) -> None:
    """Without a word of the site the widget is light or dark as the visitor's system is."""
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(scripted.host(INLINE.format("en", "") + SCRIPT))
    paper = "rgb(25, 28, 27)" if scheme == "dark" else "rgb(255, 255, 255)"
    expect(page.locator(".panel")).to_have_css("background-color", paper)


@pytest.mark.parametrize("genuine", [True, False])
def test_the_integrity_hash_lets_exactly_this_file_run(
    page: Page, scripted: Scripted, *, genuine: bool
) -> None:
    """The line that `footnote embed` prints works from another origin; another file does not."""
    integrity = pages.widget_integrity() if genuine else f"sha384-{'A' * 64}"
    line = pages.embed_line(title="Ask", src=f"{scripted.url}/widget.js", integrity=integrity)
    page.goto(scripted.host(f"<!doctype html><body>{line}").replace("127.0.0.1", "localhost"))
    expect(page.get_by_role("button", name="Ask")).to_have_count(1 if genuine else 0)


def test_leaving_the_page_ends_an_answer_and_moving_does_not(
    chat: Chat, scripted: Scripted
) -> None:
    """A moved element keeps its conversation; one that is removed lets go of the server."""
    page = chat.page
    scripted.will(Reply([b": \n\n", 20.0]))
    chat.ask("Why?")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    page.evaluate("document.body.append(document.querySelector('footnote-chat'))")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    page.evaluate("document.querySelector('footnote-chat').remove()")
    for _ in range(100):
        if scripted.abandoned:
            break
        page.wait_for_timeout(50)
    assert scripted.abandoned == 1


def test_the_page_is_interactive_at_once(page: Page, scripted: Scripted) -> None:
    """Loading the widget takes at most 50 ms of script, the best of five loads on any machine."""
    page.goto(scripted.host('<!doctype html><html lang="en"><title>Host</title><body>' + SCRIPT))
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    taken = []
    for _ in range(5):
        page.reload()
        expect(page.get_by_role("button", name="Ask a question")).to_be_visible()
        metrics = session.send("Performance.getMetrics")["metrics"]
        taken.append(next(each["value"] for each in metrics if each["name"] == "ScriptDuration"))
    assert 0 < min(taken) <= 0.05, taken
