"""Which form a client prefers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.api.routes.negotiation import preferred

OFFERS = ("application/json", "text/html")
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "offer"),
    [
        (None, "application/json"),
        ("", "application/json"),
        ("*/*", "application/json"),
        (FIREFOX, "text/html"),
        ("text/*", "text/html"),
        ("text/*;q=0.5, application/json;q=0.4", "text/html"),
        ("application/json, text/html", "application/json"),
        ("text/html;q=0.9, application/json;q=0.8", "text/html"),
        ("TEXT/HTML; Q=0.9 , */* ; q=0.1", "text/html"),
        ("application/json;q=0, */*", "text/html"),
        ("text/html;q=high, application/json;q=0.1", "application/json"),
        ("text/html;q=7", "application/json"),
        ("text/html;q=nan", "application/json"),
        ("text/html;level=1", "text/html"),
        ("image/png", "application/json"),
        (";;,,;q=,/", "application/json"),
    ],
)
def test_preferred(accept, offer):
    """Quality decides, the specific range sets it, equals and nonsense fall to the first offer."""
    assert preferred(accept, OFFERS) == offer


@given(st.text())
def test_any_header_has_an_answer(accept):
    """No header can crash the choice, and the choice is always one of the offers."""
    assert preferred(accept, OFFERS) in OFFERS
