"""Documents and questions that are payloads, through a real server, the widget and its pages.

The browser is told to pass over content policies, so that nothing but the pages' own care stands
between a payload and its running.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import BrowserContext, Dialog, Locator, Page, expect

from assistant.question.suggestions import candidates
from index.build import rebuild
from index.embedding.kept import PACKAGED
from tests.browser.bodies import GENES, OILY, answer, citation
from tests.browser.conftest import Chat, Watch
from tests.browser.scripted import Scripted
from tests.browser.waiting import until
from tests.conftest import keep_threshold, serving

PAYLOADS = {
    "comet": '<img src=x onerror="__ran=1">',
    "marble": "</script><script>__ran=1</script>",
    "lantern": '"><svg onload="__ran=1">',
    "walnut": "[press](javascript:__ran=1) ![seen](https://evil.example/p.png)",
    "harbour": "javascript:__ran=1",
    "violin": "left \u202egnp.exe\u2067 right",
}
LIVE = ("comet", "marble", "lantern")
# What no build takes, and why.
REFUSED = {
    "left \u202egnp.md": ("Text.\n", "characters that cannot be shown"),
}
# Addresses that lead nowhere: the documents are served, and nothing links there.
NOWHERE = {
    "address.md": "---\nurl: javascript:__ran=1\n---\nText.\n",
    "data.md": "---\nurl: data:text/html,<script>1</script>\n---\nText.\n",
}
# What runs or loads something, or leads to where no link may.
HARMFUL = """() => {
  const root = document.querySelector('footnote-chat')?.shadowRoot;
  return [...document.querySelectorAll('*'), ...(root?.querySelectorAll('*') ?? [])].filter(
    (each) =>
      each.matches('img, iframe, object, embed, base, style, form[action]') ||
      [...each.attributes].some(({ name }) => name.startsWith('on')) ||
      (each.matches('script') && (each.textContent || !each.src.startsWith(location.origin))) ||
      (each.matches('a') && !/^https?:$/.test(each.protocol)),
  ).map((each) => each.outerHTML);
}"""


def _document(subject: str, payload: str) -> str:
    # An address may hold anything but a space.
    url = f"https://clinic.example/{payload}".replace(" ", "/")
    header = {"title": f"{payload} {subject}", "url": url, "questions": [_question(subject)]}
    if subject == "harbour":
        del header["url"]
    lines = "".join(f"{name}: {json.dumps(value)}\n" for name, value in header.items())
    return (
        f"---\n{lines}---\n# {subject}\n\n## {payload}\n\n"
        f"A {subject} bath {payload} lasts nine minutes.\n"
    )


def _question(subject: str) -> str:
    return f"How long does a {subject} bath {PAYLOADS[subject]} last?"


@pytest.fixture(scope="module")
def hostile(kept_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve them; quotes that hide something are quoted, and nothing is refused."""
    folder = tmp_path_factory.mktemp("hostile")
    source, index = folder / "docs", folder / "index"
    index.mkdir()
    (index / "encoders").symlink_to(kept_index / "encoders")
    documents = {name: text for name, (text, _) in REFUSED.items()} | NOWHERE
    for subject, payload in PAYLOADS.items():
        # A slash in a payload makes folders of it.
        name = f"{payload} {subject}.md" if payload.isprintable() else f"{subject}.md"
        documents[name] = _document(subject, payload)
    for name, text in documents.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(text, "utf-8")
    report = rebuild(
        *(source, index),
        model=PACKAGED,
        skip_bad=True,
        suggest=lambda generation: (candidates(generation), None),
    )
    told = [each.reason for each in sorted(report.skipped, key=lambda each: each.path)]
    assert all(why in said for said, (_, why) in zip(told, REFUSED.values(), strict=True))
    keep_threshold(index, 0.0)
    with serving(index, FOOTNOTE_SUSPICIOUS="quote") as (base, _process):
        listed = {each["path"]: each["url"] for each in httpx2.get(f"{base}/documents").json()}
        assert [listed[name] for name in NOWHERE] == [None, None]
        yield base


@pytest.fixture
def context_options() -> dict[str, Any]:
    """Let no content policy help."""
    return {"bypass_csp": True}


@pytest.fixture
def dialogs(context: BrowserContext) -> list[str]:
    """Return what opened a dialog, which is closed at once."""
    found: list[str] = []

    def close(dialog: Dialog) -> None:
        found.append(dialog.message)
        dialog.dismiss()

    context.on("dialog", close)
    return found


def _unharmed(page: Page, watch: Watch, dialogs: list[str]) -> None:
    """Assert that nothing ran, opened, or was sent elsewhere, and that nothing is there to."""
    assert page.evaluate("window.__ran") is None
    assert page.evaluate(HARMFUL) == []
    assert dialogs == []
    origin = page.evaluate("location.origin")
    # The icon of our pages is an address of its own.
    ours = (f"{origin}/", "data:image/")
    assert [url for url in watch.requests if not url.startswith(ours)] == []


def _isolated(found: Locator) -> None:
    """Assert that whatever turns direction in these elements turns nothing around them."""
    kinds = found.evaluate_all("found => found.map((each) => getComputedStyle(each).unicodeBidi)")
    assert kinds
    assert set(kinds) <= {"isolate", "plaintext"}


@pytest.mark.parametrize("subject", LIVE)
def test_where_they_are_markup_the_payloads_run(page: Page, subject: str) -> None:
    """Or else nothing would be proved below."""
    page.set_content(f"<p>{PAYLOADS[subject]}</p>")
    until(page, "window.__ran === 1")
    assert page.evaluate(HARMFUL) != []


@pytest.mark.parametrize("subject", PAYLOADS)
def test_what_a_document_holds_is_text_in_the_widget_and_on_its_page(
    hostile: str, page: Page, watch: Watch, dialogs: list[str], subject: str
) -> None:
    """Title, heading, sentence, address and file name, from the answer to the source's page."""
    question, payload = _question(subject), PAYLOADS[subject]
    body = httpx2.post(f"{hostile}/ask", json={"question": question}).json()
    (cited,) = [each for each in body["citations"] if f"{subject} bath" in each["quote"]]
    assert payload in cited["quote"]
    assert cited["title"] == f"{payload} {subject}"
    page.goto(hostile)
    chat = Chat(page)
    chat.ask(question)
    chat.finished("Sources")
    texts = page.locator(".sentence").evaluate_all("found => found.map((each) => each.textContent)")
    assert texts == [
        each["text"] + "".join(map(str, each["citations"])) for each in body["sentences"]
    ]
    sources = page.get_by_role("list", name="Sources").get_by_role("link")
    assert cited["title"] in [
        text.removesuffix(" (opens in a new tab)") for text in sources.all_text_contents()
    ]
    chat.footnote(cited["id"]).click()
    note = page.get_by_role("note")
    assert note.locator(".title").text_content() == cited["title"]
    assert note.locator(".quote").text_content() == cited["display"]
    for found in (
        *(page.locator(".sentence"), page.locator(".question p > [dir]"), sources),
        *(note.locator(".title"), note.locator(".quote"), note.get_by_role("link")),
    ):
        _isolated(found)
    _unharmed(page, watch, dialogs)
    with page.context.expect_page() as opened:
        note.get_by_role("link", name="Read it in the source").click()
    source = opened.value
    expect(source.locator("mark#quote")).to_be_focused()
    document = httpx2.get(f"{hostile}/documents/{cited['document_id']}").json()
    for place, text in (
        ("mark#quote", cited["quote"]),
        (".text", document["text"]),
        ("h1 > bdi", document["title"]),
        ("dd > bdi >> nth=0", document["path"]),
        *([("dd > a > bdi", document["url"])] if document["url"] else []),
    ):
        assert source.locator(place).text_content() == text
    _isolated(source.locator("h1 > bdi, dd bdi, .text"))
    _unharmed(source, watch, dialogs)


def test_titles_and_suggestions_are_text_on_the_home_page(
    hostile: str, page: Page, watch: Watch, dialogs: list[str]
) -> None:
    """Whatever the documents are called and suggest; one click asks what was suggested."""
    page.goto(hostile)
    suggested = httpx2.get(f"{hostile}/suggestions").json()
    assert len(suggested) > 2
    assert set(suggested) <= set(map(_question, PAYLOADS))
    suggestions = page.locator(".suggestions button")
    expect(suggestions).to_have_count(len(suggested))
    assert suggestions.all_text_contents() == suggested
    titles = page.locator(".documents bdi")
    assert sorted(titles.all_text_contents()) == sorted(
        [
            *(f"{payload} {subject}" for subject, payload in PAYLOADS.items()),
            *(name.removesuffix(".md") for name in NOWHERE),
        ]
    )
    _isolated(suggestions)
    _isolated(titles)
    suggestions.first.click()
    Chat(page).finished("Sources")
    _unharmed(page, watch, dialogs)


def test_a_question_that_is_a_payload_is_text(
    hostile: str, page: Page, watch: Watch, dialogs: list[str]
) -> None:
    """As it is asked, answered, kept across a reload, and taken back to be changed."""
    page.goto(hostile)
    chat = Chat(page)
    for count, payload in enumerate(PAYLOADS.values(), 1):
        chat.ask(payload)
        expect(page.get_by_role("button", name="Copy answer and sources")).to_have_count(count)
    asked = page.locator(".question p > [dir]")
    for _ in range(2):
        assert asked.all_text_contents() == list(PAYLOADS.values())
        _isolated(asked)
        _unharmed(page, watch, dialogs)
        page.reload()
        expect(asked).to_have_count(len(PAYLOADS))
    page.get_by_role("button", name="Edit this question").click()
    expect(chat.input).to_have_value(PAYLOADS["violin"])
    _unharmed(page, watch, dialogs)


def test_a_quote_that_turns_its_direction_turns_nothing_after_it(
    chat: Chat, scripted: Scripted
) -> None:
    """An override that is never closed ends with its sentence: the next one reads as it stands."""
    first = citation(GENES)
    turned = {**first, "quote": f"\u202e{first['quote']}"}
    scripted.will(answer(first, citation(OILY, 2)), answer(turned, citation(OILY, 2)))
    for count in (2, 4):
        chat.ask("Why?")
        expect(chat.page.locator(".sentence")).to_have_count(count)
        chat.finished(OILY)
    runs_on = """(sentence) => [0, 1].map((at) => {
      const range = document.createRange();
      range.setStart(sentence.firstChild, at);
      range.setEnd(sentence.firstChild, at + 1);
      return range.getBoundingClientRect().left;
    })"""
    lefts = [each.evaluate(runs_on) for each in chat.page.locator(".sentence").all()]
    assert [left < right for left, right in lefts[:2]] == [True, True]
    assert lefts[3][0] < lefts[3][1]
