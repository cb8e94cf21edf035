"""An answer as server-sent events.

Owns the names and payloads of the events, as the contract gives them; their wire format is
FastAPI's.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator

import structlog
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event

from assistant.api.problems import problem_of
from assistant.schemas import AskResponse

log = structlog.get_logger(__name__)

# The HTML standard suggests a comment every 15 seconds or so, against proxies that time out.
KEEPALIVE_SECONDS = 15.0


async def answer_events(
    answer: asyncio.Future[AskResponse], keepalive: float = KEEPALIVE_SECONDS
) -> AsyncIterator[bytes]:
    """Yield the events of an answer that is being made, with comments while it is not there.

    Closing the iterator (the client has gone) cancels the answer. A failure becomes an ``error``
    event, since the response has already begun.
    """
    try:
        while not answer.done():
            await asyncio.wait({answer}, timeout=keepalive)
            if not answer.done():
                yield KEEPALIVE_COMMENT
        error = answer.exception()
        if error is not None:
            log.error("unexpected error", path="/ask", exc_info=error)
            yield format_sse_event(event="error", data_str=problem_of(500).model_dump_json())
            return
        for event in _events(answer.result()):
            yield event
    finally:
        answer.cancel()


def _events(body: AskResponse) -> Iterator[bytes]:
    yield _event("meta", body.model_dump(include={"id", "index_id", "question_used"}))
    for sentence in body.sentences:
        cited = [c.model_dump() for c in body.citations if c.id in sentence.citations]
        yield _event("sentence", {"sentence": sentence.model_dump(), "citations": cited})
    yield format_sse_event(event="done", data_str=body.model_dump_json())


def _event(name: str, data: object) -> bytes:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return format_sse_event(event=name, data_str=text)
