"""A server with keys still serves its own page, without a secret in it."""

from pathlib import Path

from playwright.sync_api import Page

from assistant.api.doors.keys import key_hash, new_key
from tests.browser.conftest import Chat
from tests.browser.scripted import QUESTION
from tests.conftest import serving


def test_a_visitor_of_a_keyed_server_asks_and_opens_the_source(
    page: Page, seeds_index: Path
) -> None:
    """The browser says where the page comes from; that opens asking and the footnotes' pages."""
    keys = f'["{key_hash(new_key())}"]'
    with serving(seeds_index, FOOTNOTE_KEYS=keys, FOOTNOTE_RATE="100/minute") as (base, _process):
        page.goto(base)
        chat = Chat(page)
        chat.ask(QUESTION)
        chat.finished("Sources")
        page.locator(".sentence .footnote").first.click()
        note = page.get_by_role("note")
        with page.context.expect_page() as opened:
            note.get_by_role("link", name="Read it in the source").click()
        assert opened.value.locator("mark#quote").text_content()
        refused = page.request.get(f"{base}/documents")
        assert refused.status == 401
