"""What the routes are given: the assistant in use, the settings, the feedback.

``assistant.api.app`` puts them on the application; routes name them as parameters.
"""

from typing import Annotated, cast

from fastapi import Depends, Request

from assistant.api.work.feedback import Feedback
from assistant.api.work.live import LiveAssistant
from assistant.settings import Settings


async def _live(request: Request) -> LiveAssistant:
    return cast("LiveAssistant", request.app.state.live)


async def _settings(request: Request) -> Settings:
    return cast("Settings", request.app.state.settings)


async def _feedback(request: Request) -> Feedback | None:
    return cast("Feedback | None", request.app.state.feedback)


Live = Annotated[LiveAssistant, Depends(_live)]
InForce = Annotated[Settings, Depends(_settings)]
Kept = Annotated[Feedback | None, Depends(_feedback)]
