"""``GET /suggestions``: questions that the documents were tried to answer when the index was built.

Owns the HTTP. They are in the generation, so that there is nothing to wait for.
"""

from typing import Annotated

from fastapi import APIRouter, Query

from assistant.api.problems import described
from assistant.api.state import Live

router = APIRouter()
Beside = Annotated[
    str | None,
    Query(max_length=2000, description="A question: only what is related to it, nearest first."),
]


@router.get("/suggestions", summary="Questions worth asking", responses=described(401, 422, 429))
def suggestions(live: Live, beside: Beside = None) -> list[str]:
    """Return questions that the documents answer, for who does not know where to begin."""
    with live.lease() as assistant:
        return assistant.suggestions(beside)
