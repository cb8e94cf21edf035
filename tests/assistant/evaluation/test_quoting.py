"""How well quotes answer, worked by hand."""

import pytest

from assistant.evaluation import quoting
from assistant.evaluation.golden import GoldenQuestion, GoldenSpan
from assistant.schemas import Citation


def cited(quote: str, document: str = "a", score: float = 1.0, start: int = 0) -> Citation:
    """Return a citation of a quote."""
    return Citation(
        id=1,
        document_id=document,
        title="T",
        path="t.md",
        url=None,
        document_sha256="0" * 64,
        start=start,
        end=start + len(quote),
        quote=quote,
        display=quote,
        page=None,
        score=score,
    )


def test_case_and_white_space_are_no_difference() -> None:
    """An answer is found as a reader finds it."""
    assert quoting.holds("In the\n  TENTH century.", [quoting.folded("the tenth  Century")])
    assert not quoting.holds("In the tenth", ["tenth century"])
    assert not quoting.holds("In the tenth", [])


def test_only_what_a_quote_could_hold_is_looked_for() -> None:
    """A reference text is none, nor is a string that no document with the answer holds."""
    long = " ".join(["word"] * 21)
    assert quoting.findable(["France", long, " "], ["Normandy, in FRANCE. " + long]) == ["france"]
    assert quoting.findable(["Spain"], ["Normandy, in France."]) == []
    assert quoting.findable(["Spain"], []) == ["spain"]


def test_the_best_citation() -> None:
    """The highest score, the first of equals."""
    one, two, three = cited("1", score=0.5), cited("2", score=0.9), cited("3", score=0.9)
    assert quoting.best([one, two, three]) is two


def test_precision() -> None:
    """Of four, one holds the answer and another stands in a document that answers."""
    citations = [cited("In France"), cited("x", "gold"), cited("y"), cited("z")]
    assert quoting.precision(citations, ["france"], {"gold"}) == 0.5
    assert quoting.precision(citations, [], {"gold"}) == 0.25


@pytest.mark.parametrize(("kind", "recall"), [("direct", 1.0), ("list", 0.5)])
def test_golden_precision_and_recall(kind: str, recall: float) -> None:
    """One of three quotes is a golden span: all that is wanted, but half of a list."""
    spans = (GoldenSpan("a", 0, 5), GoldenSpan("a", 50, 55))
    question = GoldenQuestion("g", kind, "Q?", (), True, spans, "all")
    citations = [cited("12345"), cited("12345", start=20), cited("12345", start=30)]
    assert quoting.golden_precision(question, citations) == pytest.approx(1 / 3)
    assert quoting.golden_recall(question, citations) == recall
    assert quoting.golden_recall(question, citations[1:]) == 0
