"""The main job, in a browser, against a real server over `seeds/docs`."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Chat
from tests.browser.scripted import QUESTION


def test_a_visitor_asks_reads_the_footnote_and_checks_the_source(
    page: Page, real_server: str
) -> None:
    """An answer's footnote opens the source with exactly the quoted sentence highlighted."""
    page.goto(real_server)
    chat = Chat(page)
    chat.ask(QUESTION)
    chat.finished("Sources")
    first = page.locator(".sentence .footnote").first
    first.click()
    note = page.get_by_role("note")
    quote = note.locator(".quote").text_content()
    assert quote
    with page.context.expect_page() as opened:
        note.get_by_role("link", name="Read it in the source").click()
    mark = opened.value.locator("mark#quote")
    expect(mark).to_be_in_viewport()
    assert mark.text_content() == quote


def test_a_visitor_is_told_what_the_sources_do_not_say(page: Page, real_server: str) -> None:
    """A question without an answer in the sources is declined, and cites nothing as an answer."""
    page.goto(real_server)
    chat = Chat(page)
    chat.ask("How much does a facial acupuncture session cost?")
    chat.finished("No answer")
    expect(page.locator(".sentence")).to_have_count(0)
    expect(page.locator(".sources")).to_have_count(0)
