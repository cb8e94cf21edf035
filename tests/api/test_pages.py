"""The home page, the files that pages load, suggestions and operations."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.api.doors import PAGE_POLICY


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


def test_suggestions_are_worked_out_once(serve, fake):
    """Visitors who come at once wait for one piece of work; it holds one worker, not all."""
    gate = threading.Event()
    with (
        serve(fake(work=lambda _question: gate.wait(10)), workers=1, queue=0) as site,
        ThreadPoolExecutor(5) as visitors,
    ):
        coming = [visitors.submit(site.client.get, "/suggestions") for _ in range(5)]
        gate.set()
        assert [each.result().json() for each in coming] == [["What damages collagen?"]] * 5
        assert site.assistant.suggested == 1


def test_suggestions_after_a_failure_and_a_swap(serve, fake, logged, expect_problem):
    """A failure is not kept; a new generation, or calibration, has suggestions of its own."""
    fails = [True]

    def work(_question):
        if fails:
            fails.clear()
            raise RuntimeError("for once")

    with serve(fake(work=work)) as site:
        expect_problem(site.client.get("/suggestions"), 500)
        assert "unexpected error" in {line["event"] for line in logged}
        for now, asked in ((("b", ""), 2), (("b", ""), 2), (("b", "c"), 3), (("d", "c"), 4)):
            site.assistant.index_id, site.assistant.calibration = now
            assert site.client.get("/suggestions").status_code == 200
            assert site.assistant.suggested == asked


def test_suggestions_when_busy(serve, fake, expect_problem):
    """With no place left, suggestions are turned away like questions."""
    gate = threading.Event()
    assistant = fake(work=lambda _question: gate.wait(10))
    with serve(assistant, workers=1, queue=0) as site, ThreadPoolExecutor(1) as asker:
        asked = asker.submit(site.ask)
        while not site.taken:
            pass
        expect_problem(site.client.get("/suggestions"), 503)
        gate.set()
        assert asked.result().status_code == 200
