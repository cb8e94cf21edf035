"""What tests of a busy server do by hand: ask over a socket, wait, look at ``/metrics``."""

import socket
import time

ASK = b'{"question": "a", "stream": %s}'
START = b"POST /ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


def until(condition, seconds=60.0):
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        # A server elsewhere cannot be waited on, only asked again, until the deadline.
        time.sleep(0.005)


def send(site, body):
    """Open a connection and send a question over it."""
    connection = socket.create_connection(("127.0.0.1", site.port), timeout=20)
    connection.sendall(START + b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    return connection


def metric(site, line):
    """Return the value of a line of /metrics."""
    for each in site.client.get("/metrics").text.splitlines():
        if each.startswith(f"{line} "):
            return float(each.split()[-1])
    raise AssertionError(line)
