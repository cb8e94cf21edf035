"""Golden questions: reading them, and judging answers by them. Pure."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.schemas import AskResponse, Citation, Turn

GOLDEN = Path(__file__).parent.parent / "seeds" / "questions.jsonl"
_OVERLAP = 0.6  # of the shorter span, from which a quote counts as the golden one


@dataclass(frozen=True)
class GoldenSpan:
    """A span that answers; code points, end-exclusive."""

    document_id: str
    start: int
    end: int


@dataclass(frozen=True)
class GoldenQuestion:
    """One line of ``questions.jsonl``. Any span answers; of a list, all must be there."""

    id: str
    kind: str
    question: str
    history: tuple[Turn, ...]
    answerable: bool
    spans: tuple[GoldenSpan, ...]
    split: str


def read_golden(path: Path = GOLDEN) -> list[GoldenQuestion]:
    """Read every question of a file."""
    return [
        GoldenQuestion(
            id=row["id"],
            kind=row["kind"],
            question=row["question"],
            history=tuple(Turn(**turn) for turn in row["history"]),
            answerable=row["answerable"],
            spans=tuple(
                GoldenSpan(span["document_id"], span["start"], span["end"]) for span in row["spans"]
            ),
            split=row["split"],
        )
        for row in map(json.loads, path.read_text("utf-8").splitlines())
    ]


def is_right(question: GoldenQuestion, answer: AskResponse) -> bool:
    """Say whether an answer is what the golden question calls for."""
    if not question.answerable:
        return answer.status == "refused"
    return answer.status == "answered" and holds_answer(question, answer.citations)


def holds_answer(question: GoldenQuestion, citations: Sequence[Citation]) -> bool:
    """Say whether quotes hold the answer: one of its spans, or all of them for a list."""
    found = [_overlaps(span, citations) for span in question.spans]
    return all(found) if question.kind == "list" else any(found)


def _overlaps(span: GoldenSpan, citations: Sequence[Citation]) -> bool:
    return any(
        citation.document_id == span.document_id
        and min(citation.end, span.end) - max(citation.start, span.start)
        >= _OVERLAP * min(citation.end - citation.start, span.end - span.start)
        for citation in citations
    )


def wilson(right: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson, JASA 1927)."""
    share = right / total
    centre = share + z * z / (2 * total)
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return (centre - spread) / scale, (centre + spread) / scale


def share(right: Sequence[bool]) -> str:
    """Return a share with its interval, for people."""
    low, high = wilson(sum(right), len(right))
    return f"{sum(right)}/{len(right)} = {sum(right) / len(right):.3f} ({low:.3f}-{high:.3f})"
