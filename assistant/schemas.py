"""The shapes that cross the boundary: what ``POST /ask`` takes and gives.

Owns names and bounds, as the contract states them. Knows nothing of how an answer is made. Every
offset counts code points and is end-exclusive.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

Status = Literal["answered", "refused", "redirected", "smalltalk"]
# Why a question is refused; "language": the models in use do not read that of the question, or of
# the sources.
Reason = Literal["not_in_sources", "language", "no_question"]


# Messages of a history that are looked at, from its end; the conversation reads a tenth of them.
MOST_TURNS = 200
# Far more than any request has. Every wrong field is an error to describe, which costs a
# thousand times what it costs to send: a body of 1 MiB would hold the server up for ten seconds.
MOST_FIELDS = 20


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Sent(_Strict):
    """What a client sends: nothing is read as what it is not, such as 0 as false.

    Of its fields no more are looked at than could be meant.
    """

    model_config = ConfigDict(strict=True)

    @model_validator(mode="before")
    @classmethod
    def _few_fields(cls, data: Any) -> Any:
        if isinstance(data, dict) and len(data) > MOST_FIELDS:
            raise PydanticCustomError("too_many_fields", "has too many fields")
        return data


def _latest(history: Any) -> Any:
    """Trim a history before any message of it is looked at."""
    return history[-MOST_TURNS:] if isinstance(history, list) else history


class Turn(_Sent):
    """One earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: str


class AskRequest(_Sent):
    """The body of ``POST /ask``. A long history is trimmed, never rejected."""

    question: str = Field(min_length=1, max_length=2000, pattern=r"\S")
    history: Annotated[list[Turn], BeforeValidator(_latest)] = Field(default_factory=list)
    stream: bool = False


class FeedbackRequest(_Sent):
    """The body of ``POST /feedback``; ``id`` is that of an answer given lately."""

    id: str = Field(min_length=1, max_length=100)
    helpful: bool
    reason: str | None = Field(None, max_length=1000)


class Citation(_Strict):
    """A span of a document, checkable without us.

    ``canonical_text[start:end] == quote``; ``path`` is relative to the source folder and
    ``document_sha256`` is of the file's bytes. ``display`` is the quote as readers see it, without
    markup. ``score`` orders citations: the highest is the best evidence.
    """

    id: int
    document_id: str
    title: str
    path: str
    url: str | None
    document_sha256: str
    start: int
    end: int
    quote: str
    display: str
    page: int | None
    score: float


class AnswerSentence(_Strict):
    """One sentence of an answer: ``answer[start:end] == text``, the marker stands outside.

    ``text`` is the display of what is quoted, on one line.
    """

    text: str
    start: int
    end: int
    citations: list[int]


class Timing(_Strict):
    """Milliseconds spent. Apart from these and ``id`` an answer is reproducible."""

    retrieve: float
    rerank: float
    total: float


class AskResponse(_Strict):
    """An answer. ``sentences`` and ``citations`` are empty unless ``status`` is ``answered``.

    ``reason`` is null unless ``status`` is ``refused``.
    """

    id: str
    index_id: str
    status: Status
    reason: Reason | None
    answer: str
    sentences: list[AnswerSentence]
    citations: list[Citation]
    closest: list[Citation]
    confidence: float | None
    question_used: str
    generator: str
    timing_ms: Timing

    @property
    def lead_in(self) -> str:
        """What the assistant says in its own voice before the first quote; mostly nothing."""
        return self.answer[: self.sentences[0].start].rstrip() if self.sentences else ""


class DocumentSummary(_Strict):
    """One row of ``GET /documents``."""

    id: str
    title: str
    path: str
    url: str | None
    sha256: str


class DocumentBody(DocumentSummary):
    """``GET /documents/{id}``: the row with the canonical text."""

    text: str


class Problem(BaseModel):
    """An error in the form of RFC 9457 (``application/problem+json``)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
