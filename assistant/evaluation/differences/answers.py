"""Golden questions put to two generations: those that are answered differently, and how.

Owns what counts as another answer, and the verdict by the golden file on either. Knows nothing of
how a generation came about.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.answering import Assistant
from assistant.evaluation.golden import GoldenQuestion, GoldenSpan, is_right, placed
from assistant.models.opening import open_models
from assistant.refusal.kept import in_use
from assistant.schemas import AskResponse, Status
from assistant.settings import Settings
from index.errors import FootnoteError
from index.generations.opening import Generation


@dataclass(frozen=True, slots=True)
class Quote:
    """What an answer quotes, verbatim, and the path of the document that it stands in."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What one generation answers.

    ``right`` is by the golden file; ``None`` if what it calls for no longer stands in the documents
    where it could be found, so that nobody can tell without reading.
    """

    status: Status
    quotes: tuple[Quote, ...]
    right: bool | None


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """A golden question whose status or quotes would differ, not only in their order."""

    id: str
    question: str
    before: Reply
    after: Reply


def changed_answers(
    questions: Sequence[GoldenQuestion],
    published: Generation,
    rebuilt: Generation,
    settings: Settings,
    progress: Callable[[int, int], None],
) -> tuple[ChangedAnswer, ...]:
    """Ask both generations every question; return those whose status or quotes differ.

    ``progress`` is told how many are asked, and of how many. Both weigh them with the
    refusal model that is in use. Raises ``FootnoteError``.
    """
    changed = []
    with closing(open_models(settings)) as models:
        # Neither is closed: what they were lent is closed by whoever opened it.
        refusal = in_use(settings.index, models.sha256)
        old, new = (
            Assistant(each, models, refusal, lent=True, suspicious=settings.suspicious)
            for each in (published, rebuilt)
        )
        progress(0, len(questions))
        for number, question in enumerate(questions, start=1):
            before = old.answer(question.question, question.history)
            after = new.answer(question.question, question.history)
            if _said(before) != _said(after):
                asked = replace(
                    question, spans=tuple(_quoted(span, published) for span in question.spans)
                )
                changed.append(
                    ChangedAnswer(
                        id=question.id,
                        question=question.question,
                        before=_reply(asked, before, published, settings.golden),
                        after=_reply(asked, after, rebuilt, settings.golden),
                    )
                )
            progress(number, len(questions))
    return tuple(changed)


def _said(answer: AskResponse) -> tuple[Status, frozenset[str]]:
    """Return what has to be the same: the same quotes in another order say the same."""
    return answer.status, frozenset(citation.quote for citation in answer.citations)


def _reply(
    question: GoldenQuestion, answer: AskResponse, generation: Generation, file: Path
) -> Reply:
    return Reply(
        status=answer.status,
        quotes=tuple(Quote(citation.path, citation.quote) for citation in answer.citations),
        right=_verdict(question, answer, generation, file),
    )


def _verdict(
    question: GoldenQuestion, answer: AskResponse, generation: Generation, file: Path
) -> bool | None:
    """Judge an answer by the spans that still stand in its generation.

    Where one has gone, an answer that quotes another of its alternatives is right; about any other
    answer the golden file says nothing.
    """
    names = {span.document_id for span in question.spans}
    texts = _texts(generation, names)
    standing: list[GoldenSpan] = []
    for span in question.spans:
        try:
            (found,) = placed(file, [replace(question, spans=(span,))], texts)
        except FootnoteError:  # it has no place there, which is what an edit does
            continue
        standing.extend(found.spans)
    right = is_right(replace(question, spans=tuple(standing)), answer)
    if len(standing) == len(question.spans):
        return right
    return True if right and standing and question.kind != "list" else None


def _quoted(span: GoldenSpan, published: Generation) -> GoldenSpan:
    """Return a span with its text as it stood in the published generation: offsets may move."""
    text = _texts(published, {span.document_id}).get(span.document_id, "")
    if span.quote or span.end > len(text):
        return span
    return replace(span, quote=text[span.start : span.end])


def _texts(generation: Generation, names: set[str]) -> dict[str, str]:
    """Return the canonical texts of the documents of those ids, as far as they are there."""
    return {
        document.id: generation.text(row)
        for row, document in enumerate(generation.documents)
        if document.id in names
    }
