"""A question on its way to a worker and its answer back, for whatever surface takes questions.

Owns admission, what is remembered, counted and logged of an answer. Knows nothing of how an answer
is made, nor of the shape in which a surface takes and gives it.
"""

import asyncio
import re
import time
from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial

import structlog

from assistant.api.work.feedback import Feedback
from assistant.api.work.live import LiveAssistant
from assistant.api.work.metrics import Metrics
from assistant.api.work.overload import Places, StreamsTaken
from assistant.api.work.stream import AnswerStream
from assistant.api.work.workers import WorkerPool
from assistant.safety.masking import masked
from assistant.schemas import AskRequest, AskResponse, Turn
from assistant.settings import Settings

log = structlog.get_logger(__name__)

# Code points of an earlier message that are handed on; more than conversation reads of one.
MOST_CONTENT = 4000
_SURROGATE = re.compile("[\ud800-\udfff]")


class Asking:
    """What takes questions. Its methods are called on the event loop."""

    def __init__(
        self, settings: Settings, live: LiveAssistant, pool: WorkerPool, kept: Feedback | None
    ) -> None:
        self.deadline = settings.deadline
        self.kept = kept
        self.streams = Places(settings.streams, StreamsTaken)
        self.metrics = Metrics(pool, self.streams)
        self._log_questions = settings.log_questions
        self._live = live
        self._pool = pool

    def submit(self, asked: AskRequest) -> asyncio.Future[AskResponse]:
        """Return the answer to come; cancelling it gives it up. Raises ``Busy``."""
        began = time.perf_counter()
        answer = self._pool.submit(partial(self._answer, asked))
        answer.add_done_callback(partial(self._count, began))
        return answer

    def stream(self, asked: AskRequest, headers: Mapping[str, str]) -> AnswerStream:
        """Return the response that streams the answer. Raises ``StreamsTaken`` or ``Busy``."""
        with ExitStack() as taken:
            self.streams.enter()
            taken.callback(self.streams.leave)
            answer = self.submit(asked)
            taken.pop_all()  # from here on the response gives the place back, when it has ended
        return AnswerStream(
            answer,
            deadline=self.deadline,
            metrics=self.metrics,
            ended=self.streams.leave,
            headers=headers,
        )

    def _answer(self, asked: AskRequest) -> AskResponse:
        """Answer, wholly by one assistant. Runs in a worker."""
        history = [_readable(turn) for turn in asked.history]
        with self._live.lease() as assistant:
            answer = assistant.answer(asked.question, history)
        if self.kept is not None:
            self.kept.remember(answer)
        if self._log_questions:
            question = masked(asked.question)
            log.info("question", question=question, status=answer.status, index_id=answer.index_id)
        return answer

    def _count(self, began: float, answer: asyncio.Future[AskResponse]) -> None:
        if not answer.cancelled() and answer.exception() is None:
            self.metrics.answered(answer.result(), began)


def _readable(turn: Turn) -> Turn:
    """Cut a long message, and replace unpaired surrogates, which no text may hold."""
    content = turn.content[:MOST_CONTENT]
    return Turn(role=turn.role, content=_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", content))
