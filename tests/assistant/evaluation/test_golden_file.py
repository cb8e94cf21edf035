"""Golden files: what they may say, what is wrong with a broken one, and where spans are found."""

import json
from pathlib import Path

import pytest

from assistant.evaluation.golden import (
    GoldenQuestion,
    GoldenSpan,
    holds_answer,
    is_right,
    placed,
    read_golden,
)
from assistant.schemas import AskResponse, Citation, Timing
from index.errors import FootnoteError

TEXTS = {"pores": "Pores are small. Pores have causes. Pores are small."}


def written(folder: Path, *rows: object) -> Path:
    """Write a golden file."""
    file = folder / "golden.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return file


def cited(start: int, end: int, document: str = "pores") -> Citation:
    """Return a citation of a span."""
    return Citation(
        id=1,
        document_id=document,
        title="Pores",
        path="pores.md",
        url=None,
        document_sha256="0" * 64,
        start=start,
        end=end,
        quote="q" * (end - start),
        display="q" * (end - start),
        page=None,
        score=1.0,
    )


def answered(*citations: Citation, status: str = "answered") -> AskResponse:
    """Return an answer with citations."""
    return AskResponse(
        id="1",
        index_id="a",
        status=status,
        reason=None,
        answer="A.",
        sentences=[],
        citations=list(citations),
        closest=[],
        confidence=0.5,
        question_used="Q?",
        generator="extractive",
        timing_ms=Timing(retrieve=1, rerank=1, total=2),
    )


def question(*spans: GoldenSpan, kind: str = "direct", answerable: bool = True) -> GoldenQuestion:
    """Return a golden question."""
    return GoldenQuestion("g", kind, "Q?", (), answerable, spans, "fit", 3)


def test_the_least_that_a_line_says(tmp_path: Path) -> None:
    """A question and whether it is answerable; blank lines are passed over."""
    file = written(tmp_path, {"question": "What does it cost?", "answerable": False})
    file.write_text("\n" + file.read_text())
    assert read_golden(file) == [
        GoldenQuestion("line-2", "question", "What does it cost?", (), False, (), "all", 2)
    ]


def test_all_that_a_line_may_say(tmp_path: Path) -> None:
    """Id, kind, history, spans by offsets or by quote, split; other fields are the owner's."""
    row = {
        "id": "g-1",
        "kind": "list",
        "question": "And causes?",
        "history": [{"role": "user", "content": "What are pores?"}],
        "answerable": True,
        "spans": [
            {"document_id": "pores", "start": 17, "end": 35},
            {"document_id": "pores", "quote": "Pores have causes."},
        ],
        "split": "fit",
        "note": "asked often",
    }
    (read,) = read_golden(written(tmp_path, row))
    assert (read.id, read.kind, read.split, read.history[0].role) == ("g-1", "list", "fit", "user")
    assert read.spans == (
        GoldenSpan("pores", 17, 35),
        GoldenSpan("pores", 0, 0, "Pores have causes."),
    )


GOOD = {"question": "Q?", "answerable": True}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"answerable": True}, "question: Field required"),
        ({"question": "Q?", "answerable": "yes"}, "answerable: Input should be a valid boolean"),
        ({"question": " ", "answerable": True}, "question: String should match"),
        (["Q?"], "Input should be an object"),
        ({**GOOD, "history": [{"role": "owner", "content": ""}]}, "history.0.role: Input should"),
        ({**GOOD, "spans": [{"document_id": "a", "start": 3, "end": 3}]}, "spans.0: a span needs"),
        ({**GOOD, "spans": [{"document_id": "a", "start": -1, "end": 3}]}, "spans.0.start: Input"),
        (
            {"question": "Q?", "answerable": False, "spans": [{"document_id": "a", "quote": "x"}]},
            "a question that is not answerable has no spans",
        ),
        ({**GOOD, "id": "first"}, "the id 'first' is that of line 1; rename one"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, row: object, reason: str) -> None:
    """File, line and what to mend."""
    file = written(tmp_path, {**GOOD, "id": "first"}, row)
    with pytest.raises(FootnoteError) as error:
        read_golden(file)
    assert str(error.value).startswith(f"{file}, line 2: {reason}")


def test_a_line_that_is_no_json(tmp_path: Path) -> None:
    """Says so."""
    file = tmp_path / "golden.jsonl"
    file.write_text("{")
    with pytest.raises(FootnoteError, match=r"line 1: Invalid JSON"):
        read_golden(file)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """Missing, empty, or not UTF-8: each says how to mend it."""
    file = tmp_path / "golden.jsonl"
    with pytest.raises(FootnoteError, match="--golden or FOOTNOTE_GOLDEN"):
        read_golden(file)
    file.write_text("\n")
    with pytest.raises(FootnoteError, match="holds no question"):
        read_golden(file)
    file.write_bytes(b"\xff")
    with pytest.raises(FootnoteError, match="cannot be read"):
        read_golden(file)


def test_spans_are_placed_where_their_quote_stands() -> None:
    """Right offsets stay; a quote that moved, or was given alone, is found; so is a bare span."""
    known = GoldenSpan("pores", 17, 35, "Pores have causes.")
    moved = GoldenSpan("pores", 1, 19, "Pores have causes.")
    alone = GoldenSpan("pores", 0, 0, "Pores have causes.")
    twice = GoldenSpan("pores", 36, 52, "Pores are small.")  # offsets tell which one
    bare = GoldenSpan("pores", 0, 16)
    (each,) = placed(Path("g"), [question(known, moved, alone, twice, bare)], TEXTS)
    assert each.spans == (known, known, known, twice, bare)


@pytest.mark.parametrize(
    ("span", "reason"),
    [
        (GoldenSpan("moles", 0, 1), "no document 'moles'"),
        (GoldenSpan("pores", 40, 53), "40-53 reaches beyond the 52 characters of 'pores'"),
        (GoldenSpan("pores", 0, 4, "Moles"), "the quote 'Moles' does not stand in 'pores'"),
        (GoldenSpan("pores", 0, 0, "Pores are small."), "stands more than once in 'pores'"),
    ],
)
def test_a_span_without_a_place_is_named(span: GoldenSpan, reason: str) -> None:
    """File, line, document and what to mend."""
    with pytest.raises(FootnoteError) as error:
        placed(Path("g.jsonl"), [question(span)], TEXTS)
    assert str(error.value).startswith("g.jsonl, line 3: ")
    assert reason in str(error.value)


def test_what_is_right() -> None:
    """A quote that is the span by six tenths of the shorter; of a list every span."""
    one, two = GoldenSpan("pores", 0, 10), GoldenSpan("pores", 20, 30)
    assert is_right(question(one, two), answered(cited(4, 14)))
    assert not is_right(question(one, two), answered(cited(5, 15)))
    assert not is_right(question(one), answered(cited(0, 10, "moles")))
    assert not is_right(question(one, two, kind="list"), answered(cited(0, 10)))
    assert is_right(question(one, two, kind="list"), answered(cited(0, 10), cited(20, 30)))
    assert not is_right(question(one), answered(cited(0, 10), status="refused"))


def test_what_is_right_without_spans() -> None:
    """Any answer to an answerable question, and a refusal of one that is not."""
    assert is_right(question(), answered(cited(0, 10)))
    assert not is_right(question(), answered(status="refused"))
    assert is_right(question(answerable=False), answered(status="refused"))
    assert not is_right(question(answerable=False), answered(cited(0, 1)))


def test_a_span_that_was_not_placed_holds_nothing() -> None:
    """An empty span is no answer, wherever it seems to stand."""
    assert not holds_answer(question(GoldenSpan("pores", 0, 0, "Pores")), [cited(0, 10)])
