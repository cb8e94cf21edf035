"""``GET /`` and the files that pages load: the widget for any site, style and script for ours.

Owns their HTTP: types, caching, who may embed them. Their content is ``assistant.widget``'s.
"""

import hashlib
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import HTMLResponse

from assistant.api.state import InForce, Live
from assistant.widget.pages import (
    DocumentLink,
    document_js,
    home_js,
    home_page,
    page_css,
    widget_js,
)

router = APIRouter()
# What an owner can close.
home_router = APIRouter()

SCRIPT = "text/javascript"
STYLE = "text/css"
IfNoneMatch = Annotated[str | None, Header(include_in_schema=False)]


@home_router.get("/", summary="The page with the widget", response_class=HTMLResponse)
def home(request: Request, live: Live, settings: InForce) -> HTMLResponse:
    """Return a page on which the widget can be used at once."""
    with live.lease() as assistant:
        links = [
            DocumentLink(title=info.title, href=f"documents/{quote(info.id)}")
            for info in assistant.generation.documents
        ]
    embed = f"{request.base_url}widget.js"
    page = home_page(title=settings.title, embed_src=embed, documents=links)
    return HTMLResponse(page, headers={"Cache-Control": "no-cache"})


@router.get("/widget.js", summary="The widget in one file", response_class=Response)
def widget(if_none_match: IfNoneMatch = None) -> Response:
    """Return the script that any allowed site may embed."""
    response = _asset(widget_js(), SCRIPT, if_none_match)
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@router.get("/page.css", include_in_schema=False)
def style(if_none_match: IfNoneMatch = None) -> Response:
    """Return the style sheet of our own pages."""
    return _asset(page_css(), STYLE, if_none_match)


@home_router.get("/home.js", include_in_schema=False)
def home_script(if_none_match: IfNoneMatch = None) -> Response:
    """Return the script of the home page."""
    return _asset(home_js(), SCRIPT, if_none_match)


@router.get("/document.js", include_in_schema=False)
def script(if_none_match: IfNoneMatch = None) -> Response:
    """Return the script of a document's page."""
    return _asset(document_js(), SCRIPT, if_none_match)


def _asset(body: bytes, media_type: str, if_none_match: str | None) -> Response:
    """Return a file that browsers keep but ask after each time, or 304 if theirs is this one."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    known = {tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")}
    if known & {etag, "*"}:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)
