"""The golden questions: answered with what answers, refused when nothing does, cited exactly."""

import hashlib
import json
import re

import pytest

from assistant.answering import Assistant
from assistant.evaluation.golden import GoldenQuestion, is_right, read_golden
from assistant.evaluation.metrics.intervals import proportion_text
from assistant.schemas import AskResponse
from index.words import stem, words
from tests.places import SEEDS

GOLDEN = SEEDS.parent / "questions.jsonl"
Judged = list[tuple[GoldenQuestion, AskResponse]]
ANSWERED = 0.90
REFUSED = 0.90
# Of the fitting split, which says nothing about how good answers are, one in so many is asked too.
ONE_IN = 6


@pytest.fixture(scope="module")
def answers(assistant: Assistant) -> Judged:
    """Every golden question of the reporting split, and some of the other, with its answer."""
    asked = [
        each
        for number, each in enumerate(read_golden(GOLDEN))
        if each.split == "report" or number % ONE_IN == 0
    ]
    return [(each, assistant.answer(each.question, each.history)) for each in asked]


def _reported(answers: Judged, *, answerable: bool) -> list[bool]:
    return [
        is_right(question, answer)
        for question, answer in answers
        if question.split == "report" and question.answerable is answerable
    ]


def test_answerable_questions_are_answered_with_what_answers(answers: Judged) -> None:
    """On the split that nothing was fitted on, answers do not get worse unnoticed."""
    right = _reported(answers, answerable=True)
    assert sum(right) >= ANSWERED * len(right), proportion_text(right)


def test_unanswerable_questions_are_refused(answers: Judged) -> None:
    """On the split that nothing was fitted on at least 90 % are refused, or sent to a person."""
    right = _reported(answers, answerable=False)
    assert sum(right) >= REFUSED * len(right), proportion_text(right)


def test_every_citation_of_every_answer_is_true(answers: Judged) -> None:
    """The text of the file at the offsets is the quote, and the file has the hash."""
    cited = [c for _, answer in answers for c in (*answer.citations, *answer.closest)]
    assert len(cited) > 200
    for citation in cited:
        data = (SEEDS / citation.path).read_bytes()
        assert data.decode()[citation.start : citation.end] == citation.quote
        assert hashlib.sha256(data).hexdigest() == citation.document_sha256


def test_a_word_is_called_missing_only_if_no_document_has_it(answers: Judged) -> None:
    """A refusal that says what the sources do not cover says something that is true."""
    held = {stem(word) for path in SEEDS.glob("*.md") for word in words(_body(path.read_text()))}
    named = [
        word
        for _, answer in answers
        if answer.status == "refused"
        for word in re.findall("“([^”]+)”", answer.answer)
    ]
    assert len(named) > 30
    assert [word for word in named if stem(word) in held] == []


def _body(text: str) -> str:
    """Return a document without its front matter, which is never quoted."""
    return text.split("---\n", 2)[2]


def test_answers_keep_to_the_contract(answers: Judged) -> None:
    """Sentences are cited, refusals cite nothing, four sentences are enough but for lists."""
    for _, answer in answers:
        numbers = {citation.id for citation in answer.citations}
        assert (answer.status == "answered") is bool(answer.sentences)
        assert bool(answer.citations) is bool(answer.sentences)
        assert len(answer.sentences) <= 12
        assert len(answer.closest) <= 3
        for sentence in answer.sentences:
            assert answer.answer[sentence.start : sentence.end] == sentence.text
            assert sentence.citations
            assert numbers.issuperset(sentence.citations)


def test_the_golden_spans_are_where_the_file_says() -> None:
    """A document that is edited shows which golden questions have to be looked at again."""
    texts = {}
    for path in SEEDS.glob("*.md"):
        text = path.read_text("utf-8")
        texts[text.split("\nid: ")[1].split("\n")[0]] = text
    for line in GOLDEN.read_text("utf-8").splitlines():
        row = json.loads(line)
        assert bool(row["spans"]) is row["answerable"], row["id"]
        for span in row["spans"]:
            assert texts[span["document_id"]][span["start"] : span["end"]] == span["quote"]
