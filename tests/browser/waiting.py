"""Waiting for what a page does, under any policy that the page has."""

import time

from playwright.sync_api import Page

_SECONDS = 10.0


def until(page: Page, expression: str) -> None:
    """Wait until an expression is true in a page.

    Playwright's own ``wait_for_function`` looks again by ``eval`` in the page, which a strict
    policy forbids.
    """
    end = time.monotonic() + _SECONDS
    while not page.evaluate(expression):
        assert time.monotonic() < end, f"{expression} did not become true in {_SECONDS} s"
        page.wait_for_timeout(20)
