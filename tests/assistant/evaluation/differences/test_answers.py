"""Golden questions on both sides of an edit: what counts as another answer, and what as right."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.evaluation.differences import answers as changed_answers
from assistant.evaluation.golden import GoldenQuestion, GoldenSpan
from assistant.schemas import AskResponse, Citation, Timing


def _generation(**texts: str) -> Any:
    documents = [SimpleNamespace(id=name) for name in texts]
    return SimpleNamespace(documents=documents, text=lambda row: list(texts.values())[row])


def _answer(text: str, *quotes: str) -> AskResponse:
    return AskResponse(
        id="",
        index_id="",
        status="answered" if quotes else "refused",
        reason=None if quotes else "not_in_sources",
        answer="",
        sentences=[],
        citations=[
            Citation(
                id=number,
                document_id="d",
                title="",
                path="d.md",
                url=None,
                document_sha256="",
                start=text.index(quote),
                end=text.index(quote) + len(quote),
                quote=quote,
                display=quote,
                page=None,
                score=0,
            )
            for number, quote in enumerate(quotes, start=1)
        ],
        closest=[],
        confidence=None,
        question_used="",
        generator="",
        timing_ms=Timing(retrieve=0, rerank=0, total=0),
    )


BEFORE = "Oil does it. Age does it. Sun does it."


@pytest.mark.parametrize(
    ("after", "kind", "quotes", "right"),
    [
        (BEFORE, "direct", ["Age does it."], True),
        (BEFORE, "direct", ["Sun does it."], False),
        (f"New. {BEFORE}", "direct", ["Age does it."], True),  # moved
        (f"New. {BEFORE}", "list", ["Oil does it.", "Age does it."], True),
        (f"New. {BEFORE}", "list", ["Age does it."], False),
        ("Age does it. Sun does it.", "direct", ["Age does it."], True),  # an alternative
        ("Age does it. Sun does it.", "direct", ["Sun does it."], None),
        ("Age does it. Sun does it.", "direct", [], None),
        ("Age does it. Sun does it.", "list", ["Age does it."], None),
        ("Sun does it.", "direct", ["Sun does it."], None),
        (f"New. {BEFORE} {BEFORE}", "direct", [], None),  # stands there twice
        (None, "direct", [], None),  # the document is gone
    ],
)
def test_a_golden_span_is_followed_by_its_text(
    after: str | None, kind: str, quotes: list[str], right: bool | None
) -> None:
    """Moved is found, gone is not judged; that of several alternatives one went does not matter."""
    published = _generation(d=BEFORE)
    spans = (GoldenSpan("d", 0, 12), GoldenSpan("d", 13, 25))
    question = GoldenQuestion("q", kind, "Why?", (), answerable=True, spans=spans, split="all")
    quoted = tuple(changed_answers._quoted(span, published) for span in spans)
    assert [span.quote for span in quoted] == ["Oil does it.", "Age does it."]
    verdict = changed_answers._verdict(
        replace(question, spans=quoted),
        _answer(after or "", *quotes),
        _generation(**({"d": after} if after is not None else {"other": ""})),
        Path("golden.jsonl"),
    )
    assert verdict is right


@pytest.mark.parametrize(
    "span", [GoldenSpan("d", 0, 99), GoldenSpan("new", 0, 4), GoldenSpan("d", 0, 0, "Oil")]
)
def test_a_span_without_a_published_text_is_left_as_the_file_has_it(span: GoldenSpan) -> None:
    """Offsets beyond the text or in a document to come are no quote; a quote that is given is."""
    assert changed_answers._quoted(span, _generation(d=BEFORE)) == span


@pytest.mark.parametrize(("quotes", "right"), [((), True), (("Oil does it.",), False)])
def test_a_question_without_an_answer_is_right_if_refused(
    quotes: tuple[str, ...], right: bool
) -> None:
    """What the file calls unanswerable is judged by the refusal alone."""
    question = GoldenQuestion("q", "far", "Where?", (), answerable=False, spans=(), split="all")
    answer = _answer(BEFORE, *quotes)
    assert changed_answers._verdict(question, answer, _generation(d=BEFORE), Path("g")) is right


def test_the_same_quotes_in_another_order_say_the_same() -> None:
    """A document that is renamed moves its quotes; no visitor is told anything else."""
    forth, back = ["Oil does it.", "Sun does it."], ["Sun does it.", "Oil does it."]
    said = changed_answers._said
    assert said(_answer(BEFORE, *forth)) == said(_answer(BEFORE, *back))
    assert said(_answer(BEFORE, *forth)) != said(_answer(BEFORE, *forth[:1]))
    assert said(_answer(BEFORE)) != said(_answer(BEFORE, *forth))
