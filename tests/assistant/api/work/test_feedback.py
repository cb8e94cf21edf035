"""What is remembered of an answer, and what is written of what was said."""

import json
import stat
from pathlib import Path

import pytest

from assistant.api.work import feedback
from assistant.api.work.feedback import Feedback, TooOften, UnknownAnswer
from assistant.schemas import AskResponse, Citation, Timing
from index.errors import FootnoteError


def _answer(name: str) -> AskResponse:
    citation = Citation(
        id=1,
        document_id="pores",
        title="Pores",
        path="pores.md",
        url=None,
        document_sha256="0" * 64,
        start=3,
        end=9,
        quote="quote!",
        display="quote!",
        page=None,
        score=0.9,
    )
    return AskResponse(
        id=name,
        index_id="f" * 64,
        status="answered",
        reason=None,
        answer="quote! [1]",
        sentences=[],
        citations=[citation],
        closest=[],
        confidence=0.9,
        question_used="What causes enlarged pores?",
        generator="extractive",
        timing_ms=Timing(retrieve=1, rerank=1, total=2),
    )


def _lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_a_line_says_what_the_owner_can_act_upon(tmp_path: Path) -> None:
    """Time, question, quotes and verdict; a later line about the same answer takes its place."""
    path = tmp_path / "feedback.jsonl"
    kept = Feedback(path, clock=lambda: 1_700_000_000.0)
    kept.remember(_answer("a"))
    kept.keep("a", helpful=True)
    kept.keep("a", helpful=False, reason="Says nothing of\nageing 😀")
    first, last = _lines(path)
    assert first == {
        "at": "2023-11-14T22:13:20+00:00",
        "id": "a",
        "index_id": "f" * 64,
        "question_used": "What causes enlarged pores?",
        "status": "answered",
        "citations": [{"document_id": "pores", "start": 3, "end": 9}],
        "helpful": True,
        "reason": "",
    }
    assert (last["helpful"], last["reason"]) == (False, "Says nothing of\nageing 😀")


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    """The file is made for its owner's eyes alone."""
    path = tmp_path / "feedback.jsonl"
    Feedback(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_only_answers_given_lately_can_be_rated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer is forgotten after a day, or when too many came after it; nothing is written."""
    now = [0.0]
    path = tmp_path / "feedback.jsonl"
    kept = Feedback(path, clock=lambda: now[0])
    with pytest.raises(UnknownAnswer):
        kept.keep("a", helpful=True)
    kept.remember(_answer("a"))
    now[0] = feedback.MOST_SECONDS
    kept.remember(_answer("b"))
    kept.keep("a", helpful=True)
    now[0] += 1
    with pytest.raises(UnknownAnswer):
        kept.keep("a", helpful=True)
    monkeypatch.setattr(feedback, "MOST_ANSWERS", 2)
    for name in ("c", "d"):
        kept.remember(_answer(name))
    for name in ("b", "never"):
        with pytest.raises(UnknownAnswer):
            kept.keep(name, helpful=True)
    kept.keep("c", helpful=True)
    assert [line["id"] for line in _lines(path)] == ["a", "c"]


def test_one_answer_cannot_fill_the_disk(tmp_path: Path) -> None:
    """A mind can be changed often, but not without end."""
    path = tmp_path / "feedback.jsonl"
    kept = Feedback(path)
    kept.remember(_answer("a"))
    for _ in range(feedback.MOST_CHANGES):
        kept.keep("a", helpful=True)
    with pytest.raises(TooOften):
        kept.keep("a", helpful=False)
    assert len(_lines(path)) == feedback.MOST_CHANGES


def test_a_file_that_cannot_be_written_is_named_at_once(tmp_path: Path) -> None:
    """The owner learns of it when the server starts, with the setting that mends it."""
    with pytest.raises(FootnoteError, match="FOOTNOTE_FEEDBACK"):
        Feedback(tmp_path / "missing" / "feedback.jsonl")
