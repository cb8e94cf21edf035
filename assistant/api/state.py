"""What the routes and doors of one server share.

``assistant.api.app`` makes it once and puts it on the application; routes name what they need of it
as parameters.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.applications import Starlette

from assistant.api.work.asking import Asking
from assistant.api.work.feedback import Feedback
from assistant.api.work.live import LiveAssistant
from assistant.api.work.metrics import Metrics
from assistant.api.work.workers import WorkerPool
from assistant.settings import Settings


@dataclass(frozen=True, slots=True)
class ServerState:
    """The settings in force, the assistant in use, and what takes and works off questions."""

    settings: Settings
    live: LiveAssistant
    feedback: Feedback | None
    pool: WorkerPool
    asking: Asking

    @property
    def metrics(self) -> Metrics:
        """The counts of this server."""
        return self.asking.metrics


def server_state(settings: Settings, live: LiveAssistant) -> ServerState:
    """Return the state of a server over an assistant. Raises ``FootnoteError`` for a setting."""
    kept = Feedback(settings.feedback) if settings.feedback else None
    pool = WorkerPool(workers=settings.workers, queue=settings.queue)
    return ServerState(settings, live, kept, pool, Asking(settings, live, pool, kept))


def state_of(app: Starlette) -> ServerState:
    """Return the state of an application that ``assistant.api.app`` made."""
    found = app.state.server
    if not isinstance(found, ServerState):
        raise TypeError(f"{found!r} is not the state of a server")
    return found


async def _live(request: Request) -> LiveAssistant:
    return state_of(request.app).live


async def _settings(request: Request) -> Settings:
    return state_of(request.app).settings


async def _feedback(request: Request) -> Feedback | None:
    return state_of(request.app).feedback


async def _asking(request: Request) -> Asking:
    return state_of(request.app).asking


async def _metrics(request: Request) -> Metrics:
    return state_of(request.app).metrics


Live = Annotated[LiveAssistant, Depends(_live)]
InForce = Annotated[Settings, Depends(_settings)]
Kept = Annotated[Feedback | None, Depends(_feedback)]
Questions = Annotated[Asking, Depends(_asking)]
Counted = Annotated[Metrics, Depends(_metrics)]
