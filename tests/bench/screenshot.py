"""The pictures of the widget, from a real server and a real browser, by one command.

    python -m tests.bench.screenshot --index .index [--to FOLDER] [--all]

Without ``--all`` only ``widget.png``, the one in README.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.conftest import serving
from tests.places import ROOT

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
DESKTOP: ViewportSize = {"width": 820, "height": 1010}
PHONE: ViewportSize = {"width": 390, "height": 844}
NARROW: ViewportSize = {"width": 320, "height": 568}
ANSWERED = "What causes enlarged pores?"
REFUSED = "How much does facial acupuncture cost?"
# A language that a site adds: the frame in Arabic, around sources in English.
ARABIC = {
    "dir": "rtl",
    "intro": "اسأل بكلماتك. كل جملة في الإجابة مقتبسة من المصادر مع حاشية.",
    "suggestions": "على سبيل المثال",
    "more": "يمكنك أيضا أن تسأل",
    "placeholder": "اكتب سؤالك",
    "send": "اسأل",
    "newChat": "محادثة جديدة",
    "sources": "المصادر",
    "copy": "نسخ",
    "helpful": "هل كانت الإجابة مفيدة؟",
    "readInSource": "اقرأها في المصدر",
    "readAt": "اقرأها في {host}",
}


class Visitor:
    """A visitor of the home page, or of a page with the floating button."""

    def __init__(self, browser: Browser, base: str, size: ViewportSize, **how: str) -> None:
        self.page: Page = browser.new_page(
            viewport=size,
            device_scale_factor=1,
            reduced_motion="reduce",
            **how,
        )
        self.page.goto(base)

    def ask(self, question: str) -> None:
        """Ask, and wait until the answer is complete."""
        box = self.page.locator("footnote-chat form > textarea[part=input]")
        box.fill(question)
        box.press("Enter")
        self.page.locator("footnote-chat .extras").last.wait_for()


def readme(visitor: Visitor) -> None:
    """An answer with a footnote opened in its text."""
    visitor.ask(ANSWERED)
    visitor.page.locator(".footnote").first.click()


def answered_and_refused(visitor: Visitor) -> None:
    """An answer, and a question without one."""
    readme(visitor)
    visitor.ask(REFUSED)


def answered(visitor: Visitor) -> None:
    """An answer with its sources."""
    visitor.ask(ANSWERED)


def hovered(visitor: Visitor) -> None:
    """An answer with the card of a footnote over it."""
    visitor.ask(ANSWERED)
    visitor.page.locator(".footnote").first.hover()
    visitor.page.locator(".note:visible").wait_for()


def refused(visitor: Visitor) -> None:
    """A refusal with what was closest unfolded."""
    visitor.ask(REFUSED)
    visitor.page.locator(".closest summary").click()


def rated(visitor: Visitor) -> None:
    """An answer that did not help, and why."""
    visitor.ask(ANSWERED)
    visitor.page.locator(".thumb").last.click()
    visitor.page.locator(".told:not(:empty)").wait_for()


def floating(visitor: Visitor) -> None:
    """The floating panel, as the element stands there when no one placed it."""
    visitor.page.evaluate(
        "() => { const chat = document.createElement('footnote-chat');"
        "document.querySelector('.chat').remove();"
        "chat.dataset.title = document.querySelector('h1').textContent;"
        "document.body.append(chat); chat.open(); }"
    )
    visitor.page.locator(".suggestions button").first.wait_for()


def floating_answer(visitor: Visitor) -> None:
    """An answer in the floating panel."""
    floating(visitor)
    visitor.ask(ANSWERED)
    visitor.page.locator(".footnote").first.click()


def floating_refusal(visitor: Visitor) -> None:
    """A refusal where there is least room."""
    floating(visitor)
    refused(visitor)


def right_to_left(visitor: Visitor) -> None:
    """The frame mirrored, around quotes that keep their own direction."""
    visitor.page.evaluate(
        "texts => customElements.get('footnote-chat').addTexts('en', texts)", ARABIC
    )
    visitor.page.evaluate("document.documentElement.dir = 'rtl'")
    hovered(visitor)


def source(visitor: Visitor) -> None:
    """The page of a source with the quote marked."""
    visitor.ask(ANSWERED)
    href = visitor.page.locator(".sources a, .note a").evaluate_all(
        "links => links.map(({ href }) => href).find((href) => href.includes('/documents/'))"
    )
    visitor.page.goto(href)


def nothing(_visitor: Visitor) -> None:
    """The page as it is first seen."""


PICTURES: dict[str, tuple[Callable[[Visitor], None], ViewportSize, dict[str, str]]] = {
    "widget": (readme, DESKTOP, {}),
    "start": (nothing, DESKTOP, {}),
    "answered": (answered, DESKTOP, {}),
    "footnote": (hovered, DESKTOP, {}),
    "refused": (refused, DESKTOP, {}),
    "rated": (rated, DESKTOP, {}),
    "dark": (answered_and_refused, DESKTOP, {"color_scheme": "dark"}),
    "rtl": (right_to_left, DESKTOP, {}),
    "floating": (floating_answer, DESKTOP, {}),
    "phone": (floating_answer, PHONE, {}),
    "phone-start": (floating, PHONE, {}),
    "phone-dark": (floating_answer, PHONE, {"color_scheme": "dark"}),
    "narrow": (floating_refusal, NARROW, {}),
    "source": (source, DESKTOP, {}),
    "source-phone": (source, PHONE, {}),
}


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, default=Path(".index"))
    parser.add_argument("--to", type=Path, default=ROOT / "tests" / "bench")
    parser.add_argument("--all", action="store_true")
    chosen = parser.parse_args()
    chromium = shutil.which("chromium") or sys.exit("install Debian's chromium")
    chosen.to.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(chosen.index, FOOTNOTE_FEEDBACK=f"{folder}/feedback.jsonl") as (base, _process),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for name in PICTURES if chosen.all else ["widget"]:
            show, size, how = PICTURES[name]
            visitor = Visitor(browser, base, size, **how)
            show(visitor)
            visitor.page.wait_for_timeout(300)
            visitor.page.screenshot(path=chosen.to / f"{name}.png")
            visitor.page.close()
        browser.close()


if __name__ == "__main__":
    main()
