"""``POST /feedback``, over a real connection."""

import json

import pytest

from assistant.api.work import feedback


def test_feedback_about_an_answer_is_kept(serve, tmp_path):
    """An answer says that it can be rated; the rating, changed once, is in the owner's file."""
    path = tmp_path / "feedback.jsonl"
    with serve(feedback=path) as site:
        for body in ({}, {"stream": True}):
            assert site.ask(**body).headers["footnote-feedback"] == "kept"
        for said in ({"helpful": True}, {"helpful": False, "reason": " too short 😀 "}):
            response = site.client.post("/feedback", json={"id": "1", **said})
            assert (response.status_code, response.content) == (204, b"")
    first, last = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    assert (first["helpful"], first["reason"]) == (True, "")
    assert (last["helpful"], last["reason"]) == (False, "too short 😀")
    assert last["question_used"] == "What damages collagen?"


def test_without_the_setting_nobody_is_asked(site, expect_problem):
    """No answer invites a rating, and one that comes all the same is told why it is not kept."""
    assert "footnote-feedback" not in site.ask().headers
    response = site.client.post("/feedback", json={"id": "1", "helpful": True})
    assert "FOOTNOTE_FEEDBACK" in expect_problem(response, 404)


def test_what_cannot_be_kept_is_a_problem(serve, tmp_path, expect_problem, monkeypatch):
    """An unknown answer, a wrong body and a mind changed too often are refused by name."""
    monkeypatch.setattr(feedback, "MOST_CHANGES", 0)
    with serve(feedback=tmp_path / "feedback.jsonl") as site:
        post = site.client.post
        assert "id" in expect_problem(post("/feedback", json={"id": "x", "helpful": True}), 404)
        site.ask()
        expect_problem(post("/feedback", json={"id": "1", "helpful": True}), 429)
        long = {"id": "1", "helpful": True, "reason": "x" * 1001}
        for body in ({"id": "1"}, {"id": "1", "helpful": 1}, {"id": "1", "helpful": "yes"}, long):
            expect_problem(post("/feedback", json=body), 422)
        expect_problem(post("/feedback", content=b"x" * 20_000), 413)
    assert (tmp_path / "feedback.jsonl").read_bytes() == b""


@pytest.mark.parametrize("origin", ["https://clinic.example"])
def test_a_site_that_embeds_the_widget_sees_whether_answers_can_be_rated(serve, tmp_path, origin):
    """The header is exposed to the pages that may ask at all."""
    with serve(feedback=tmp_path / "f.jsonl", origins=[origin]) as site:
        response = site.client.post("/ask", json={"question": "a"}, headers={"origin": origin})
        assert "footnote-feedback" in response.headers["access-control-expose-headers"].lower()
