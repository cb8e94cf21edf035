"""A server that does what a test tells it to, misbehaviour included.

It serves the real widget and pages under the policy the product promises, and plays one scripted
reply for each question. What it sends is checked against the API's own schema, so a test can't
pass on an answer the product would never give.
"""

import asyncio
import json
import socket
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse
from fastapi.staticfiles import StaticFiles

from assistant.schemas import AskRequest, FeedbackRequest
from assistant.widget import pages
from tests import npm
from tests.browser.bodies import DOCUMENTS, GENES, OILY, Body, answer, citation, events

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; require-trusted-types-for 'script'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)

# The line that puts the widget on a page of the same server.
SCRIPT = '<script src="/widget.js"></script>'
QUESTION = "What causes enlarged pores?"


@dataclass(frozen=True)
class Reply:
    """What the server does with one question: bytes to send, numbers of seconds to wait."""

    chunks: Sequence[bytes | float]
    status: int = 200
    headers: Mapping[str, str] = field(
        default_factory=lambda: {"Content-Type": "text/event-stream; charset=utf-8"}
    )
    cut: bool = False  # break the connection instead of ending the stream


@dataclass
class Scripted:
    """The server's script and its record of what was asked."""

    url: str = ""
    asked: list[AskRequest] = field(default_factory=list)
    replies: deque[Reply] = field(default_factory=deque)
    suggestions: list[str] = field(default_factory=lambda: [QUESTION])
    beside: list[str] = field(default_factory=list)
    hosts: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    abandoned: int = 0
    ratable: bool = False
    ratings: list[FeedbackRequest] = field(default_factory=list)
    rating_status: int = 204
    rating_seconds: float = 0.0

    def will(self, *replies: Reply | Body) -> None:
        """Queue replies; a body is streamed as the product would."""
        for reply in replies:
            self.replies.append(reply if isinstance(reply, Reply) else stream(reply))

    def host(self, html: str, policy: str | None = None) -> str:
        """Return the address of a page of somebody else's."""
        name = f"page-{len(self.hosts)}"
        self.hosts[name] = (html, policy)
        return f"{self.url}/host/{name}"


# An answer of two sentences: meta, one sentence, the other, done.
META, FIRST, SECOND, DONE = events(answer(citation(GENES, 1), citation(OILY, 2)))


def stream(body: Body) -> Reply:
    """Return the reply of a server that behaves."""
    return Reply(events(body))


def problem(status: int, detail: str, **headers: str) -> Reply:
    """Return an RFC 9457 error."""
    body = {"type": "about:blank", "title": "Error", "status": status, "detail": detail}
    media = {"Content-Type": "application/problem+json", **headers}
    return Reply([json.dumps(body).encode()], status=status, headers=media)


class _ConnectionCutError(Exception):
    """Raised inside a response to make the server drop the connection."""


def build(scripted: Scripted) -> FastAPI:
    """Return the application that plays `scripted`."""
    app = FastAPI(openapi_url=None)
    app.add_api_route("/ask", _ask(scripted), methods=["POST"], response_model=None)

    @app.middleware("http")
    async def _cors(request: Request, call_next: Any) -> Response:
        if request.method == "OPTIONS":
            response = Response()
            response.headers["Access-Control-Allow-Headers"] = "content-type"
        else:
            response = await call_next(request)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "Retry-After, Footnote-Feedback"
        return response

    @app.post("/feedback")
    async def _feedback(request: Request) -> Response:
        scripted.ratings.append(FeedbackRequest.model_validate_json(await request.body()))
        await asyncio.sleep(scripted.rating_seconds)
        return Response(status_code=scripted.rating_status)

    @app.get("/")
    def _home() -> Response:
        links = [
            pages.DocumentLink(title, f"documents/{name}") for name, (title, _) in DOCUMENTS.items()
        ]
        src = f"{scripted.url}/widget.js"
        return _page(pages.home_page(title="Ask about your skin", embed_src=src, documents=links))

    @app.get("/documents/{name}")
    def _document(name: str, start: int | None = None, end: int | None = None) -> Response:
        title, text = DOCUMENTS[name]
        url = "https://example.org/pores"
        return _page(
            pages.document_page(
                title=title, path=f"{name}.md", url=url, text=text, start=start, end=end
            )
        )

    @app.get("/host/{name}")
    def _host(name: str) -> Response:
        html, policy = scripted.hosts[name]
        return _page(html, policy)

    @app.get("/suggestions")
    def _suggestions(beside: str = "") -> Response:
        scripted.beside += [beside] if beside else []
        return JSONResponse(scripted.suggestions)

    for path, read, media in (
        ("/widget.js", pages.widget_js, "text/javascript"),
        ("/home.js", pages.home_js, "text/javascript"),
        ("/document.js", pages.document_js, "text/javascript"),
        ("/page.css", pages.page_css, "text/css"),
    ):
        response = Response(read(), media_type=media)
        app.add_api_route(path, lambda response=response: response, response_model=None)
    app.mount("/modules", StaticFiles(directory=npm.SOURCE / "node_modules"))
    return app


def _ask(scripted: Scripted) -> Any:
    async def ask(request: Request) -> Response:
        scripted.asked.append(AskRequest.model_validate_json(await request.body()))
        reply = scripted.replies.popleft()

        async def content() -> AsyncIterator[bytes]:
            try:
                for chunk in reply.chunks:
                    if isinstance(chunk, bytes):
                        yield chunk
                    else:
                        await asyncio.sleep(chunk)
            except asyncio.CancelledError:
                scripted.abandoned += 1
                raise
            if reply.cut:
                raise _ConnectionCutError

        headers = {**reply.headers, **({"Footnote-Feedback": "kept"} if scripted.ratable else {})}
        return StreamingResponse(content(), status_code=reply.status, headers=headers)

    return ask


def _page(html: str, policy: str | None = POLICY) -> Response:
    headers = {} if policy is None else {"Content-Security-Policy": policy}
    return HTMLResponse(html, headers=headers)


@contextmanager
def serving(scripted: Scripted) -> Iterator[Scripted]:
    """Serve `scripted` on a free port of the loopback interface."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        scripted.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = uvicorn.Config(
            build(scripted),
            log_level="critical",
            ws="none",
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started and thread.is_alive():
                time.sleep(0.01)
            yield scripted
        finally:
            server.should_exit = True
            thread.join(timeout=10)
