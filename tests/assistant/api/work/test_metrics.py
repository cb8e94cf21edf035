"""``/metrics``, the doors that an owner can close, and what is logged of a question."""

import re

import pytest
from prometheus_client.parser import text_string_to_metric_families

from assistant.api.state import state_of

QUESTION = "my very private question"


def _samples(site):
    text = site.client.get("/metrics").text
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_metrics_count_what_happened(serve):
    """Answers by status, seconds, places and the generation are there, in Prometheus' own form."""
    with serve() as site:
        for question in ("a", "b", "what price?"):
            site.ask(question)
        site.ask("c", stream=True)
        response = site.client.get("/metrics")
        assert response.headers["content-type"].startswith("text/plain; version=")
        assert response.headers["cache-control"] == "no-store"
        found = _samples(site)
        assert found["footnote_answers_total", ("status", "answered")] == 3
        assert found["footnote_answers_total", ("status", "refused")] == 1
        assert found["footnote_answer_seconds_count",] == 4
        assert found["footnote_answer_seconds_sum",] > 0
        for name in ("footnote_queue", "footnote_in_flight", "footnote_streams"):
            assert found[name,] == 0
        assert found["footnote_index_info", ("index_id", "a" * 64)] == 1
        assert found["process_resident_memory_bytes",] > 1e7
        assert found["process_open_fds",] > 3
        reasons = (
            "queue",
            "streams",
            "deadline",
            "rate",
            "key",
            "connections",
            "bodies",
            "framing",
        )
        for reason in reasons:
            assert found["footnote_rejected_total", ("reason", reason)] == 0


def test_metrics_follow_the_generation(serve):
    """After a swap the new generation is named, and the old one no longer."""
    with serve() as site:
        site.client.get("/metrics")
        site.assistant.index_id = "b" * 64
        text = site.client.get("/metrics").text
        assert re.findall(r'index_id="(\w+)"', text) == ["b" * 64]


def test_metrics_count_refusals(serve):
    """Whoever was turned away at the door is counted, by reason."""
    with serve(rate="1/hour", keys=["0" * 64]) as site:
        assert [site.ask().status_code for _ in range(3)] == [401, 429, 429]
        text = state_of(site.app).metrics.exposition("a").decode()
        assert 'footnote_rejected_total{reason="key"} 1.0' in text
        assert 'footnote_rejected_total{reason="rate"} 2.0' in text


def test_two_servers_count_apart(serve):
    """Metrics are a server's own, not the process's."""
    with serve() as one, serve() as other:
        one.ask()
        assert ("footnote_answers_total", ("status", "answered")) not in _samples(other)


def test_metrics_hold_nothing_of_a_visitor(serve):
    """No question, history, answer or address is in them, nor anything that a client chose."""
    with serve() as site:
        site.ask(QUESTION, history=[{"role": "user", "content": QUESTION}])
        site.client.get(f"/{QUESTION}", headers={"user-agent": QUESTION, "origin": QUESTION})
        text = site.client.get("/metrics").text
        assert "private" not in text
        assert "collagen" not in text
        assert "127.0.0.1" not in text


@pytest.mark.parametrize(
    ("closed", "gone", "there"),
    [
        ("page", ["/", "/home.js"], ["/widget.js", "/page.css", "/document.js", "/openapi.json"]),
        ("metrics", ["/metrics"], ["/", "/openapi.json"]),
        ("openapi", ["/openapi.json"], ["/", "/metrics"]),
    ],
)
def test_closed_doors(serve, expect_problem, closed, gone, there):
    """What an owner closes is not there, as if it never had been; the rest is as it was."""
    with serve(closed=[closed]) as site:
        for path in gone:
            expect_problem(site.client.get(path), 404)
        for path in there:
            assert site.client.get(path).status_code == 200
        assert site.ask().status_code == 200
        assert site.client.get("/documents/pores", headers={"accept": "text/html"}).is_success


def test_all_doors_closed(serve):
    """With everything closed, asking, documents and health are left, and no documentation page."""
    with serve(closed=["page", "metrics", "openapi"]) as site:
        for path in ("/", "/metrics", "/openapi.json", "/docs", "/redoc"):
            assert site.client.get(path).status_code == 404
        for path in ("/livez", "/readyz", "/documents", "/suggestions"):
            assert site.client.get(path).status_code == 200


def test_a_question_is_logged_only_if_the_owner_says_so(serve, logged):
    """By default nothing of it is logged; when it is, masked, and its history never."""
    history = [{"role": "user", "content": "the history"}]
    question = "Call +49 170 1234567 or me@example.com, card 4111 1111 1111 1111\n\x1b[2J forged"
    with serve() as site:
        site.ask(question, history=history)
    assert "question" not in {line["event"] for line in logged}
    assert "forged" not in repr(logged)
    with serve(log_questions=True) as site:
        site.ask(question, history=history)
        site.ask("price?", stream=True)
    first, second = (line for line in logged if line["event"] == "question")
    assert first["question"] == "Call [phone] or [mail], card [card]\n\x1b[2J forged"
    assert (first["status"], second["status"]) == ("answered", "refused")
    assert second["question"] == "price?"
    assert "the history" not in repr(logged)
