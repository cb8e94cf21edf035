"""Footnotes, and the page they lead to."""

from urllib.parse import parse_qs, unquote, urlsplit

from playwright.sync_api import expect

from tests.browser.bodies import DOCUMENTS, GENES, OILY, SPOKEN, answer, citation

from .conftest import Chat
from .scripted import Scripted


def test_a_footnote_opens_and_closes_and_gives_the_focus_back(
    chat: Chat, scripted: Scripted
) -> None:
    """A footnote button tells its state; a second click or Escape closes it with focus on it."""
    scripted.will(answer(citation(GENES, 1), citation(OILY, 2)))
    chat.ask("Why?")
    chat.finished(OILY)
    first, second = chat.footnote(1), chat.footnote(2)
    expect(first).to_have_attribute("aria-expanded", "false")
    first.click()
    expect(first).to_have_attribute("aria-expanded", "true")
    expect(chat.page.get_by_role("note", name="Footnote 1")).to_contain_text(GENES)
    second.click()
    expect(chat.page.get_by_role("note")).to_have_count(1)
    expect(chat.page.get_by_role("note", name="Footnote 2")).to_contain_text(OILY)
    second.click()
    expect(chat.page.get_by_role("note")).to_have_count(0)
    expect(second).to_be_focused()
    second.press("Enter")
    chat.page.get_by_role("link", name="Read it in the source").focus()
    chat.page.keyboard.press("Escape")
    expect(second).to_be_focused()
    expect(second).to_have_attribute("aria-expanded", "false")


def test_a_footnote_leads_to_its_sentence_highlighted(chat: Chat, scripted: Scripted) -> None:
    """Following a footnote shows exactly the quote marked and in view, whatever precedes it."""
    scripted.will(answer(citation(SPOKEN)))
    chat.ask("Why?")
    chat.finished(SPOKEN)
    chat.footnote(1).click()
    link = chat.page.get_by_role("link", name="Read it in the source")
    expect(link).to_have_attribute("rel", "noopener")
    with chat.page.context.expect_page() as opened:
        link.click()
    source = opened.value
    mark = source.locator("mark#quote")
    expect(mark).to_be_in_viewport()
    expect(mark).to_be_focused()
    assert mark.text_content() == SPOKEN
    assert source.locator(".text").text_content() == DOCUMENTS["pores"][1]
    assert source.evaluate("opener") is None


def test_a_document_with_an_address_of_its_own_is_linked_at_the_quote(
    chat: Chat, scripted: Scripted
) -> None:
    """A citation with a web address also links there, with a text fragment that names the quote."""
    url = "https://clinic.example/pores#oil"
    short = citation(GENES, 1, url=url)
    long = citation(OILY, 2, url="https://clinic.example/a-b?c=d")
    scripted.will(answer(short, long))
    chat.ask("Why?")
    chat.finished(GENES)
    chat.footnote(1).click()
    link = chat.page.get_by_role("link", name="Read it at clinic.example")
    target = link.get_attribute("href") or ""
    assert target.startswith(f"{url}:~:text=")
    assert unquote(target.split(":~:text=")[1]) == GENES
    chat.footnote(2).click()
    page, fragment = (link.get_attribute("href") or "").split("#:~:text=")
    assert page == "https://clinic.example/a-b?c=d"
    first, last = (unquote(part) for part in fragment.split(","))
    assert OILY.startswith(f"{first} ")
    assert OILY.endswith(f" {last}")


def test_only_web_addresses_become_links(chat: Chat, scripted: Scripted) -> None:
    """A javascript: or data: address of a document is not linked anywhere."""
    scripted.will(
        answer(citation(GENES, 1, url="javascript:alert(1)"), citation(OILY, 2, url="//x"))
    )
    chat.ask("Why?")
    chat.finished(OILY)
    for number in (1, 2):
        chat.footnote(number).click()
        for link in chat.log.get_by_role("link").all():
            parts = urlsplit(link.get_attribute("href") or "")
            assert f"{parts.scheme}://{parts.netloc}" == scripted.url


def test_a_source_link_names_the_span_in_code_points(chat: Chat, scripted: Scripted) -> None:
    """The link carries the offsets the API gave, unchanged, and nothing of a hostile id escapes."""
    cited = {**citation(SPOKEN), "document_id": "../x?y#z 😀"}
    scripted.will(answer(cited))
    chat.ask("Why?")
    chat.finished(SPOKEN)
    href = chat.page.get_by_role("list", name="Sources").get_by_role("link").get_attribute("href")
    parts = urlsplit(href or "")
    assert unquote(parts.path) == "/documents/../x?y#z 😀"
    assert parts.path.count("/") == 2
    assert parse_qs(parts.query) == {"start": [str(cited["start"])], "end": [str(cited["end"])]}
    assert parts.fragment == "quote"


def test_hovering_shows_the_quote_over_the_text(chat: Chat, scripted: Scripted) -> None:
    """The card appears beside the pointer, can be entered, moves nothing, and goes again."""
    page = chat.page
    scripted.will(answer(citation(GENES, 1), citation(OILY, 2)))
    chat.ask("Why?")
    chat.finished(OILY)
    place = chat.footnote(2).bounding_box()
    chat.footnote(1).hover()
    note = page.get_by_role("note", name="Footnote 1")
    expect(note).to_contain_text(GENES)
    expect(chat.footnote(1)).to_have_attribute("aria-expanded", "true")
    assert chat.footnote(2).bounding_box() == place
    note.hover()
    page.wait_for_timeout(500)
    expect(note).to_be_visible()
    chat.input.hover()
    expect(note).to_be_hidden()
    expect(chat.input).to_be_focused()


def test_focus_shows_the_quote_and_escape_takes_it_away(chat: Chat, scripted: Scripted) -> None:
    """Reaching a number by keyboard opens its card; Escape closes it and the number keeps focus."""
    page = chat.page
    scripted.will(answer(citation(GENES, 1), citation(OILY, 2)))
    chat.ask("Why?")
    chat.finished(OILY)
    chat.input.focus()
    for _ in range(10):
        page.keyboard.press("Shift+Tab")
        if page.get_by_role("note", name="Footnote 2").is_visible():
            break
    expect(chat.footnote(2)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("note")).to_have_count(0)
    expect(chat.footnote(2)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("note", name="Footnote 1")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Read it in the source").first).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("note", name="Footnote 1")).to_be_hidden()
    expect(page.get_by_role("note", name="Footnote 2")).to_be_visible()


def test_a_text_fragment_brings_the_sentence_into_view(chat: Chat, scripted: Scripted) -> None:
    """On the document's own page the browser itself scrolls to the sentence that was quoted."""
    filler = "<p>Something else entirely.</p>" * 200
    address = scripted.host(f"<!doctype html><title>Clinic</title>{filler}<p>{OILY}</p>{filler}")
    scripted.will(answer(citation(OILY, url=address)))
    chat.ask("Why?")
    chat.finished(OILY)
    chat.footnote(1).click()
    with chat.page.context.expect_page() as opened:
        chat.page.get_by_role("link", name="Read it at 127.0.0.1").click()
    expect(opened.value.get_by_text(OILY)).to_be_in_viewport()
    assert opened.value.evaluate("scrollY") > 1000
