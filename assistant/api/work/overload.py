"""Why a request that was in order is turned away: the server's limits, one class each.

    Overloaded
    ├── Busy            no worker is free and no place to wait for one
    ├── StreamsTaken    as many answers are being streamed as may be
    ├── BodiesTaken     as many large bodies are being taken in or worked on as may be
    └── TooLate         the answer was not there within the deadline

Each ends in a 503 problem with ``Retry-After``. Being busy only ever rejects: what is answered is
what would have been answered by an idle server. Knows nothing of HTTP.
"""

# Marks the requests of a connection beyond the limit, in the scope's state.
CROWDED = "crowded"
CROWD = (
    "As many connections are open as may be. Try again after the seconds that Retry-After names."
)


class Overloaded(Exception):
    """The server will not do this now; the request itself was in order."""

    reason: str  # as /metrics counts it
    detail: str


class Busy(Overloaded):
    """Every worker is busy and every waiting place is taken: try again later."""

    reason = "queue"
    detail = "Every worker is busy. Try again after the seconds that Retry-After names."


class StreamsTaken(Overloaded):
    """As many answers are being streamed as may be."""

    reason = "streams"
    detail = (
        "As many answers are being streamed as may be. Ask without stream, or try again after the "
        "seconds that Retry-After names."
    )


class BodiesTaken(Overloaded):
    """As many large bodies are held as may be."""

    reason = "bodies"
    detail = (
        "As many large requests are being answered as may be. Send a shorter history, or try again "
        "after the seconds that Retry-After names."
    )


class TooLate(Overloaded):
    """The answer was not there within the deadline, and its work has been stopped."""

    reason = "deadline"
    detail = (
        "The answer was not ready in time, since the server is busy. Try again after the seconds "
        "that Retry-After names."
    )


class Places:
    """Counts what there may be only so much of. For one thread, the event loop's."""

    def __init__(self, most: int, taken: type[Overloaded]) -> None:
        self._most = most
        self._taken = taken
        self.open = 0

    def enter(self) -> None:
        """Take a place. Raises what was given as ``taken`` if there is none."""
        if self.open >= self._most:
            raise self._taken
        self.open += 1

    def leave(self) -> None:
        """Give a place back."""
        self.open -= 1
