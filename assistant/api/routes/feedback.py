"""``POST /feedback``: whether an answer given lately was any help.

Owns the HTTP of it. What is remembered and written is ``assistant.api.work.feedback``'s.
"""

from fastapi import APIRouter, Response

from assistant.api.problems import described, problem
from assistant.api.state import Kept
from assistant.api.work.feedback import TooOften, UnknownAnswer
from assistant.schemas import FeedbackRequest

router = APIRouter()

# Said with every answer, so that the widget asks only where somebody listens.
HEADER = "Footnote-Feedback"
OFF = (
    "This server keeps no feedback. Its owner can name a file for it as feedback in footnote.toml "
    "or FOOTNOTE_FEEDBACK."
)
UNKNOWN = "No answer with this id was given lately. Send the id of an answer of the last day."
OFTEN = "This answer was rated too often. What was said before stands."
MAX_BODY = 16 << 10


@router.post(
    "/feedback",
    status_code=204,
    response_class=Response,
    summary="Say whether an answer helped",
    max_body_size=MAX_BODY,
    responses=described(400, 401, 404, 413, 422, 429),
)
def feedback(said: FeedbackRequest, kept: Kept) -> Response:
    """Keep what a visitor thinks of an answer given lately; the last word about one counts."""
    if kept is None:
        return problem(404, OFF)
    try:
        kept.keep(said.id, helpful=said.helpful, reason=(said.reason or "").strip())
    except UnknownAnswer:
        return problem(404, UNKNOWN)
    except TooOften:
        return problem(429, OFTEN)
    return Response(status_code=204)
