"""Requests as bytes that no client would send, well enough framed to reach the application.

Owns how they are made. Knows nothing of what is answered.
"""

import json

from hypothesis import strategies as st

from tests.fuzz.inputs import SPOILS

_ASK = {"question": "What are pores?", "history": [{"role": "user", "content": "Skin?"}]}
_BODIES = (
    *(json.dumps(_ASK).encode(), b'{"id": "1", "helpful": true, "reason": "a"}', b"", b"null"),
    # Of two members with one name the last counts, in ours as in most readers of JSON.
    *(b'{"question": 7, "question": "a"}', b'{"question": "a", "question": 7}'),
    *(b'{"question": "\\ud800"}', b'{"question": "\xff"}', b'{"question": "a\\u0000b"}'),
    *(b"[" * 3000, b'{"question":' * 1500, b'{"question": NaN}', b'{"stream": 1e999}'),
    *(b"9" * 6000, b'"\xed\xa0\x80"', b"\xff\xfe{\x00}\x00", b"\xef\xbb\xbf{}"),
    *(b'{"question": "' + b"\\u202e" * 300 + b'"}', b'{"question": "a", "history": [[[]]]}'),
)
_PATHS = (
    *(b"/", b"/ask", b"/feedback", b"/documents", b"/documents/", b"/suggestions", b"/livez"),
    *(b"/readyz", b"/widget.js", b"/openapi.json", b"/documents/%00", b"/documents/%ff%fe"),
    *(b"/documents/..%2f..%2fetc%2fpasswd", b"//ask", b"/ask/", b"/ASK", b"/%61sk", b"/docs"),
    *(b"/documents/a?start=1&end=NaN", b"/documents/a?start=%00", b"/?" + b"a=b&" * 500),
    *(b"/documents/" + b"%E2%80%AE" * 50, b"/documents/a;b=c", b"/livez?%"),
)
_METHODS = (b"GET", b"POST", b"PUT", b"DELETE", b"PATCH", b"HEAD", b"OPTIONS", b"TRACE", b"BREW")
_TYPES = (
    *(b"application/json", b"application/json; charset=utf-16", b"text/plain", b"", b"*/*"),
    *(b"application/problem+json", b"multipart/form-data; boundary=x", b"application/json;;;"),
)
_ACCEPTS = (
    *(b"*/*", b"text/html", b"text/event-stream", b"application/json;q=0", b",;q=", b"a/b;q=nan"),
    *(b"text/html;q=1e999", b"*/*;q=-0", b"text/*;q=0." + b"9" * 300, b"\xff\xfe", b"," * 2000),
)
_OTHERS = (
    *(b"If-None-Match: W/\xff", b"If-None-Match: *", b"Origin: null", b"Origin: https://a.example"),
    *(
        b"Range: bytes=0-1",
        b"Expect: 100-continue",
        b"Transfer-Encoding: identity",
        b"Cookie: \xff",
    ),
    *(b"Content-Encoding: gzip", b"X-Forwarded-For: 127.0.0.1\xff", b"Upgrade: websocket"),
    *(b"Host: a.example", b"Accept-Language: " + b"a" * 5000, b"A:"),
)


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    """Return a whole request: line, headers, and a body of the length that it declares."""
    body = draw(st.sampled_from(_BODIES) | _spoiled())
    lines = [
        b"%s %s HTTP/1.1" % (draw(st.sampled_from(_METHODS)), draw(st.sampled_from(_PATHS))),
        b"Host: localhost",
        b"Connection: close",
        b"Content-Length: %d" % len(body),
        b"Content-Type: " + draw(st.sampled_from(_TYPES)),
        b"Accept: " + draw(st.sampled_from(_ACCEPTS)),
        *draw(st.lists(st.sampled_from(_OTHERS), max_size=2)),
    ]
    return b"\r\n".join([*lines, b"", body])


@st.composite
def _spoiled(draw: st.DrawFn) -> bytes:
    """Put something into a body that does not belong there."""
    body = draw(st.sampled_from(_BODIES[:2]))
    at = draw(st.integers(0, len(body)))
    return body[:at] + draw(st.sampled_from(SPOILS)) + body[at + draw(st.integers(0, 3)) :]
