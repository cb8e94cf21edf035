"""``POST /ask``: a question in, an answer out, whole or as a stream of events.

Owns the HTTP of asking. Knows nothing of how an answer is made.
"""

import asyncio
import re
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.sse import EventSourceResponse
from starlette.requests import ClientDisconnect

from assistant.api import feedback
from assistant.api.negotiation import preferred
from assistant.api.problems import MAX_BODY, described
from assistant.api.schema import ANSWER_EVENT
from assistant.api.state import Kept, Live, Pool
from assistant.api.stream import answer_events
from assistant.feedback import Feedback
from assistant.live import LiveAssistant
from assistant.schemas import AskRequest, AskResponse, Turn

router = APIRouter()

JSON = "application/json"
EVENTS = "text/event-stream"
RATABLE = "There when `POST /feedback` takes what is thought of this answer."
_SURROGATE = re.compile("[\ud800-\udfff]")


@router.post(
    "/ask",
    response_model=AskResponse,
    summary="Ask a question",
    max_body_size=MAX_BODY,
    responses={
        200: {
            "description": "The answer. Asked with `stream` or `Accept`, it comes as events: "
            "`meta`, a `sentence` each, then `done` or `error`.",
            "content": {EVENTS: {"itemSchema": ANSWER_EVENT}},
            "headers": {feedback.HEADER: {"schema": {"const": "kept"}, "description": RATABLE}},
        },
        **described(400, 413, 422, 503),
    },
)
async def ask(
    asked: AskRequest, request: Request, response: Response, live: Live, pool: Pool, kept: Kept
) -> AskResponse | EventSourceResponse:
    """Answer from the documents, quoting them, or say that they do not answer.

    A history of any length is taken; what is too old or too long is left out of account.
    """
    answer = pool.submit(partial(_answer, live, kept, asked))
    ratable = {} if kept is None else {feedback.HEADER: "kept"}
    if asked.stream or preferred(request.headers.get("accept"), (JSON, EVENTS)) == EVENTS:
        # Proxies such as nginx would hold events back.
        headers = {"X-Accel-Buffering": "no", **ratable}
        return EventSourceResponse(answer_events(answer), headers=headers)
    response.headers.update(ratable)
    return await _unless_gone(request, answer)


def _answer(live: LiveAssistant, kept: Feedback | None, asked: AskRequest) -> AskResponse:
    """Answer, wholly by one assistant. Runs in a worker."""
    with live.lease() as assistant:
        answer = assistant.answer(asked.question, [_well_formed(turn) for turn in asked.history])
    if kept is not None:
        kept.remember(answer)
    return answer


def _well_formed(turn: Turn) -> Turn:
    """Replace unpaired surrogates, which JSON can spell and no text may hold."""
    return Turn(role=turn.role, content=_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", turn.content))


async def _unless_gone(request: Request, answer: asyncio.Future[AskResponse]) -> AskResponse:
    """Await the answer; a client that goes away first frees its place in the queue.

    Raises ``ClientDisconnect`` then.
    """
    # The body has been read: the one message still to come is that the client has gone.
    gone = asyncio.ensure_future(request.receive())
    either: set[asyncio.Future[Any]] = {answer, gone}
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if answer.done():
            return answer.result()
        raise ClientDisconnect
    finally:
        answer.cancel()
        gone.cancel()
