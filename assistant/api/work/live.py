"""The assistant in use, following what is published without failing a question.

Owns which assistant answers and when an old one is closed. Knows nothing of HTTP, nor of how a
generation is opened: it is given a function for that.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Protocol

import structlog

from assistant.schemas import AskResponse, Turn
from index.errors import FootnoteError
from index.records import DocumentInfo

log = structlog.get_logger(__name__)

# Opening takes a second or so, and a rebuild is to be followed within about two.
CHECK_SECONDS = 0.5
# A generation that could not be opened is tried again this much later: what stood in the way (no
# file handles, a copy still under way) may have passed, but opening one costs a whole verification.
RETRY_SECONDS = 30.0


class Library(Protocol):
    """The documents of one generation."""

    @property
    def documents(self) -> tuple[DocumentInfo, ...]:
        """Every document, in the generation's order."""
        ...

    def text(self, row: int, /) -> str:
        """Return the canonical text of ``documents[row]``; callable from any thread."""
        ...


class Answers(Protocol):
    """What answers questions over one generation; every method is callable from any thread."""

    @property
    def index_id(self) -> str:
        """Name the generation that every answer comes from."""
        ...

    @property
    def version(self) -> str:
        """Name all that answers depend on: the generation, and its calibration if there is one."""
        ...

    @property
    def generation(self) -> Library:
        """The generation itself."""
        ...

    def answer(self, question: str, history: Sequence[Turn] = ()) -> AskResponse:
        """Answer from this generation alone; blocking, tens to hundreds of milliseconds."""
        ...

    def suggestions(self, beside: str | None = None) -> list[str]:
        """Return questions worth asking: all, or after another one; blocking, milliseconds."""
        ...

    def close(self) -> None:
        """Give back what is held open; nothing is called afterwards."""
        ...


class _Seat:
    """One assistant and how many are using it. Guarded by the lock of its ``LiveAssistant``."""

    def __init__(self, assistant: Answers) -> None:
        self.assistant = assistant
        self.users = 0
        self.retired = False


class LiveAssistant:
    """Lends out the assistant of the published generation, as it is calibrated.

    ``open_assistant`` opens what is published, ``published`` names its version cheaply; either may
    raise. The first is opened here, so a missing or damaged index raises ``FootnoteError`` from the
    constructor; afterwards trouble with a newer one is logged once and the one in use is kept.
    """

    def __init__(
        self,
        open_assistant: Callable[[], Answers],
        published: Callable[[], str],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._open = open_assistant
        self._published = published
        self._clock = clock
        self._lock = threading.Lock()
        self._trouble = ""
        self._refused: str | None = None
        self._retry_at = 0.0
        self._closed = False
        self._seat = _Seat(open_assistant())

    @property
    def index_id(self) -> str:
        """Name the generation that the next question will be answered from."""
        return self._seat.assistant.index_id

    @property
    def version(self) -> str:
        """Name the generation and calibration that the next question will be answered from."""
        return self._seat.assistant.version

    @contextmanager
    def lease(self) -> Iterator[Answers]:
        """Lend the assistant: it stays open, and stays the same, until the block ends."""
        with self._lock:
            seat = self._seat
            seat.users += 1
        try:
            yield seat.assistant
        finally:
            with self._lock:
                seat.users -= 1
                last = seat.retired and not seat.users
            if last:
                seat.assistant.close()

    def refresh(self) -> bool:
        """Swap in what is published if it is another; return whether it was swapped.

        Blocking: opening takes a second or so. Nothing that is wrong with the newer generation is
        raised; it is logged once, and the generation in use stays.
        """
        try:
            published = self._published()
            if published == self.version:
                self._trouble, self._refused = "", None
                return False
            if not self._due(published):
                return False
            assistant = self._open()
        # What got through would end the loop that follows: no later generation, mended or not,
        # would ever be served. The one in use goes on answering, and the log says why.
        except Exception as error:  # noqa: BLE001 - opening runs five libraries on foreign files
            self._report(error)
            return False
        old = self.index_id
        self._seat_next(assistant)
        what = "calibration swapped" if assistant.index_id == old else "generation swapped"
        log.info(what, index_id=assistant.index_id, before=old)
        return True

    def look_again(self) -> None:
        """Let what could not be opened be tried at the next look, without waiting for its turn.

        Takes no lock: a signal's handler may call it.
        """
        self._retry_at = 0.0

    async def follow(self, every: float = CHECK_SECONDS) -> None:
        """Refresh every so many seconds, in a thread, until cancelled.

        Always the same thread: what opening a generation takes in passing is taken again by the
        next, where each of several threads would keep some of it.
        """
        loop = asyncio.get_running_loop()
        thread = ThreadPoolExecutor(1, thread_name_prefix="follow")
        try:
            while True:
                await asyncio.sleep(every)
                await loop.run_in_executor(thread, self.refresh)
        finally:
            thread.shutdown(wait=False)  # the server need not wait for what it will not use

    def close(self) -> None:
        """Close the assistant once its last user is done. Idempotent."""
        with self._lock:
            self._closed = True
        self._retire(self._seat)

    def _due(self, published: str) -> bool:
        """Tell whether to open ``published``, and note that it is being tried."""
        now = self._clock()
        if published == self._refused and now < self._retry_at:
            return False
        self._refused, self._retry_at = published, now + RETRY_SECONDS
        return True

    def _seat_next(self, assistant: Answers) -> None:
        seat = _Seat(assistant)
        with self._lock:
            closed = self._closed
            if not closed:
                seat, self._seat = self._seat, seat
        self._retire(seat)

    def _retire(self, seat: _Seat) -> None:
        with self._lock:
            unused = not seat.retired and not seat.users
            seat.retired = True
        if unused:
            seat.assistant.close()

    def _report(self, error: Exception) -> None:
        trouble = f"{type(error).__name__}: {error}"
        if trouble == self._trouble:
            return
        self._trouble = trouble
        log.error(
            "newer generation not taken",
            reason=trouble,
            kept=self.index_id,
            exc_info=None if isinstance(error, FootnoteError) else error,
        )
