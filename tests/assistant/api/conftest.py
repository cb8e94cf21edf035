"""A fake assistant, and a real server on loopback around it."""

import hashlib
import json
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

import httpx2
import pytest
import structlog
import uvicorn
from fastapi import FastAPI

from assistant.api.app import create_app
from assistant.api.state import state_of
from assistant.api.work.connections import limited
from assistant.api.work.listening import address, bind
from assistant.api.work.live import LiveAssistant
from assistant.schemas import AnswerSentence, AskResponse, Citation, Timing, Turn
from assistant.settings import Settings
from index.records import DocumentInfo
from tests.assistant.api.by_hand import until

TEXT = "Pores & <b>skin</b> 😀\nSun damages collagen. Age does too.\n"


def _document(name: str) -> DocumentInfo:
    return DocumentInfo(
        id=name,
        title=f"About {name} <i>",
        path=f"{name}.md",
        url="https://example.com/a?b=1&c=2",
        sha256=hashlib.sha256(TEXT.encode()).hexdigest(),
        size=len(TEXT.encode()),
        questions=(),
    )


@dataclass
class FakeGeneration:
    """Two documents of one text."""

    documents: tuple[DocumentInfo, ...] = (_document("pores"), _document("skin"))

    def text(self, row: int) -> str:
        """Return the one text."""
        assert 0 <= row < len(self.documents)
        return TEXT


@dataclass
class FakeAssistant:
    """Answers with two quotes; refuses what mentions a price; does ``work`` first."""

    index_id: str = "a" * 64
    calibration: str = ""
    work: Callable[[str], object] = lambda _question: None
    asked: list[tuple[str, tuple[Turn, ...]]] = field(default_factory=list)
    generation: FakeGeneration = field(default_factory=FakeGeneration)
    closed: bool = False
    suggested: int = 0

    @property
    def version(self) -> str:
        """Name generation and calibration."""
        return self.index_id + self.calibration

    def answer(self, question: str, history: Sequence[Turn] = ()) -> AskResponse:
        """Work, then answer."""
        self.asked.append((question, tuple(history)))
        assert not self.closed
        self.work(question)
        # An assistant that was closed while it answers would have lost its index.
        assert not self.closed
        info = self.generation.documents[0]
        quotes = [] if "price" in question else ["Sun damages collagen.", "Age does too."]
        citations = [
            Citation(
                id=number,
                document_id=info.id,
                title=info.title,
                path=info.path,
                url=info.url,
                document_sha256=self.index_id,
                start=TEXT.index(quote),
                end=TEXT.index(quote) + len(quote),
                quote=quote,
                display=quote,
                page=None,
                score=1 / number,
            )
            for number, quote in enumerate(quotes, 1)
        ]
        return AskResponse(
            id="1",
            index_id=self.index_id,
            status="answered" if quotes else "refused",
            reason=None if quotes else "not_in_sources",
            answer="Sun damages collagen. [1] Age does too. [2]"
            if quotes
            else "Not answered: café.",
            sentences=[
                AnswerSentence(text=quotes[0], start=0, end=21, citations=[1]),
                AnswerSentence(text=quotes[1], start=26, end=39, citations=[2]),
            ]
            if quotes
            else [],
            citations=citations,
            closest=[],
            confidence=0.9,
            question_used=question,
            generator="extractive",
            timing_ms=Timing(retrieve=1, rerank=2, total=3),
        )

    def suggestions(self, beside: str | None = None) -> list[str]:
        """Suggest."""
        return ["What damages collagen?"] if beside is None else [f"After {beside}"]

    def close(self) -> None:
        """Close, once."""
        assert not self.closed
        self.closed = True


@dataclass
class Site:
    """A running server and a client of it."""

    url: str
    port: int
    client: httpx2.Client
    assistant: FakeAssistant
    app: FastAPI

    @property
    def taken(self) -> int:
        """Places taken in the worker pool."""
        return state_of(self.app).pool.taken

    def ask(self, question: str = "What damages collagen?", **more: object) -> httpx2.Response:
        """Ask a question."""
        return self.client.post("/ask", json={"question": question, **more})

    def raw(self, request: bytes) -> bytes:
        """Send bytes over a socket and return all that comes back."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(request)
            return b"".join(iter(lambda: connection.recv(65536), b""))


Serve = Callable[..., AbstractContextManager[Site]]


@contextmanager
def _serve(
    assistant: FakeAssistant | None = None,
    *,
    live: LiveAssistant | None = None,
    check_seconds: float = 0.05,
    **flags: object,
) -> Iterator[Site]:
    assistant = assistant or FakeAssistant()
    live = live or LiveAssistant(lambda: assistant, lambda: assistant.version)
    app = create_app(Settings(**flags), live, check_seconds=check_seconds)
    listener = bind("127.0.0.1", 0)
    settings = state_of(app).settings
    config = uvicorn.Config(
        app,
        http=limited(patience=settings.patience, most=settings.connections),
        log_config=None,
        access_log=False,
        proxy_headers=False,
        ws="none",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    port, url = listener.getsockname()[1], address(listener)
    try:
        until(lambda: server.started)
        with httpx2.Client(base_url=url, timeout=20) as client:
            yield Site(url, port, client, assistant, app)
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
        live.close()


@pytest.fixture(scope="session", autouse=True)
def _quiet() -> Iterator[None]:
    """Keep log lines out of the tests' own output."""
    before = structlog.get_config()
    structlog.configure(logger_factory=structlog.testing.ReturnLoggerFactory())
    yield
    structlog.configure(**before)


@pytest.fixture
def serve() -> Serve:
    """Start servers around assistants that the test makes."""
    return _serve


@pytest.fixture(scope="module")
def serve_for_module() -> Serve:
    """Start servers that the tests of a module share."""
    return _serve


@pytest.fixture(scope="session")
def fake() -> type[FakeAssistant]:
    """Return the fake assistant's class."""
    return FakeAssistant


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """Run a server that the tests of a module share."""
    with _serve() as running:
        yield running


@pytest.fixture
def logged() -> Iterator[list[dict[str, object]]]:
    """Collect the log lines written during the test, from any thread."""
    with structlog.testing.capture_logs() as lines:
        yield lines


@pytest.fixture(scope="session")
def text() -> str:
    """Return the text of every document."""
    return TEXT


@pytest.fixture(scope="session")
def expect_problem() -> Callable[..., str]:
    """Check that a response is a complete problem document, and return its detail."""

    def check(response: httpx2.Response, status: int) -> str:
        assert response.status_code == status, response.text
        assert response.headers["content-type"] == "application/problem+json"
        body = json.loads(response.content)
        assert set(body) == {"type", "title", "status", "detail"}
        assert body["type"] == "about:blank"
        assert body["status"] == status
        assert body["title"]
        assert "Traceback" not in response.text
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["cache-control"] == "no-store"
        return body["detail"]

    return check
