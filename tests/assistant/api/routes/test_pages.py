"""The home page, the files that pages load, suggestions and operations."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.api.doors.doors import PAGE_POLICY


def test_home_has_the_widget_and_the_documents(site):
    """The page loads the widget, shows how to embed it, and links every document."""
    response = site.client.get("/")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert 'src="widget.js"' in response.text
    assert f"{site.url}/widget.js" in response.text
    assert 'href="documents/pores"' in response.text
    assert "<i>" not in response.text


def test_title_is_the_owners(serve):
    """The page carries the title of the settings."""
    with serve(title="Ask <Bob>") as site:
        assert "Ask &lt;Bob&gt;" in site.client.get("/").text


def test_pages_load_only_from_here(site):
    """Both pages have exactly the strict policy, and hold nothing that it would block."""
    for path in ("/", "/documents/skin"):
        response = site.client.get(path, headers={"accept": "text/html"})
        assert response.headers["content-security-policy"] == PAGE_POLICY
        assert PAGE_POLICY == (
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            "img-src 'self' data:; require-trusted-types-for 'script'; base-uri 'none'; "
            "form-action 'none'; frame-ancestors 'none'"
        )
        assert "<style" not in response.text
        assert "<script>" not in response.text
        assert 'src="http' not in response.text


@pytest.mark.parametrize(
    ("path", "media_type", "reach"),
    [
        ("/widget.js", "text/javascript; charset=utf-8", "cross-origin"),
        ("/page.css", "text/css; charset=utf-8", "same-origin"),
        ("/home.js", "text/javascript; charset=utf-8", "same-origin"),
        ("/document.js", "text/javascript; charset=utf-8", "same-origin"),
    ],
)
def test_assets(site, path, media_type, reach):
    """A browser keeps an asset but asks each time; only the widget may be used by other sites."""
    response = site.client.get(path)
    assert response.headers["content-type"] == media_type
    assert response.headers["cross-origin-resource-policy"] == reach
    assert response.headers["cache-control"] == "no-cache"
    assert len(response.content) > 50
    etag = response.headers["etag"]
    for known in (etag, f'"other", W/{etag}', "*"):
        again = site.client.get(path, headers={"if-none-match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert site.client.get(path, headers={"if-none-match": '"other"'}).status_code == 200


def test_operations(site):
    """Liveness and readiness answer, and readiness names the generation."""
    assert site.client.get("/livez").json() == {"status": "alive"}
    ready = site.client.get("/readyz").json()
    assert ready == {"status": "ready", "index_id": site.assistant.index_id}


def test_suggestions_wait_for_nothing(serve, fake):
    """They lie in the generation: with every worker busy and no place left they are there."""
    gate = threading.Event()
    assistant = fake(work=lambda _question: gate.wait(10))
    with serve(assistant, workers=1, queue=0) as site, ThreadPoolExecutor(1) as asker:
        asked = asker.submit(site.ask)
        while not site.taken:
            pass
        assert site.client.get("/suggestions").json() == ["What damages collagen?"]
        beside = site.client.get("/suggestions", params={"beside": "Why?"})
        assert beside.json() == ["After Why?"]
        gate.set()
        assert asked.result().status_code == 200
