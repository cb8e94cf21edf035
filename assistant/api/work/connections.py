"""A connection that neither a slow client nor too many of them can hold on to.

Owns how long a client may take to send a request and to take a response, and how many connections
there may be. Speaks HTTP as uvicorn does, whose server has no such limits of its own.
"""

import asyncio
import socket
import struct
from typing import Any, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from assistant.api.work.overload import CROWDED

# Beyond its limit a server still takes so many connections, to answer 503 and health checks; any
# more are closed at once, so that there are always file handles left for the index.
RESERVE = 100
# Bytes that a client takes at least in its time: the slowest connection that anybody has is faster.
PROGRESS = 16 << 10
_READ = (h11.DONE, h11.MUST_CLOSE, h11.CLOSED)


class Connection(H11Protocol):
    """A connection with limits, which ``limited`` sets.

    A client that has not sent a whole request within ``patience`` seconds, or that takes less than
    ``PROGRESS`` bytes of a response (or its rest) in as many, is cut off. A response is made before
    it is sent and handed to the transport in parts, the next when there are under 64 KiB of those
    before: so a slow client holds a buffer, and never a worker.
    """

    patience = 20.0
    most = 400

    _unsent = 0
    _sending: asyncio.TimerHandle | None = None
    _receiving: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for a request."""
        transport = cast("asyncio.Transport", transport)  # a TCP server makes no other
        super().connection_made(transport)
        count = len(self.connections)
        if count > self.most + RESERVE:
            transport.abort()
        elif count > self.most:
            self.app_state = {**self.app_state, CROWDED: True}
        self._receiving = self.loop.call_later(self.patience, transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        _cancel(self._sending)
        self._sending = None
        _cancel(self._receiving)
        self._receiving = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take a part of a request; its whole has to follow in time."""
        super().data_received(data)
        if self.conn.their_state in _READ:
            _cancel(self._receiving)
            self._receiving = None
        elif self._receiving is None:
            self._receiving = self.loop.call_later(self.patience, self.transport.abort)

    def pause_writing(self) -> None:
        """Note that the client does not keep up."""
        super().pause_writing()
        self._expect_to_send()

    def resume_writing(self) -> None:
        """Note that it has caught up."""
        super().resume_writing()
        _cancel(self._sending)
        self._sending = None

    def on_response_complete(self) -> None:
        """Leave the rest to the buffer; the client has to take that in time as well."""
        super().on_response_complete()
        self._expect_to_send()

    def _expect_to_send(self) -> None:
        _cancel(self._sending)
        self._sending = None
        self._unsent = self.transport.get_write_buffer_size()
        if self._unsent:
            self._sending = self.loop.call_later(self.patience, self._look_at_progress)

    def _look_at_progress(self) -> None:
        unsent = self.transport.get_write_buffer_size()
        # While a response is being made, what it adds would look like what was not taken.
        answering = not (self.cycle.response_complete or self.flow.write_paused)
        if unsent > self._unsent - PROGRESS and unsent and not answering:
            self._reset()
        else:
            self._expect_to_send()

    def _reset(self) -> None:
        """Close at once: without this the kernel would go on offering what it holds."""
        linger = struct.pack("ii", 1, 0)
        self.transport.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, linger
        )
        self.transport.abort()


def _cancel(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()


def limited(*, patience: float, most: int) -> type[Connection]:
    """Return the class of connections with these limits: uvicorn makes them itself."""
    attributes: dict[str, Any] = {"patience": patience, "most": most}
    return type("LimitedConnection", (Connection,), attributes)
