"""The picture of the widget in README, from a real server and a real browser.

python -m tests.bench.screenshot --index .index
"""

import argparse
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.conftest import serving

TARGET = Path(__file__).parent / "widget.png"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def main() -> None:
    """Ask a question, open a footnote, ask one that is not answered, and write the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, default=Path(".index"))
    index = parser.parse_args().index
    chromium = shutil.which("chromium") or sys.exit("install Debian's chromium")
    with serving(index) as (base, _process), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 820, "height": 1010})
        page.goto(base)
        box = page.get_by_role("textbox")
        box.fill("What causes enlarged pores?")
        box.press("Enter")
        page.get_by_role("button", name="Footnote 1").first.click()
        box.fill("Does facial acupuncture hurt?")
        box.press("Enter")
        page.get_by_text("Not in the sources", exact=True).wait_for()
        page.screenshot(path=TARGET)
        browser.close()


if __name__ == "__main__":
    main()
