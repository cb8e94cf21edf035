"""Golden questions: an owner's own questions, each with what answers it, and judging by them.

Owns the file's form (JSON Lines) and what counts as right. Knows nothing of models or terminals.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant.invalid import brief, in_words
from assistant.schemas import AskResponse, Citation, Turn
from index.errors import FootnoteError, shown

_OVERLAP = 0.6  # of the shorter span, from which a quote counts as the golden one


@dataclass(frozen=True, slots=True)
class GoldenSpan:
    """A span that answers; code points, end-exclusive. ``quote`` is its text, if the file has it.

    A span that is given by its quote alone is empty until ``placed`` finds it.
    """

    document_id: str
    start: int
    end: int
    quote: str = ""


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """One line of a golden file. Any span answers; of a list, all must be there.

    An answerable question without spans says only that there is an answer. ``line`` counts from 1.
    """

    id: str
    kind: str
    question: str
    history: tuple[Turn, ...]
    answerable: bool
    spans: tuple[GoldenSpan, ...]
    split: str
    line: int = 0


class _Span(BaseModel):
    model_config = ConfigDict(strict=True)

    document_id: str
    start: int = Field(0, ge=0)
    end: int = Field(0, ge=0)
    quote: str = ""

    @model_validator(mode="after")
    def _says_where(self) -> "_Span":
        if self.start >= self.end and not self.quote:
            raise ValueError("a span needs a quote, or a start before its end")
        return self


class _Line(BaseModel):
    model_config = ConfigDict(strict=True)

    id: str | None = None
    kind: str = "question"
    question: Annotated[str, Field(min_length=1, max_length=2000, pattern=r"\S")]
    history: list[Turn] = Field(default_factory=list)
    answerable: bool
    spans: list[_Span] = Field(default_factory=list)
    split: str = "all"

    @model_validator(mode="after")
    def _spans_answer(self) -> "_Line":
        if self.spans and not self.answerable:
            raise ValueError("a question that is not answerable has no spans")
        return self


def read_golden(path: Path) -> list[GoldenQuestion]:
    """Read every question of a golden file, in its order.

    Raises ``FootnoteError`` naming file, line and what to correct. Spans are not compared with any
    document: ``placed`` does.
    """
    try:
        lines = path.read_text("utf-8").split("\n")
    except FileNotFoundError as error:
        raise FootnoteError(
            f"there is no golden file {shown(str(path))}; write one question a line, such as "
            '{"question": "What does it cost?", "answerable": false}, or name another file with '
            "--golden or FOOTNOTE_GOLDEN"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise FootnoteError(
            f"the golden file {shown(str(path))} cannot be read: {error}"
        ) from error
    questions = [
        _question(path, number, line) for number, line in enumerate(lines, start=1) if line.strip()
    ]
    first: dict[str, int] = {}
    for each in questions:
        if first.setdefault(each.id, each.line) != each.line:
            raise _broken(
                path,
                each.line,
                f"the id '{brief(each.id)}' is that of line {first[each.id]}; rename one",
            )
    if not questions:
        raise FootnoteError(f"the golden file {shown(str(path))} holds no question; write some")
    return questions


def placed(
    path: Path, questions: Sequence[GoldenQuestion], texts: Mapping[str, str]
) -> list[GoldenQuestion]:
    """Return the questions with every span where its text stands now.

    ``texts`` are canonical texts by document id. A quote that has moved is found again where it
    stands once. Raises ``FootnoteError`` naming file, line and document if a span has no place.
    """
    return [
        replace(each, spans=tuple(_placed(path, each, span, texts) for span in each.spans))
        for each in questions
    ]


def is_right(question: GoldenQuestion, answer: AskResponse) -> bool:
    """Say whether an answer is what the golden question calls for.

    A question that the documents do not answer may be refused, or go to a person.

    Where the file gives no span, any answer to an answerable question is taken for right.
    """
    if not question.answerable:
        return answer.status in {"refused", "redirected"}
    held = not question.spans or holds_answer(question, answer.citations)
    return answer.status == "answered" and held


def holds_answer(question: GoldenQuestion, citations: Sequence[Citation]) -> bool:
    """Say whether quotes hold the answer: one of its spans, or all of them for a list."""
    found = [any(overlaps(span, citation) for citation in citations) for span in question.spans]
    return all(found) if question.kind == "list" else any(found)


def overlaps(span: GoldenSpan, citation: Citation) -> bool:
    """Say whether a quote is the golden span, by at least 60 % of the shorter of the two."""
    shared = min(citation.end, span.end) - max(citation.start, span.start)
    shorter = min(citation.end - citation.start, span.end - span.start)
    return citation.document_id == span.document_id and 0 < shorter * _OVERLAP <= shared


def _question(path: Path, number: int, line: str) -> GoldenQuestion:
    try:
        row = _Line.model_validate_json(line)
    except ValidationError as error:
        raise _broken(path, number, in_words(error)) from error
    return GoldenQuestion(
        id=row.id or f"line-{number}",
        kind=row.kind,
        question=row.question,
        history=tuple(row.history),
        answerable=row.answerable,
        spans=tuple(GoldenSpan(s.document_id, s.start, s.end, s.quote) for s in row.spans),
        split=row.split,
        line=number,
    )


def _placed(
    path: Path, question: GoldenQuestion, span: GoldenSpan, texts: Mapping[str, str]
) -> GoldenSpan:
    text = texts.get(span.document_id)
    if text is None:
        reason = f"the index has no document '{span.document_id}'; rebuild it or name another"
    elif not span.quote:
        if span.end <= len(text):
            return span
        reason = (
            f"the span {span.start}-{span.end} reaches beyond the {len(text)} characters of "
            f"'{span.document_id}'; correct its offsets"
        )
    elif text[span.start : span.end] == span.quote:
        return span
    elif text.count(span.quote) == 1:
        start = text.index(span.quote)
        return replace(span, start=start, end=start + len(span.quote))
    else:
        found = "stands more than once" if span.quote in text else "does not stand"
        reason = (
            f"the quote '{span.quote[:60]}' {found} in '{span.document_id}'; quote what answers "
            "the question now, or correct its offsets"
        )
    raise _broken(path, question.line, reason)


def _broken(path: Path, line: int, reason: str) -> FootnoteError:
    return FootnoteError(f"{shown(str(path))}, line {line}: {reason}")
