"""How the widget gets onto a page: as a module, by a loader, beside old libraries, uninvited."""

import pytest
from playwright.sync_api import Page, expect

from assistant.widget import pages
from tests.browser.bodies import GENES, OILY, answer, citation
from tests.browser.conftest import Chat, Watch
from tests.browser.scripted import Scripted, problem

PAGE = '<!doctype html><html lang="en"><title>Host</title><body><h1>Host</h1>{}'
LOADER = """<script>
const tag = document.createElement('script');
tag.src = '{src}';
tag.dataset.title = 'Ask us';
tag.onload = () => tag.remove();
document.head.append(tag);
</script>"""
COPY = """<script src="{src}" type="text/plain"></script><script>
fetch('{src}').then((response) => response.text()).then((text) => (0, eval)(text));
</script>"""
WAYS = {
    "module": '<script type="module" src="{src}" data-title="Ask us"></script>',
    "async module": '<script type="module" src="{src}?v=3" data-title="Ask us" async></script>',
    "imported": "<script type=\"module\">await import('{src}')</script>",
    "imported by a classic script": "<script>import('{src}?v=3#x')</script>",
    "preloaded": (
        '<link rel="modulepreload" href="{src}"><script type="module">import "{src}"</script>'
    ),
    "async": '<script src="{src}?v=3" data-title="Ask us" async crossorigin></script>',
    "with its hash": (
        '<script src="{src}" integrity="{hash}" crossorigin data-title="Ask us"></script>'
    ),
    "made by a script": LOADER,
    "a copy that is run": COPY,
}


def _launcher(page: Page, name: str = "Ask us") -> None:
    """Open the panel."""
    page.get_by_role("button", name=name).click()


@pytest.mark.parametrize("way", WAYS)
def test_the_server_is_found_however_the_file_is_loaded(
    page: Page, scripted: Scripted, watch: Watch, way: str
) -> None:
    """No tag runs a module; the widget asks the server that the file came from nevertheless."""
    scripted.will(answer(citation(GENES)))
    src = f"{scripted.url}/widget.js"
    html = WAYS[way].replace("{src}", src).replace("{hash}", pages.widget_integrity())
    page.goto(scripted.host(PAGE.format(html)).replace("127.0.0.1", "localhost"))
    _launcher(page, "Ask us" if "data-title" in html or "dataset" in html else "Ask a question")
    chat = Chat(page)
    chat.ask("Why?")
    chat.finished(GENES)
    assert f"{scripted.url}/ask" in watch.requests


@pytest.mark.parametrize("named", ["tag", "element"])
def test_a_part_of_another_file_is_told_its_server(
    page: Page, scripted: Scripted, watch: Watch, named: str
) -> None:
    """A site that bundles the file says where the server is, on the tag or on the element."""
    scripted.will(answer(citation(GENES)))
    code = pages.widget_js().decode().replace("</script", "<\\/script")
    server = f'data-server="{scripted.url}"'
    element = f"<footnote-chat {server}></footnote-chat>" if named == "element" else ""
    html = f"{element}<script {server if named == 'tag' else ''}>{code}</script>"
    page.goto(scripted.host(PAGE.format("") + html).replace("127.0.0.1", "localhost"))
    _launcher(page, "Ask a question")
    chat = Chat(page)
    chat.ask("Why?")
    chat.finished(GENES)
    assert f"{scripted.url}/ask" in watch.requests


# In the manner of Prototype.js 1.6, json2.js, and wrappers that measure a page's requests.
OLD = """<script>
for (const type of [Array, String, Number, Boolean, Date]) {
  type.prototype.toJSON = function () { return 'as ' + JSON.stringify(String(this)); };
}
Array.prototype.entries = function () { return this.slice(); };
Array.prototype.reduce = function () { return this.length > 1 ? this : this[0]; };
Array.prototype.each = Array.prototype.forEach;
Array.from = (list) => (list ? [].slice.call(list) : []);
String.prototype.toArray = function () { return this.split(''); };
Object.prototype.extended = function () { return true; };
HTMLElement.prototype.show = function () { this.style.display = ''; return this; };
const native = window.fetch;
window.fetch = function (url, options) {
  if (url.indexOf('/measured') > -1) throw new Error('no');
  return native.apply(this, arguments).then((response) => response, (error) => {
    throw { wrapped: String(error) };
  });
};
</script>"""
OBJECTS = "<script>Object.prototype.toJSON = function () { return 'an object'; };</script>"
OWN_JSON = "<script>JSON = { encode: String, decode: (text) => eval(`(${text})`) };</script>"


@pytest.mark.parametrize("library", [OLD, OBJECTS, OWN_JSON], ids=["old", "objects", "own JSON"])
def test_a_page_with_an_old_library_gets_answers(
    page: Page, scripted: Scripted, library: str
) -> None:
    """Whatever it adds to arrays, objects and strings, the server is asked what was typed."""
    scripted.ratable = True
    scripted.will(answer(citation(GENES)), answer(citation(OILY)))
    tag = '<script src="/widget.js" data-title="Ask us"></script>'
    page.goto(scripted.host(PAGE.format(library + tag)))
    _launcher(page)
    chat = Chat(page)
    chat.ask('Why "so"?\\ 😀')
    chat.finished(GENES)
    page.get_by_role("button", name="Yes, helpful").click()
    expect(page.locator(".told")).to_contain_text("Thank you")
    chat.ask("And oil?")
    chat.finished(OILY)
    first, second = scripted.asked
    assert first.question == 'Why "so"?\\ 😀'
    assert [turn.content for turn in second.history] == [first.question, f"{GENES} [1]"]
    assert [rating.helpful for rating in scripted.ratings] == [True]
    if library is not OWN_JSON:  # without JSON.parse nothing that was kept is read
        page.reload()
        _launcher(page)
        expect(page.locator(".question")).to_have_count(2)


def test_a_wrapped_fetch_that_fails_in_its_own_way_is_a_network_failure(
    page: Page, scripted: Scripted
) -> None:
    """What a wrapper throws is no answer, and the visitor may try again or stop."""
    throwing = "<script>window.fetch = () => { throw new RangeError('measured') };</script>"
    tag = '<script src="/widget.js" data-title="Ask us"></script>'
    page.goto(scripted.host(PAGE.format(throwing + tag)))
    _launcher(page)
    chat = Chat(page)
    chat.ask("Why?")
    chat.finished("The server could not be reached.")
    expect(chat.retry).to_be_visible()


@pytest.mark.parametrize(("lang", "told"), [("en", "not available here"), ("zh", "此处无法使用")])
def test_an_origin_that_is_not_allowed_is_told_so(
    page: Page, scripted: Scripted, real_server: str, watch: Watch, lang: str, told: str
) -> None:
    """The owner reads the setting in the console; the visitor is not sent to try again."""
    tag = f'<script src="{real_server}/widget.js" data-title="Ask us" data-lang="{lang}"></script>'
    page.goto(scripted.host(PAGE.format(tag)))
    _launcher(page)
    page.get_by_role("textbox").fill("Why?")
    page.get_by_role("textbox").press("Enter")
    failure = page.locator(".failure")
    expect(failure).to_contain_text(told)
    expect(failure.get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("textbox")).to_have_value("")
    ours = [text for text in watch.console if text.startswith("Footnote:")]
    assert ours
    for text in ours:
        assert f'origins = ["{scripted.url}"]' in text
        assert "footnote.toml" in text
        assert "footnote.toml" in text
    page.reload()  # it is not kept as an answer that was broken off
    _launcher(page)
    expect(page.locator(".question")).to_have_count(0)


def test_a_server_that_is_gone_is_not_taken_for_one_that_refuses(
    page: Page, scripted: Scripted, watch: Watch
) -> None:
    """From another origin too, a failure of the network is told as one."""
    tag = f'<script src="{scripted.url}/widget.js" data-title="Ask us"></script>'
    page.goto(scripted.host(PAGE.format(tag)).replace("127.0.0.1", "localhost"))
    _launcher(page)
    chat = Chat(page)
    for gone in ("**/ask", "**"):  # that one request, and then all
        page.route(f"{scripted.url}/{gone}", lambda route: route.abort())
        chat.ask("Why?")
        chat.finished("The server could not be reached.")
        expect(chat.retry).to_be_visible()
    assert not [text for text in watch.console if text.startswith("Footnote:")]


def test_a_host_that_is_not_allowed_is_told_to_the_owner(
    page: Page, scripted: Scripted, watch: Watch
) -> None:
    """A proxy that asks under a name which the server does not answer to."""
    page.goto(scripted.url)
    chat = Chat(page)
    detail = "This server does not answer to that host name. Add it to allowed_hosts."
    scripted.will(problem(400, detail))
    chat.ask("Why?")
    chat.finished("The assistant is not available here.")
    expect(chat.retry).to_have_count(0)
    assert [text for text in watch.console if detail in text and scripted.url in text]
    assert chat.said()[-1] == "The assistant is not available here."
