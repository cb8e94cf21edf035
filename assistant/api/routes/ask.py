"""``POST /ask``: a question in, an answer out, whole or as a stream of events.

Owns the HTTP of asking. Knows nothing of how an answer is made.
"""

import asyncio
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.requests import ClientDisconnect

from assistant.api.problems import MAX_BODY, described
from assistant.api.routes import feedback
from assistant.api.routes.negotiation import preferred
from assistant.api.schema import ANSWER_EVENT
from assistant.api.state import Questions
from assistant.api.work.overload import TooLate
from assistant.api.work.stream import AnswerStream
from assistant.schemas import AskRequest, AskResponse

router = APIRouter()

JSON = "application/json"
EVENTS = "text/event-stream"
RATABLE = "There when `POST /feedback` takes what is thought of this answer."


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
        **described(400, 401, 413, 422, 429, 503),
    },
)
async def ask(
    asked: AskRequest,
    request: Request,
    response: Response,
    doing: Questions,
) -> AskResponse | AnswerStream:
    """Answer from the documents, quoting them, or say that they do not answer.

    A history of any length is taken; what is too old or too long is left out of account.
    """
    streamed = asked.stream or preferred(request.headers.get("accept"), (JSON, EVENTS)) == EVENTS
    ratable = {} if doing.kept is None else {feedback.HEADER: "kept"}
    if streamed:
        # Proxies such as nginx would hold events back.
        headers = {"X-Accel-Buffering": "no", **ratable}
        return doing.stream(asked, headers)
    response.headers.update(ratable)
    answer = doing.submit(asked)
    return await _in_time(request, answer, doing.deadline)


async def _in_time(
    request: Request, answer: asyncio.Future[AskResponse], deadline: float
) -> AskResponse:
    """Await the answer for ``deadline`` seconds, and as long as the client is there.

    Raises ``TooLate`` or ``ClientDisconnect``; both give the answer up, which frees its place in
    the queue or stops its work.
    """
    # The body has been read: the one message still to come is that the client has gone.
    gone = asyncio.ensure_future(request.receive())
    either: set[asyncio.Future[Any]] = {answer, gone}
    try:
        await asyncio.wait(either, timeout=deadline, return_when=asyncio.FIRST_COMPLETED)
        if answer.done():
            return answer.result()
        if gone.done():
            raise ClientDisconnect
        raise TooLate
    finally:
        answer.cancel()
        gone.cancel()
