"""``GET /documents`` and ``GET /documents/{id}``."""

import html

import pytest

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_list(site):
    """Every document is listed with what identifies its source, and nothing more."""
    listed = site.client.get("/documents").json()
    assert [each["id"] for each in listed] == ["pores", "skin"]
    assert all(set(each) == {"id", "title", "path", "url", "sha256"} for each in listed)


def test_a_document_is_its_canonical_text(site, text):
    """The JSON form is the listed row with the text that offsets count in."""
    response = site.client.get("/documents/skin")
    assert response.headers["content-type"] == "application/json"
    assert response.headers["vary"] == "Accept"
    listed = site.client.get("/documents").json()[1]
    assert response.json() == {**listed, "text": text}


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (FIREFOX, "text/html; charset=utf-8"),
        ("text/html;q=0.4, application/json;q=0.5", "application/json"),
        ("*/*", "application/json"),
        ("image/png", "application/json"),
    ],
)
def test_form_by_preference(site, accept, form):
    """A browser gets a page, a program JSON, by the qualities that it gives."""
    response = site.client.get("/documents/skin", headers={"accept": accept})
    assert response.headers["content-type"] == form


def test_page_highlights_the_quote(site, text):
    """The page marks exactly the code points from start to end, and escapes what surrounds them."""
    start = text.index("<b>")
    end = text.index("😀") + 1
    response = site.client.get(
        "/documents/skin", params={"start": start, "end": end}, headers={"accept": FIREFOX}
    )
    assert response.status_code == 200
    marked = response.text.partition("<mark")[2].partition(">")[2].partition("</mark>")[0]
    assert html.unescape(marked) == text[start:end]
    assert "<b>" not in response.text


@pytest.mark.parametrize("accept", [FIREFOX, "application/json"])
@pytest.mark.parametrize(
    "query",
    [
        "start=-1&end=5",
        "start=a&end=5",
        "start=1.5&end=5",
        "start=&end=",
        "start=0&end=" + "9" * 5000,
        "start=%00&end=%ff",
    ],
)
def test_offsets_that_are_no_numbers(site, expect_problem, query, accept):
    """What is not a whole number from nought on is a problem that names the parameter."""
    response = site.client.get(f"/documents/skin?{query}", headers={"accept": accept})
    detail = expect_problem(response, 422)
    assert "start" in detail or "end" in detail


@pytest.mark.parametrize("accept", [FIREFOX, "application/json"])
@pytest.mark.parametrize(
    "query", ["start=1", "end=1", "start=5&end=5", "start=6&end=5", "start=0&end=1000"]
)
def test_spans_that_are_not_there(site, expect_problem, query, accept):
    """Offsets that are fine in themselves, but no span of this text, are 404 and say what is.

    No schema can say how long a document is, so that no client can know before.
    """
    response = site.client.get(f"/documents/skin?{query}", headers={"accept": accept})
    detail = expect_problem(response, 404)
    assert "0 <= start < end <= 58" in detail


@pytest.mark.parametrize("name", ["unknown", "Skin", "%2e%2e%2fskin.md", "%00", "%ff", "a" * 3000])
def test_unknown_documents(site, expect_problem, name):
    """An id that no document has is 404, whatever it looks like; no path is ever made of it."""
    expect_problem(site.client.get(f"/documents/{name}", headers={"accept": FIREFOX}), 404)


def test_an_unknown_id_says_where_the_ids_are(site, expect_problem):
    """Who asks for a document that is not there is told where those that are can be found."""
    assert "GET /documents lists" in expect_problem(site.client.get("/documents/unknown"), 404)


def test_no_path_is_walked(site):
    """Dots that a client left in the path are an unknown id like any other."""
    for path in (b"/documents/..", b"/documents/../livez", b"/../../etc/passwd"):
        answer = site.raw(b"GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" % path)
        assert answer.startswith(b"HTTP/1.1 404 ")
