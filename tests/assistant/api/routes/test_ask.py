"""``POST /ask``, over a real connection."""

import json

import pytest

from assistant.api.work.asking import MOST_CONTENT
from assistant.schemas import MOST_TURNS, AskResponse

JSON = {"content-type": "application/json"}


def _events(body: str) -> list[tuple[str, dict]]:
    """Read server-sent events as the HTML standard has it."""
    events = []
    for block in body.strip().split("\n\n"):
        fields = [line.split(": ", 1) for line in block.split("\n") if not line.startswith(":")]
        if fields:
            (_, name), (_, data) = fields
            events.append((name, json.loads(data)))
    return events


def test_an_answer_is_exactly_what_the_assistant_made(site):
    """The body is the AskResponse of the assistant, field for field, and nothing may cache it."""
    response = site.ask()
    expected = site.assistant.answer("What damages collagen?")
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "no-store"
    assert response.json() == expected.model_dump()
    assert AskResponse.model_validate_json(response.content) == expected


def test_same_question_same_bytes_in_utf8(site):
    """The same answer is the same bytes, and what is beyond ASCII is UTF-8 rather than escapes."""
    first, second = (site.ask("price?").content for _ in range(2))
    assert first == second
    assert "café" in first.decode("utf-8")


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ({"stream": True}, {}),
        ({}, {"accept": "text/event-stream"}),
        ({"stream": False}, {"accept": "text/event-stream, application/json;q=0.5"}),
    ],
)
def test_stream(site, body, headers):
    """Asked with ``stream`` or ``Accept``, an answer is meta, a sentence each, then the body."""
    question = "What damages collagen?"
    response = site.client.post("/ask", json={"question": question, **body}, headers=headers)
    whole = site.ask(question).json()
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["cache-control"] == "no-store"
    meta = {key: whole[key] for key in ("id", "index_id", "question_used")}
    sentences = [
        ("sentence", {"sentence": sentence, "citations": [citation]})
        for sentence, citation in zip(whole["sentences"], whole["citations"], strict=True)
    ]
    assert _events(response.text) == [("meta", meta), *sentences, ("done", whole)]
    assert response.text.endswith("\n\n")


@pytest.mark.parametrize(
    "accept", ["application/json", "*/*", "application/json, text/event-stream"]
)
def test_json_unless_events_are_preferred(site, accept):
    """A client that takes both, or anything, gets JSON."""
    response = site.client.post("/ask", json={"question": "a"}, headers={"accept": accept})
    assert response.headers["content-type"] == "application/json"


def test_refusal_streams_without_sentences(site):
    """A refusal has no sentence events: meta, then the body."""
    assert [name for name, _ in _events(site.ask("price?", stream=True).text)] == ["meta", "done"]


def test_failure_in_a_stream_is_an_error_event(serve, fake, logged):
    """Once a stream has begun, a failure is an ``error`` event holding a problem, and is logged."""

    def fail(_question):
        raise RuntimeError("secret state")

    with serve(fake(work=fail)) as site:
        response = site.ask(stream=True)
    ((name, problem),) = _events(response.text)
    assert name == "error"
    assert (problem["type"], problem["status"]) == ("about:blank", 500)
    assert "secret" not in response.text
    assert [line["log_level"] for line in logged if line["event"] == "unexpected error"] == [
        "error"
    ]


def test_failure_is_a_problem_without_a_trace(serve, fake, logged, expect_problem):
    """An unexpected error is a 500 problem that tells nothing of the inside; the log has it all."""

    def fail(_question):
        raise RuntimeError("secret state")

    with serve(fake(work=fail)) as site:
        response = site.ask()
    assert "secret" not in response.text
    expect_problem(response, 500)
    (line,) = [line for line in logged if line["event"] == "unexpected error"]
    assert line["exc_info"]


def test_long_history_is_taken(site):
    """Of ten thousand turns in any order the last reach the assistant; none is rejected."""
    turns = [{"role": "user" if i % 3 else "assistant", "content": f"{i}"} for i in range(10_000)]
    response = site.ask("And then?", history=turns)
    assert response.status_code == 200
    _, history = site.assistant.asked[-1]
    assert [turn.model_dump() for turn in history] == turns[-MOST_TURNS:]


def test_long_messages_are_cut(site):
    """Of a message of any length its beginning reaches the assistant."""
    site.ask("And then?", history=[{"role": "user", "content": "ab" * 400_000}])
    _, (turn,) = site.assistant.asked[-1]
    assert turn.content == "ab" * (MOST_CONTENT // 2)


def test_half_a_surrogate_pair_in_history_is_replaced(site):
    """What JSON can spell and no text may hold never reaches a model: it becomes U+FFFD."""
    body = rb'{"question": "a", "history": [{"role": "user", "content": "x\ud83dy \ud83d\ude00"}]}'
    response = site.client.post("/ask", content=body, headers=JSON)
    assert response.status_code == 200
    _, history = site.assistant.asked[-1]
    assert [turn.content for turn in history] == ["x\ufffdy 😀"]


def test_nul_in_a_question_is_only_a_character(site):
    """A NUL is passed on and comes back as it was."""
    response = site.ask("a\x00b")
    assert response.json()["question_used"] == "a\x00b"


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (b"", 422, "JSON object"),
        (b"{", 400, "JSON"),
        (b"[" * 100_000, 400, "JSON"),
        (b'{"question": "\xff\xfe"}', 400, "UTF-8"),
        (b"9" * 5000, 400, "JSON"),
        (b"null", 422, "JSON object"),
        (b"[]", 422, "JSON object"),
        (b'"question"', 422, "JSON object"),
        (b"{}", 422, "question: is required"),
        (b'{"question": ""}', 422, "question: string should have at least 1 character"),
        (b'{"question": " \\n\\t"}', 422, "question: must hold more than white space"),
        (b'{"question": "%s"}' % (b"a" * 2001), 422, "question: string should have at most 2000"),
        (b'{"question": 7}', 422, "question: input should be a valid string"),
        (b'{"question": null}', 422, "question: input should be a valid string"),
        (b'{"question": ["a"]}', 422, "question: input should be a valid string"),
        (b'{"question": NaN}', 422, "question: input should be a valid string"),
        (b'{"question": "a\\ud800"}', 422, "question: must be well-formed Unicode"),
        (b'{"question": "\xed\xa0\x80"}', 422, "question: must be well-formed Unicode"),
        (b'{"question": "a", "stream": 1e999}', 422, "stream: "),
        (b'{"question": "a", "stream": 0}', 422, "stream: input should be a valid boolean"),
        (b'{"question": "a", "stream": "no"}', 422, "stream: input should be a valid boolean"),
        (b'{"question": "a", "stream": 123456789012345678901234567890}', 422, "stream: "),
        (b'{"question": "a", "model": "x"}', 422, "model: is not a known field"),
        (b'{"question": "a", "\\ud800": 1}', 422, "The body: must be"),
        (b'{"question": "a", "history": [{"\\ud800": 1}]}', 422, "history.0: must be well-formed"),
        (b'{"question": "a", "history": "b"}', 422, "history: input should be a valid list"),
        (
            b'{"question": "a", "history": [{"role": "user"}]}',
            422,
            "history.0.content: is required",
        ),
        (
            b'{"question": "a", "history": [{"role": "system", "content": "b"}]}',
            422,
            "history.0.role: input should be 'user' or 'assistant'",
        ),
        (b'{"question": "a", "history": [%s1]}' % (b"1," * 9_999), 422, "And 197 more."),
        (
            b'{"question": "a", %s}' % b",".join(b'"%d": 1' % i for i in range(30)),
            422,
            "The body: has too many fields.",
        ),
        (
            b'{"question": "a", "history": [{%s}]}' % b",".join(b'"%d": 1' % i for i in range(30)),
            422,
            "history.0: has too many fields.",
        ),
        (b'{"a": %s1%s}' % (b'{"b":' * 900, b"}" * 900), 422, "question: is required"),
    ],
)
def test_bad_bodies(site, expect_problem, body, status, says):
    """Whatever is sent, the answer is a problem that names what to mend; nothing crashes."""
    before = len(site.assistant.asked)
    detail = expect_problem(site.client.post("/ask", content=body, headers=JSON), status)
    assert says in detail
    assert len(detail) < 500
    assert len(site.assistant.asked) == before
    assert site.ask().status_code == 200


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_only_json_is_read(site, expect_problem, content_type):
    """A form of another site cannot ask: browsers send such types without a preflight."""
    headers = {"content-type": content_type} if content_type else {}
    response = site.client.post("/ask", content=b'{"question": "a"}', headers=headers)
    assert "Content-Type: application/json" in expect_problem(response, 422)


def test_body_over_one_mebibyte(site, expect_problem):
    """A body over 1 MiB is 413, whether its length is declared or it only keeps coming."""
    body = b'{"question": "%s"}' % (b"a" * 10_000_000)
    declared = site.client.post("/ask", content=body, headers=JSON)
    chunks = (body[i : i + 65536] for i in range(0, len(body), 65536))
    streamed = site.client.post("/ask", content=chunks, headers=JSON)
    for response in (declared, streamed):
        assert "1048576 bytes" in expect_problem(response, 413)
    exact = b'{"question": "a", "history": [{"role": "user", "content": "%s"}]}'
    fits = exact % (b"a" * ((1 << 20) - len(exact) + 2))
    assert len(fits) == 1 << 20
    assert site.client.post("/ask", content=fits, headers=JSON).status_code == 200
