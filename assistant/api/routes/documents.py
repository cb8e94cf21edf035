"""``GET /documents`` and ``GET /documents/{id}``: the texts that answers quote.

Owns the HTTP of reading a document. The text comes from the generation, never from the source
folder.
"""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import HTMLResponse

from assistant.api.problems import Explained, described
from assistant.api.routes.negotiation import preferred
from assistant.api.state import Live
from assistant.api.work.live import Library
from assistant.schemas import DocumentBody, DocumentSummary
from assistant.widget.pages import document_page
from index.records import DocumentInfo

router = APIRouter()

JSON = "application/json"
HTML = "text/html"
UNKNOWN = "No document has this id. GET /documents lists those there are."
Offset = Annotated[int | None, Query(ge=0, description="Code points in the canonical text.")]


@router.get("/documents", summary="List the documents", responses=described(401, 429))
def documents(live: Live) -> list[DocumentSummary]:
    """List every document of the published generation."""
    with live.lease() as assistant:
        return [DocumentSummary(**_summary(info)) for info in assistant.generation.documents]


@router.get(
    "/documents/{document_id}",
    response_model=DocumentBody,
    summary="Read a document",
    responses={
        200: {
            "description": "The document, as JSON or, for `Accept: text/html`, as a page.",
            "content": {HTML: {"schema": {"type": "string"}}},
        },
        **described(401, 404, 422, 429),
    },
)
def document(
    document_id: str,
    live: Live,
    accept: Annotated[str | None, Header(include_in_schema=False)] = None,
    start: Offset = None,
    end: Offset = None,
) -> Response | DocumentBody:
    """Return a document's canonical text, or a page that highlights ``start`` to ``end``."""
    with live.lease() as assistant:
        row = _row(assistant.generation, document_id)
        info = assistant.generation.documents[row]
        text = assistant.generation.text(row)
    _check_range(start, end, len(text))
    headers = {"Vary": "Accept", "Cache-Control": "no-cache"}
    if preferred(accept, (JSON, HTML)) == HTML:
        page = document_page(
            title=info.title, path=info.path, url=info.url, text=text, start=start, end=end
        )
        return HTMLResponse(page, headers=headers)
    body = DocumentBody(**_summary(info), text=text)
    return Response(body.model_dump_json(), media_type=JSON, headers=headers)


def _summary(info: DocumentInfo) -> dict[str, str | None]:
    return {
        "id": info.id,
        "title": info.title,
        "path": info.path,
        "url": info.url,
        "sha256": info.sha256,
    }


def _row(library: Library, document_id: str) -> int:
    for row, info in enumerate(library.documents):
        if info.id == document_id:
            return row
    raise Explained(404, UNKNOWN)


def _check_range(start: int | None, end: int | None, length: int) -> None:
    if start is None and end is None:
        return
    if start is None or end is None or not 0 <= start < end <= length:
        # The address is well-formed; what it names, a span of this document, is not there.
        raise Explained(
            404,
            "This document has no such span. start and end go together: 0 <= start < end <= "
            f"{length}, its length in code points.",
        )
