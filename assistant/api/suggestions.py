"""``GET /suggestions``: questions that the documents are known to answer.

Owns that they are worked out once a generation and calibration, however many visitors open the page
at once.
"""

import asyncio
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Request

from assistant.api.overload import TooLate
from assistant.api.problems import described
from assistant.api.workers import WorkerPool
from assistant.live import LiveAssistant

router = APIRouter()


class Suggested:
    """The suggestions of the generation in use, worked out when first asked for."""

    def __init__(self, live: LiveAssistant, pool: WorkerPool, deadline: float) -> None:
        self._live = live
        self._deadline = deadline
        self._pool = pool
        self._of = ""
        self._coming: asyncio.Future[list[str]] | None = None

    async def questions(self) -> list[str]:
        """Return the suggestions; all who ask meanwhile wait for one piece of work.

        Raises ``Busy``, ``TooLate`` (they are worked out all the same), or what working them out
        raised, and tries again the next time.
        """
        version = self._live.version
        failed = self._coming and self._coming.done() and self._coming.exception()
        if self._coming is None or failed or version != self._of:
            self._coming = self._pool.submit(self._work)
            self._coming.add_done_callback(_looked_at)
            self._of = version
        # One visitor who leaves must not take the work away from the others.
        try:
            return await asyncio.wait_for(asyncio.shield(self._coming), self._deadline)
        except TimeoutError as error:
            raise TooLate from error

    def _work(self) -> list[str]:
        with self._live.lease() as assistant:
            return assistant.suggestions()


def _looked_at(coming: asyncio.Future[list[str]]) -> None:
    """Look at a failure that nobody may be waiting for any more, so that asyncio does not warn."""
    if not coming.cancelled():
        coming.exception()


async def _suggested(request: Request) -> Suggested:
    return cast("Suggested", request.app.state.suggested)


@router.get("/suggestions", summary="Questions worth asking", responses=described(401, 429, 503))
async def suggestions(suggested: Annotated[Suggested, Depends(_suggested)]) -> list[str]:
    """Return questions that the documents answer, for who does not know where to begin."""
    return await suggested.questions()
