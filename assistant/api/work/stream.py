"""An answer as server-sent events.

Owns the names and payloads of the events, as the contract gives them; their wire format is
FastAPI's. The events are made from a finished answer, so a slow reader holds no worker, and as much
of them as a connection's buffer holds (``assistant.api.work.connections``).
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping

import structlog
from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event
from starlette.types import Receive, Scope, Send

from assistant.api.problems import problem_of
from assistant.api.work.metrics import Metrics
from assistant.api.work.overload import TooLate
from assistant.schemas import AskResponse

log = structlog.get_logger(__name__)

# The HTML standard suggests a comment every 15 seconds or so, against proxies that time out.
KEEPALIVE_SECONDS = 15.0


class AnswerStream(EventSourceResponse):
    """The response that streams an answer; ``ended`` is called once, however it ends."""

    def __init__(
        self,
        answer: asyncio.Future[AskResponse],
        *,
        deadline: float,
        metrics: Metrics,
        ended: Callable[[], None],
        headers: Mapping[str, str],
    ) -> None:
        events = answer_events(answer, deadline=deadline, metrics=metrics)
        super().__init__(events, headers=headers)
        self._answer = answer
        self._metrics = metrics
        self._ended = ended

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream; a client that goes away, before the first event too, gives the answer up."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            if not self._answer.done():
                self._metrics.gone()
            self._answer.cancel()
            self._ended()


async def answer_events(
    answer: asyncio.Future[AskResponse],
    *,
    deadline: float,
    metrics: Metrics,
    keepalive: float = KEEPALIVE_SECONDS,
) -> AsyncIterator[bytes]:
    """Yield the events of an answer that is being made, with comments while it is not there.

    A failure becomes an ``error`` event, since the response has already begun; so does an answer
    that is not there after ``deadline`` seconds.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + deadline
    while not answer.done():
        await asyncio.wait({answer}, timeout=min(keepalive, end - loop.time()))
        if answer.done():
            break
        if loop.time() >= end:
            answer.cancel()
            metrics.rejected(TooLate.reason)
            yield _error(503, TooLate.detail)
            return
        yield KEEPALIVE_COMMENT
    error = answer.exception()
    if error is not None:
        log.error("unexpected error", path="/ask", exc_info=error)
        yield _error(500)
        return
    for event in _events(answer.result()):
        yield event


def _error(status: int, detail: str | None = None) -> bytes:
    return format_sse_event(event="error", data_str=problem_of(status, detail).model_dump_json())


def _events(body: AskResponse) -> Iterator[bytes]:
    yield _event("meta", body.model_dump(include={"id", "index_id", "question_used"}))
    for sentence in body.sentences:
        cited = [c.model_dump() for c in body.citations if c.id in sentence.citations]
        yield _event("sentence", {"sentence": sentence.model_dump(), "citations": cited})
    yield format_sse_event(event="done", data_str=body.model_dump_json())


def _event(name: str, data: object) -> bytes:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return format_sse_event(event=name, data_str=text)
