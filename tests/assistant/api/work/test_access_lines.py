"""The line that is logged of each request.

No server is shared here: the last line of one would be written while another test looks at the log.
"""

import math

REQUEST = (
    b"GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    b"User-Agent: forged\r\nReferer: http://forged\r\n\r\n"
)


def test_questions_are_not_logged(serve, logged):
    """An access line has method, path, status and milliseconds, and nothing of what was asked."""
    with serve() as site:
        site.ask("a very private question")
        site.client.get("/documents/pores%0Aforged?private=question")
    # A line is written once its response has gone out, so all are there when the server is not.
    lines = [line for line in logged if line["event"] == "request"]
    assert [(line["method"], line["path"], line["status"]) for line in lines] == [
        ("POST", "/ask", 200),
        ("GET", "/documents/pores%0Aforged", 404),
    ]
    assert all(line["ms"] >= 0 and math.isfinite(line["ms"]) for line in lines)
    assert "private" not in repr(logged)


def test_what_is_logged_of_a_request_is_one_line(serve, logged):
    """Method and path come from outside: no control character of theirs gets into the log."""
    with serve() as site:
        for path in (b"/a%0a2026-01-01%20forged", b"/a%1b[2J", b"/%e2%80%ae", b"/a%00b", b"/a%7f"):
            site.raw(REQUEST % path)
        site.raw(b"EVIL /documents HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    lines = [line for line in logged if line["event"] == "request"]
    assert len(lines) == 6
    for line in lines:
        assert str(line["path"]).isprintable()
        assert str(line["path"]).isascii()
        assert str(line["method"]).isprintable()
        assert set(line) == {"event", "log_level", "method", "path", "status", "ms"}
