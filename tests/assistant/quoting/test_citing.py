"""A footnote never lies: every citation is compared with its document."""

import json
from pathlib import Path

import pytest

from assistant.answering import Assistant
from assistant.quoting.citing import (
    CitationError,
    Span,
    check_answer,
    check_answer_file,
    check_citation,
    cite,
    compose,
)
from assistant.schemas import AskResponse, Citation
from index.errors import SourceError
from prompts.voice import say
from tests.places import SEEDS

QUESTION = "What causes enlarged pores?"


@pytest.fixture(scope="module")
def answer(assistant: Assistant) -> AskResponse:
    """An answer with citations."""
    given = assistant.answer(QUESTION)
    assert given.status == "answered"
    return given


def test_a_citation_can_be_checked_against_the_file(answer: AskResponse) -> None:
    """Anyone with the source file finds the quote at its offsets."""
    for citation in answer.citations:
        text = (SEEDS / citation.path).read_text("utf-8")
        assert text[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize(
    "change",
    [{"start": 0}, {"end": 10**9}, {"quote": "Pores close by themselves."}, {"start": -5}],
)
def test_a_wrong_span_is_an_error(answer: AskResponse, change: dict[str, object]) -> None:
    """A quote that is not at its offsets never leaves."""
    citation = answer.citations[0].model_copy(update=change)
    text = (SEEDS / citation.path).read_text("utf-8")
    with pytest.raises(CitationError):
        check_citation(citation, text, citation.document_sha256)


def test_a_wrong_display_is_an_error(answer: AskResponse) -> None:
    """What is shown of a quote is what it says, without its markup."""
    citation = answer.citations[0].model_copy(update={"display": "Pores close by themselves."})
    text = (SEEDS / citation.path).read_text("utf-8")
    with pytest.raises(CitationError, match="what is shown"):
        check_citation(citation, text, citation.document_sha256)


def test_a_wrong_hash_is_an_error(answer: AskResponse) -> None:
    """A citation of another version of the file never leaves."""
    citation = answer.citations[0]
    text = (SEEDS / citation.path).read_text("utf-8")
    with pytest.raises(CitationError, match="SHA-256"):
        check_citation(citation, text, "0" * 64)


def test_a_sentence_that_is_not_in_the_answer_is_an_error(answer: AskResponse) -> None:
    """``answer[start:end] == text`` for every sentence that is shown."""
    moved = answer.sentences[0].model_copy(update={"start": answer.sentences[0].start + 1})
    with pytest.raises(CitationError, match="does not hold"):
        check_answer(answer.model_copy(update={"sentences": [moved]}))


@pytest.mark.parametrize("citations", [[], [99]])
def test_a_sentence_without_its_citation_is_an_error(
    answer: AskResponse, citations: list[int]
) -> None:
    """A sentence that nothing supports is never shown."""
    bare = answer.sentences[0].model_copy(update={"citations": citations})
    with pytest.raises(CitationError, match="not cited"):
        check_answer(answer.model_copy(update={"sentences": [bare]}))


def test_a_span_outside_the_document_cannot_be_cited(assistant: Assistant) -> None:
    """A bug in choosing spans ends in an error, not in an empty quote."""
    with pytest.raises(CitationError, match="no such span"):
        cite(assistant.generation, [Span(0, 5, 10**9, 1.0)])


def test_white_space_in_a_quote_is_folded_in_the_answer_only() -> None:
    """The quote stays verbatim while the answer reads on one line."""
    citation = Citation(
        id=1,
        document_id="a",
        title="A",
        path="a.md",
        url=None,
        document_sha256="0" * 64,
        start=0,
        end=11,
        quote="Two\n  lines",
        display="Two lines",
        page=None,
        score=1.0,
    )
    text, sentences = compose([citation, citation.model_copy(update={"id": 2})])
    assert text == "Two lines [1] Two lines [2]"
    assert [text[each.start : each.end] for each in sentences] == ["Two lines", "Two lines"]


def test_a_lead_in_stands_before_the_first_sentence(answer: AskResponse) -> None:
    """It belongs to no sentence, and every sentence still stands where it says."""
    lead_in = say("contradicted")
    text, sentences = compose(answer.citations, lead_in)
    assert text.startswith(f"{lead_in} {sentences[0].text} [1]")
    led = answer.model_copy(update={"answer": text, "sentences": sentences})
    check_answer(led)
    assert led.lead_in == lead_in
    assert answer.lead_in == ""
    assert answer.model_copy(update={"sentences": []}).lead_in == ""


@pytest.mark.parametrize("place", ["before", "between", "after"])
def test_words_that_are_no_quote_are_an_error(answer: AskResponse, place: str) -> None:
    """Nothing is said around the quotes but their marks and what the assistant is known to say."""
    said = "Ask your doctor. "
    moved = 0 if place == "after" else len(said)
    sentences = [
        each.model_copy(update={"start": each.start + moved, "end": each.end + moved})
        if place == "before" or number
        else each
        for number, each in enumerate(answer.sentences)
    ]
    at = {"before": 0, "between": answer.sentences[1].start, "after": len(answer.answer)}[place]
    text = f"{answer.answer[:at]}{said}{answer.answer[at:]}"
    with pytest.raises(CitationError, match="is no quote"):
        check_answer(answer.model_copy(update={"answer": text, "sentences": sentences}))


@pytest.mark.parametrize("form", ["object", "list", "lines"])
def test_saved_answers_are_checked_against_the_folder(
    answer: AskResponse, tmp_path: Path, form: str
) -> None:
    """One body, a list of them, or one a line: true answers pass."""
    body = answer.model_dump(mode="json")
    saved = tmp_path / "answers"
    forms = {
        "object": json.dumps(body),
        "list": json.dumps([body, body]),
        "lines": f"{json.dumps(body)}\n{json.dumps(body)}\n",
    }
    saved.write_text(forms[form])
    assert check_answer_file(saved, SEEDS) == ()


def _saved(answer: AskResponse, tmp_path: Path, **change: object) -> Path:
    citation = answer.citations[0].model_copy(update=change)
    saved = tmp_path / "answers.json"
    saved.write_text(answer.model_copy(update={"citations": [citation]}).model_dump_json())
    return saved


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"quote": "Pores close by themselves."}, "the quote is not at"),
        ({"document_sha256": "0" * 64}, "SHA-256"),
        ({"path": "../../../etc/passwd"}, "leads out"),
        ({"path": "/etc/passwd"}, "leads out"),
        ({"path": "no-such.md"}, "cannot be reached"),
        ({"path": "no-such.exe"}, "no loader"),
    ],
)
def test_a_forged_citation_is_found(
    answer: AskResponse, tmp_path: Path, change: dict[str, object], reason: str
) -> None:
    """What is wrong is named, and nothing outside the folder is read."""
    problems = check_answer_file(_saved(answer, tmp_path, **change), SEEDS)
    assert any(reason in problem for problem in problems), problems


def test_a_forged_sentence_is_found(answer: AskResponse, tmp_path: Path) -> None:
    """A saved answer whose text was changed does not pass."""
    saved = tmp_path / "answers.json"
    saved.write_text(answer.model_copy(update={"answer": "Nothing."}).model_dump_json())
    assert "does not hold" in check_answer_file(saved, SEEDS)[0]


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff", b'{"id": 1}', b"[" * 100_000])
def test_a_file_that_holds_no_answers_is_refused(tmp_path: Path, content: bytes) -> None:
    """A file of something else is an error, not a file of true answers."""
    saved = tmp_path / "answers.json"
    saved.write_bytes(content)
    with pytest.raises(SourceError):
        check_answer_file(saved, SEEDS)


def test_a_file_that_is_missing_is_refused(tmp_path: Path) -> None:
    """A mistyped name is said to be one."""
    with pytest.raises(SourceError, match="cannot be read"):
        check_answer_file(tmp_path / "none.json", SEEDS)
