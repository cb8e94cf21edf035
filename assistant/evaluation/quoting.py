"""How well quotes answer: do they hold the answer, are they to the point, how long are they. Pure.

Two ways of knowing what answers: spans of golden questions, and answer strings of a benchmark.
"""

from collections.abc import Collection, Sequence

from assistant.evaluation.golden import GoldenQuestion, overlaps
from assistant.schemas import Citation

# A longer answer is a text to be read beside the quote, not a string to be found in it.
LONGEST_ANSWER = 20


def folded(text: str) -> str:
    """Return text as answers are compared: case folded, runs of white space made one space."""
    return " ".join(text.casefold().split())


def findable(answers: Sequence[str], texts: Sequence[str]) -> list[str]:
    """Return the answers that a quote could hold, folded.

    They have at most 20 words and stand in one of the texts that are known to answer; where none
    is known to, standing nowhere is no objection.
    """
    known = [folded(text) for text in texts]
    short = [each for each in map(folded, answers) if 0 < len(each.split()) <= LONGEST_ANSWER]
    return [each for each in short if not known or any(each in text for text in known)]


def holds(quote: str, answers: Sequence[str]) -> bool:
    """Say whether a quote holds one of the folded answers."""
    text = folded(quote)
    return any(answer in text for answer in answers)


def best(citations: Sequence[Citation]) -> Citation:
    """Return the citation with the highest score, the first of equals; at least one is given."""
    return max(citations, key=lambda each: each.score)


def precision(
    citations: Sequence[Citation], answers: Sequence[str], documents: Collection[str]
) -> float:
    """Return the share of citations that hold an answer or stand in a document that answers."""
    right = [
        each.document_id in documents or (bool(answers) and holds(each.quote, answers))
        for each in citations
    ]
    return sum(right) / len(right)


def golden_precision(question: GoldenQuestion, citations: Sequence[Citation]) -> float:
    """Return the share of citations that are one of the golden spans."""
    right = [any(overlaps(span, each) for span in question.spans) for each in citations]
    return sum(right) / len(right)


def golden_recall(question: GoldenQuestion, citations: Sequence[Citation]) -> float:
    """Return the share of what has to be quoted that is: every span of a list, else any one."""
    found = [any(overlaps(span, each) for each in citations) for span in question.spans]
    return sum(found) / len(found) if question.kind == "list" else float(any(found))
