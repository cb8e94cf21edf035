"""On pages that routers swap, in modules, beside old libraries, and where it is not allowed."""

import json

import httpx2
import pytest
from playwright.sync_api import Page, expect

from .conftest import Chat, Watch
from .scripted import GENES, OILY, Reply, Scripted, answer, citation, stream

HOST = "<!doctype html><html lang='en'><title>Host</title><body><h1>One</h1>{}</body>"
TAG = '<script src="/widget.js" data-title="Ask about your skin" defer></script>'
# What Turbo, Astro and Swup do: another body, and its scripts made anew so that they run.
NEW_BODY = """() => {
  const body = document.createElement('body');
  body.innerHTML = '<h1>Two</h1><script src="/widget.js" data-title="Ask about your skin"></' +
    'script>';
  document.body.replaceWith(body);
  for (const old of body.querySelectorAll('script')) {
    const again = document.createElement('script');
    for (const { name, value } of old.attributes) again.setAttribute(name, value);
    old.replaceWith(again);
  }
}"""
# What Turbo does where the tag stands in the head, and htmx's boost: only the body is another.
SWAPS = {
    "new body, tag run again": NEW_BODY,
    "new body": """() => {
      const body = document.createElement('body');
      body.innerHTML = '<h1>Two</h1>';
      document.body.replaceWith(body);
    }""",
    "new content": "() => { document.body.innerHTML = '<h1>Two</h1><p>More</p>'; }",
    "body gone for a while": """async () => {
      document.body.remove();
      await new Promise((done) => setTimeout(done, 50));
      document.documentElement.append(document.createElement('body'));
      document.body.innerHTML = '<h1>Two</h1>';
    }""",
}


def _opened(page: Page) -> Chat:
    page.get_by_role("button", name="Ask about your skin").click()
    return Chat(page)


@pytest.mark.parametrize("swap", SWAPS)
def test_there_is_one_widget_with_its_conversation(
    page: Page, scripted: Scripted, watch: Watch, swap: str
) -> None:
    """Whatever a router does with the page, twice and more."""
    scripted.will(answer(citation(GENES)), answer(citation(OILY)))
    page.goto(scripted.host(HOST.format(TAG)))
    chat = _opened(page)
    chat.ask("Why?")
    chat.finished(GENES)
    for _ in range(2):
        page.evaluate(SWAPS[swap])
        expect(page.get_by_role("heading", name="Two")).to_be_attached()
        expect(page.locator("footnote-chat")).to_have_count(1)
        expect(chat.log).to_contain_text(GENES)
    if not chat.input.is_visible():
        chat = _opened(page)
    chat.ask("And oil?")
    chat.finished(OILY)
    # Chromium's own request for an icon is answered with 404.
    assert [text for text in watch.console if "404" not in text] == []


def test_an_answer_that_is_coming_in_survives_a_swap(page: Page, scripted: Scripted) -> None:
    """It is the same widget, and goes on listening."""
    reply = stream(answer(citation(GENES)))
    scripted.will(Reply([0.6, *reply.chunks]))
    page.goto(scripted.host(HOST.format(TAG)))
    chat = _opened(page)
    chat.ask("Why?")
    page.evaluate(SWAPS["new body"])
    chat.finished(GENES)
    assert scripted.abandoned == 0


def test_a_site_that_takes_it_away_has_done_so_on_purpose(page: Page, scripted: Scripted) -> None:
    """Removed by itself it stays away, until the tag is run again."""
    page.goto(scripted.host(HOST.format(TAG)))
    expect(page.locator("footnote-chat")).to_have_count(1)
    page.evaluate("document.querySelector('footnote-chat').remove()")
    page.evaluate("document.body.append(document.createElement('p'))")
    expect(page.locator("footnote-chat")).to_have_count(0)
    page.evaluate(NEW_BODY)
    expect(page.locator("footnote-chat")).to_have_count(1)


@pytest.mark.parametrize(
    "tag",
    [
        '<script type="module" src="{}/widget.js" data-title="Ask about your skin"></script>',
        '<script type="module">import("{}/widget.js?v=3");</script>',
        '<script type="module">import "{}/widget.js";</script>',
    ],
)
def test_a_module_finds_its_server(page: Page, scripted: Scripted, tag: str) -> None:
    """Which has no current script; from another origin, so that nothing else would lead there."""
    scripted.will(answer(citation(GENES)))
    host = scripted.host(HOST.format(tag.format(scripted.url)), None)
    page.goto(host.replace("127.0.0.1", "localhost"))
    title = "Ask about your skin" if "data-title" in tag else "Ask a question"
    page.get_by_role("button", name=title).click()
    chat = Chat(page)
    chat.ask("Why?")
    chat.finished(GENES)


def test_an_old_librarys_tojson_spoils_no_question(page: Page, scripted: Scripted) -> None:
    """Prototype 1.6 gives every array one that makes a string of it."""
    scripted.will(answer(citation(GENES)), answer(citation(OILY)))
    old = (
        "<script>Array.prototype.toJSON = function () { return 'spoilt'; };"
        "Object.prototype.toJSON = function () { return 'spoilt'; };</script>"
    )
    page.goto(scripted.host(HOST.format(old + TAG), None))
    chat = _opened(page)
    chat.ask("Why?")
    chat.finished(GENES)
    chat.ask("And \u201coil\u201d?")
    chat.finished(OILY)
    last = scripted.asked[-1]
    assert last.question == "And \u201coil\u201d?"
    assert [turn.role for turn in last.history] == ["user", "assistant"]
    page.reload()
    expect(_opened(page).log).to_contain_text(OILY)


def test_a_site_that_is_not_allowed_is_told_what_to_do(
    page: Page, scripted: Scripted, real_server: str, watch: Watch
) -> None:
    """The visitor that there is nothing here; the owner, in the console, what to add where."""
    tag = f'<script src="{real_server}/widget.js" defer></script>'
    host = scripted.host(HOST.format(tag), None).replace("127.0.0.1", "localhost")
    page.goto(host)
    page.get_by_role("button", name="Ask a question").click()
    chat = Chat(page)
    chat.ask("Why?")
    expect(chat.log).to_contain_text("This chat is not available here.")
    expect(chat.retry).to_have_count(0)
    origin = page.evaluate("location.origin")
    assert any(f'origins = ["{origin}"]' in text for text in watch.console)
    watch.console.clear()  # the browser speaks of a policy itself, which fails other tests


def test_what_is_suggested_after_an_answer_is_asked_for_beside_it(
    chat: Chat, scripted: Scripted
) -> None:
    """The server chooses what is related."""
    scripted.will(answer(citation(GENES)))
    chat.ask("Why? \U0001f600")
    chat.finished(GENES)
    expect(chat.page.get_by_text("You could also ask")).to_be_visible()
    assert scripted.beside == ["Why? \U0001f600"]
    assert json.dumps(scripted.beside)
    assert httpx2.get(f"{scripted.url}/suggestions").status_code == 200
