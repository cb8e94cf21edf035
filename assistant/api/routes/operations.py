"""``GET /livez`` and ``GET /readyz``: for whatever keeps the server running.

Neither touches a model or a file, so both answer at once however busy the workers are.
"""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from assistant.api.state import Live

router = APIRouter()


class Liveness(BaseModel):
    """The process answers."""

    status: Literal["alive"] = "alive"


class Readiness(BaseModel):
    """A verified generation is open; ``index_id`` names it."""

    status: Literal["ready"] = "ready"
    index_id: str


@router.get("/livez", summary="Is the process alive?")
async def livez() -> Liveness:
    """Say that the event loop turns."""
    return Liveness()


@router.get("/readyz", summary="Can questions be answered?")
async def readyz(live: Live) -> Readiness:
    """Say which generation answers; a damaged newer one does not make the server unready."""
    return Readiness(index_id=live.index_id)
