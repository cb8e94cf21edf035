"""What visitors thought of answers given lately, one JSON object a line in a file of the owner's.

Owns what is remembered of an answer, for how long, and what a line says. Knows nothing of HTTP.
Nothing is remembered or written unless the owner names the file: these may be questions about
health. Mail addresses, phone and card numbers are masked even then.
"""

import json
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from assistant.safety.masking import masked
from assistant.schemas import AskResponse
from index.errors import FootnoteError

# "Lately": a visitor who comes back to the tab the same day can still say what they think.
MOST_ANSWERS = 10_000
MOST_SECONDS = 24 * 3600.0
# Often enough to change one's mind; it bounds what one answer can add to the file.
MOST_CHANGES = 10


class UnknownAnswer(Exception):
    """No answer with this id was given lately by this server."""


class TooOften(Exception):
    """This answer was rated as often as it can be."""


@dataclass
class _Given:
    answer: AskResponse
    at: float
    rated: int = 0


class Feedback:
    """Remembers answers and appends what is said of them; callable from any thread.

    ``clock`` gives seconds since the epoch. Raises ``FootnoteError`` when ``path`` cannot be
    written, so that a server says so when it starts and not when the first visitor speaks.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._clock = clock
        self._lock = threading.Lock()
        self._given: OrderedDict[str, _Given] = OrderedDict()
        try:
            self._append("")
        except OSError as error:
            raise FootnoteError(
                f"feedback: {path} cannot be written: {error.strerror}. Name another file in "
                "footnote.toml or FOOTNOTE_FEEDBACK."
            ) from error

    def remember(self, answer: AskResponse) -> None:
        """Take note of an answer that is about to be given."""
        with self._lock:
            self._given[answer.id] = _Given(answer, self._clock())
            self._forget()

    def keep(self, answer_id: str, *, helpful: bool, reason: str = "") -> None:
        """Append what a visitor says; of several lines about one answer the last one counts.

        Raises ``UnknownAnswer``, ``TooOften``, or ``OSError`` when the file cannot be written.
        """
        with self._lock:
            self._forget()
            given = self._given.get(answer_id)
            if given is None:
                raise UnknownAnswer
            if given.rated >= MOST_CHANGES:
                raise TooOften
            given.rated += 1
            line = self._line(given.answer, helpful=helpful, reason=reason)
            self._append(json.dumps(line, ensure_ascii=False) + "\n")

    def _line(self, answer: AskResponse, *, helpful: bool, reason: str) -> dict[str, object]:
        return {
            "at": datetime.fromtimestamp(self._clock(), UTC).isoformat(timespec="seconds"),
            "id": answer.id,
            "index_id": answer.index_id,
            "question_used": masked(answer.question_used),
            "status": answer.status,
            "citations": [
                {"document_id": each.document_id, "start": each.start, "end": each.end}
                for each in answer.citations
            ],
            "helpful": helpful,
            "reason": masked(reason),
        }

    def _forget(self) -> None:
        oldest = self._clock() - MOST_SECONDS
        while self._given:
            first = next(iter(self._given.values()))
            if len(self._given) <= MOST_ANSWERS and first.at >= oldest:
                return
            self._given.popitem(last=False)

    def _append(self, text: str) -> None:
        # Opened each time, so that the owner may move the file away; for the owner's eyes only.
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.write(file, text.encode())
        finally:
            os.close(file)
