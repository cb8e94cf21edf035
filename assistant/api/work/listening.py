"""The address that the server listens at.

Owns binding and naming it. Knows nothing of what is served there.
"""

import socket

from assistant.invalid import brief
from index.errors import FootnoteError

# Connections that the kernel holds while the event loop is busy: uvicorn's own figure.
BACKLOG = 2048


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that listens at the address; port 0 takes any free port.

    Raises ``FootnoteError`` if the address cannot be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's algorithm off only for sockets that say they are TCP; with it on, a
    # response waits for the client's delayed acknowledgement (40 ms measured, instead of 2).
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # A restarted server may take over its port while old connections linger in TIME_WAIT.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except (OSError, UnicodeError, TypeError) as error:  # of the last two: a name that can be none
        listener.close()
        why = error.strerror if isinstance(error, OSError) else "that is no host name"
        raise FootnoteError(
            f"Cannot listen on {brief(host)} port {port}: {why}. Stop what listens there, or "
            "choose another with --host and --port."
        ) from error
    return listener


def address(listener: socket.socket) -> str:
    """Return the URL at which a listening socket is reached."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
