"""The application: routes, doors and the tasks that run beside them, put together.

Owns the assembly only; each surface is a file of this package.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI

from assistant.api.doors.doors import middleware
from assistant.api.failures import HANDLERS
from assistant.api.problems import ANY_PROBLEM
from assistant.api.routes import (
    ask,
    documents,
    feedback,
    metrics,
    operations,
    pages,
    suggestions,
)
from assistant.api.schema import Described
from assistant.api.state import server_state
from assistant.api.work.live import CHECK_SECONDS, LiveAssistant
from assistant.settings import Settings

# The version of what the routes promise, not of the package.
CONTRACT = "1"
DESCRIPTION = "Answers questions from a body of text; every sentence is a quote with a footnote."


def create_app(
    settings: Settings, live: LiveAssistant, *, check_seconds: float = CHECK_SECONDS
) -> FastAPI:
    """Return the application over an assistant that the caller opened, and closes afterwards.

    ``check_seconds`` is the time between two looks for a newly published generation. Raises
    ``FootnoteError`` when a setting cannot be used.
    """
    state = server_state(settings, live)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        following = asyncio.create_task(live.follow(check_seconds))
        try:
            yield
        finally:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following
            await asyncio.to_thread(state.pool.close)

    app = Described(
        title="Footnote",
        description=DESCRIPTION,
        version=CONTRACT,
        docs_url=None,
        redoc_url=None,
        openapi_url=None if "openapi" in settings.closed else "/openapi.json",
        redirect_slashes=False,
        lifespan=lifespan,
        middleware=middleware(settings),
        exception_handlers=HANDLERS,
        responses=ANY_PROBLEM,
        generate_unique_id_function=lambda route: route.name,
        # Whatever the environment says: nothing leaves the machine unless a setting of ours asks.
        telemetry={"auto_configure": False},
    )
    app.state.server = state
    for surface in (ask, documents, suggestions, feedback, pages, operations):
        app.include_router(surface.router)
    if "page" not in settings.closed:
        app.include_router(pages.home_router)
    if "metrics" not in settings.closed:
        app.include_router(metrics.router)
    return app
