"""Spans -> citations, and their verification.

Owns the promise that a footnote never lies: every citation is compared with the canonical text
before it leaves, and saved answers can be checked against the source folder without an index.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from assistant.invalid import in_words
from assistant.schemas import AnswerSentence, AskResponse, Citation
from index.errors import SourceError, UnreadableDocument
from index.generations.opening import Generation
from index.passages.display import displayed, folded
from index.sources.folder import read_text
from prompts.voice import say


class CitationError(RuntimeError):
    """A citation does not match its document: a bug in this program, never shown as an answer."""


@dataclass(frozen=True, slots=True)
class Span:
    """Code points of the document in a row, and how strong they are as evidence.

    ``code`` is code, whose signs are no markup.
    """

    document: int
    start: int
    end: int
    score: float
    code: bool = False


def cite(generation: Generation, spans: Sequence[Span]) -> list[Citation]:
    """Return a checked citation for each span, numbered from 1. Raises ``CitationError``.

    A span of which readers see nothing, such as a picture without a description, is not cited.
    """
    citations: list[Citation] = []
    for span in spans:
        document = generation.documents[span.document]
        text = generation.text(span.document)
        quote = text[span.start : span.end]
        display = folded(quote) if span.code else displayed(quote, document.path)
        citation = Citation(
            id=len(citations) + 1,
            document_id=document.id,
            title=document.title,
            path=document.path,
            url=document.url,
            document_sha256=document.sha256,
            start=span.start,
            end=span.end,
            quote=quote,
            display=display,
            page=None,
            score=round(span.score, 4),
        )
        check_citation(citation, text, generation.manifest.documents[span.document].sha256)
        if display:
            citations.append(citation)
    return citations


def compose(citations: Sequence[Citation], lead_in: str = "") -> tuple[str, list[AnswerSentence]]:
    """Return the answer's text and its sentences: each display, on one line, then its mark.

    A ``lead_in`` stands before the first sentence and belongs to none.
    """
    parts = [lead_in] if lead_in else []
    sentences: list[AnswerSentence] = []
    offset = len(lead_in) + 1 if lead_in else 0
    for citation in citations:
        text = folded(citation.display)
        sentences.append(
            AnswerSentence(text=text, start=offset, end=offset + len(text), citations=[citation.id])
        )
        parts.append(f"{text} [{citation.id}]")
        offset += len(parts[-1]) + 1
    return " ".join(parts), sentences


def check_citation(citation: Citation, text: str, sha256: str) -> None:
    """Raise ``CitationError`` unless the citation says what the document says."""
    if not 0 <= citation.start < citation.end <= len(text):
        raise CitationError(f"{citation.path}: no such span {citation.start}-{citation.end}")
    if text[citation.start : citation.end] != citation.quote:
        raise CitationError(f"{citation.path}: the quote is not at {citation.start}-{citation.end}")
    if citation.display not in {displayed(citation.quote, citation.path), folded(citation.quote)}:
        raise CitationError(f"{citation.path}: what is shown of the quote is not what it says")
    if citation.document_sha256 != sha256:
        raise CitationError(f"{citation.path}: the file's SHA-256 is not the one that is cited")


def check_answer(answer: AskResponse) -> None:
    """Raise ``CitationError`` unless every sentence stands in the answer and is cited.

    Nor may an answer say anything besides: between its sentences stand their marks, before them
    nothing, or what the assistant says of sources that differ.
    """
    known = {citation.id for citation in answer.citations}
    marked, contradicted = f"{say('suspicious')} ", f"{say('contradicted')} "
    spoken = {"", marked, contradicted, marked + contradicted}
    place = 0
    for sentence in answer.sentences:
        if answer.answer[sentence.start : sentence.end] != sentence.text:
            raise CitationError(f"the answer does not hold the sentence at {sentence.start}")
        if not sentence.citations or not known.issuperset(sentence.citations):
            raise CitationError(f"the sentence at {sentence.start} is not cited")
        if answer.answer[place : sentence.start] not in spoken:
            raise CitationError(f"what the answer says at {place} is no quote")
        place = sentence.end
        spoken = {"".join(f" [{number}]" for number in sentence.citations) + " "}
    if answer.sentences and f"{answer.answer[place:]} " not in spoken:
        raise CitationError(f"what the answer says at {place} is no quote")


def check_answer_file(file: Path, source: Path) -> tuple[str, ...]:
    """Check saved ``/ask`` bodies (one JSON object, a list, or a line each) against a folder.

    Returns what is wrong, a line each. Reads nothing outside ``source``. Raises ``SourceError`` if
    the file cannot be read as answers.
    """
    problems: list[str] = []
    for number, body in enumerate(_bodies(file), start=1):
        where = f"answer {number}"
        try:
            check_answer(body)
        except CitationError as error:
            problems.append(f"{where}: {error}")
        for citation in (*body.citations, *body.closest):
            try:
                text, digest = _cited_file(source, citation.path)
                check_citation(citation, text, digest)
            except (CitationError, UnreadableDocument) as error:
                problems.append(f"{where}, citation {citation.id}: {error}")
    return tuple(problems)


def _cited_file(source: Path, path: str) -> tuple[str, str]:
    data, text = read_text(source, path)
    return text, hashlib.sha256(data).hexdigest()


def _bodies(file: Path) -> Iterator[AskResponse]:
    try:
        content = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{file} cannot be read: {error}; name a file of /ask bodies") from error
    if not content.strip():
        raise SourceError(f"{file} is empty; name a file of /ask bodies")
    try:
        for value in _values(content):
            yield AskResponse.model_validate(value)
    except ValidationError as error:
        raise SourceError(f"{file} does not hold /ask bodies: {in_words(error)}") from error
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{file} does not hold /ask bodies as JSON: {error}") from error


def _values(content: str) -> list[object]:
    try:
        value = json.loads(content)
    except ValueError:
        return [json.loads(line) for line in content.splitlines() if line.strip()]
    return value if isinstance(value, list) else [value]
