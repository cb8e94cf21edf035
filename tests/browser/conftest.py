"""One Chromium for the folder, one context for each test, and what every test checks besides."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from .scripted import Scripted, serving

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    # Else a rounded corner is smoothed otherwise when only a part of it is painted again.
    "--disable-partial-raster",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

# Runs before any script of a page: what the policy refused, and what a screen reader was told.
RECORD = """
addEventListener('securitypolicyviolation', (event) => {
  console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI}`);
});
globalThis.said = [];
new MutationObserver((changes) => {
  for (const { target } of changes) {
    const element = target instanceof Element ? target : target.parentElement;
    const live = element?.closest('[role=status]');
    if (live?.textContent) globalThis.said.push(live.textContent);
  }
}).observe(document, { subtree: true, childList: true, characterData: true });
"""


@dataclass
class Watch:
    """What the browser did during a test."""

    console: list[str] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Open Debian's Chromium, for this folder: Playwright's loop must not outlive these tests."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("these tests need Chromium: apt-get install chromium")
    expect.set_options(timeout=10_000)  # a busy machine is slow, not wrong
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def _server() -> Iterator[Scripted]:
    with serving(Scripted()) as scripted:
        yield scripted


@pytest.fixture
def scripted(_server: Scripted) -> Scripted:
    """Return a server with an empty script."""
    fresh = Scripted()
    for each in fields(Scripted):
        if each.name != "url":
            setattr(_server, each.name, getattr(fresh, each.name))
    return _server


@pytest.fixture
def watch() -> Watch:
    """Return what the browser did, so far."""
    return Watch()


@pytest.fixture
def context_options() -> dict[str, Any]:
    """Return what else a browser is told; a module may say."""
    return {}


@pytest.fixture
def context(
    browser: Browser, watch: Watch, context_options: dict[str, Any]
) -> Iterator[BrowserContext]:
    """Open a browser without a past; a policy violation or uncaught exception fails the test."""
    context = browser.new_context(
        viewport={"width": 1000, "height": 900}, reduced_motion="reduce", **context_options
    )
    context.set_default_timeout(10_000)
    context.add_init_script(RECORD)
    context.on("console", lambda message: watch.console.append(message.text))
    context.on("weberror", lambda error: watch.crashes.append(str(error.error)))
    context.on("request", lambda request: watch.requests.append(request.url))
    yield context
    context.close()
    # That an origin is not allowed is a browser's "CORS policy"; what is meant is a page's own.
    console = [text.lower().replace("cors policy", "") for text in watch.console]
    assert not [text for text in console if "policy" in text]
    assert not watch.crashes


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """Open an empty tab."""
    return context.new_page()


@dataclass(frozen=True)
class Chat:
    """The widget as a visitor meets it."""

    page: Page

    @property
    def input(self) -> Locator:
        """Where the question is typed."""
        return self.page.get_by_role("textbox", name="Your question")

    @property
    def log(self) -> Locator:
        """The conversation."""
        return self.page.get_by_role("log")

    @property
    def send(self) -> Locator:
        """The button that asks."""
        return self.page.get_by_role("button", name="Ask", exact=True)

    @property
    def retry(self) -> Locator:
        """The button that asks the same again."""
        return self.page.get_by_role("button", name="Try again")

    def footnote(self, number: int) -> Locator:
        """Return the button of a footnote."""
        return self.page.get_by_role("button", name=f"Footnote {number}:")

    def ask(self, question: str) -> None:
        """Type a question and send it."""
        self.input.fill(question)
        self.input.press("Enter")

    def finished(self, text: str) -> None:
        """Wait until the conversation shows `text` and nothing more is coming in."""
        expect(self.log).to_contain_text(text)
        expect(self.send).to_be_visible()

    def said(self) -> list[str]:
        """Return what a screen reader was told since the page was opened."""
        said: list[str] = self.page.evaluate("globalThis.said")
        return said


@pytest.fixture
def chat(page: Page, scripted: Scripted) -> Chat:
    """Open the widget on the product's own page."""
    page.goto(scripted.url)
    return Chat(page)
