"""Requests that are meant to do harm: paths, headers, hosts, log lines."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.api.doors.doors import PAGE_HEADERS

pytestmark = pytest.mark.slow

GET = b"GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n"
TRAVERSALS = [
    b"/documents/../../../../etc/passwd",
    b"/documents/..%2f..%2f..%2fetc%2fpasswd",
    b"/documents/%2e%2e/%2e%2e/etc/passwd",
    b"/documents/..%5c..%5cetc%5cpasswd",
    b"/documents/..%252f..%252fetc%252fpasswd",
    b"/documents/%c0%ae%c0%ae/etc/passwd",
    b"/documents/pores.md",
    b"/documents/pores%00.md",
    b"/documents//etc/passwd",
    b"/documents/file:///etc/passwd",
    b"/widget.js/../../pyproject.toml",
    b"/page.css%2f..%2fpages.py",
    b"/../settings.py",
    b"//etc/passwd",
    b"/%2e%2e/%2e%2e/etc/passwd",
    b"/.git/config",
    b"/static/../../etc/passwd",
]


@pytest.mark.parametrize("path", TRAVERSALS)
def test_no_path_leads_out(site, path):
    """A document is named by its id alone; nothing that a path can spell reaches a file."""
    answer = site.raw(GET % (path, b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b" 404 " in head.split(b"\r\n")[0]
    assert json.loads(body)["status"] == 404
    assert b"root:" not in answer


@given(st.binary(max_size=40).filter(lambda path: b" " not in path and path.isascii()))
@settings(deadline=None, max_examples=60)
def test_any_path_is_answered(site, path):
    """Whatever stands in the request line, there is an answer, never a stack trace or a 5xx."""
    answer = site.raw(GET % (b"/documents/" + path, b""))
    assert answer[:9] == b"HTTP/1.1 "
    assert answer[9:10] in b"24"
    assert b"Traceback" not in answer
    assert site.client.get("/livez").status_code == 200


INJECTIONS = [
    b"/documents/x%0d%0aSet-Cookie:%20a=b",
    b"/x%0d%0a%0d%0a<script>alert(1)</script>",
    b"/documents/pores?start=0%0d%0aX-Evil:1&end=1",
    b"/%e5%98%8d%e5%98%8aX-Evil:1",
]


@pytest.mark.parametrize("path", INJECTIONS)
def test_nothing_that_is_sent_becomes_a_header(site, path):
    """A line break in a path or a query ends no header of the response."""
    lines = (
        b"Origin: http://a\x0bb\r\nAccept: text/html\r\nX-Forwarded-Host: evil.example\r\n"
        b"X-Forwarded-Proto: javascript\r\n"
    )
    head = site.raw(GET % (path, lines)).partition(b"\r\n\r\n")[0].lower()
    assert b"evil" not in head
    assert b"set-cookie" not in head
    assert b"<script" not in head


@pytest.mark.parametrize(
    "header",
    [b"X-A: b\r\n c\r\n", b"X A: b\r\n", b"X-A: b\x00c\r\n", b"Content-Length: 1\r\n" * 2],
)
def test_what_is_no_header_is_no_request(site, header):
    """Folded lines, spaces in names and NULs are refused or harmless; the server goes on."""
    answer = site.raw(GET % (b"/livez", header))
    assert answer[9:12] in {b"200", b"400"}
    assert site.client.get("/livez").status_code == 200


def test_two_lengths_are_refused(site):
    """A request that two readers would cut differently is refused (request smuggling)."""
    for lines in (
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"Content-Length: -1\r\n",
        b"Content-Length: 1_0\r\n",
    ):
        request = b"POST /ask HTTP/1.1\r\nHost: localhost\r\n%s\r\n0\r\n\r\nGET /documents" % lines
        answer = site.raw(request + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 4")
        assert b"About pores" not in answer


@pytest.mark.parametrize(
    "host",
    [
        b'localhost:1"><script>alert(1)</script>',
        b"localhost:80\r\nX-Forwarded-Host: evil.example",
        b"localhost/evil",
        b"localhost#@evil.example",
        b"evil.example:localhost",
        b"localhost:evil.example",
        b"LOCALHOST:8000",
    ],
)
def test_the_page_names_no_host_that_is_not_allowed(site, host):
    """The line to embed is made from the host asked for: only an allowed one, and escaped."""
    answer = site.raw(b"GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n" % host)
    assert answer[9:12] in {b"200", b"400"}
    assert b"evil" not in answer
    assert b"<script>" not in answer


def test_two_hosts(site):
    """A request that names two hosts is refused."""
    answer = site.raw(
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    )
    assert answer[9:12] == b"400"


@pytest.mark.parametrize("path", ["/livez", "/documents", "/widget.js", "/none", "/openapi.json"])
def test_what_is_no_page_may_do_nothing(site, path):
    """Should a browser show it as a page all the same, it runs and loads nothing."""
    policy = site.client.get(path).headers["content-security-policy"]
    assert policy == "default-src 'none'; frame-ancestors 'none'"


@pytest.mark.parametrize("path", ["/", "/documents/pores"])
def test_pages_have_every_header(site, path):
    """Our pages cannot be framed, opened into, or use what a browser can do besides text."""
    headers = site.client.get(path, headers={"accept": "text/html"}).headers
    assert {name: headers[name] for name in PAGE_HEADERS} == PAGE_HEADERS
    assert headers["x-frame-options"] == "DENY"


def test_an_endless_body_where_none_is_wanted(site):
    """A GET with a body, or an upload to nowhere, is answered without taking it in."""
    for line in (b"GET /livez", b"POST /none", b"POST /livez"):
        request = b"%s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n" % (line, 1 << 40)
        # No more than is read at once: what a closing server leaves unread resets the connection,
        # and a reset may overtake the answer.
        answer = site.raw(request + b"Connection: close\r\n\r\n" + b"x" * 1000)
        assert answer[9:12] in {b"200", b"404", b"405"}


def test_a_body_that_lies_about_its_length(site, expect_problem):
    """The limit counts what is received: chunks without a length end at one mebibyte as well."""

    def chunks():
        yield b'{"question": "'
        for _ in range(20):
            yield b"a" * 65_536
        yield b'"}'

    headers = {"content-type": "application/json"}
    response = site.client.post("/ask", content=chunks(), headers=headers)
    assert "1048576 bytes" in expect_problem(response, 413)
    lying = (
        b"POST /ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b'Content-Length: 17\r\nConnection: close\r\n\r\n{"question": "a"}'
    )
    assert site.raw(lying + b"x" * 1000)[9:12] == b"200"


def test_credentials_are_never_shared(serve):
    """No CORS response allows credentials, and none allows every origin."""
    with serve(origins=["https://clinic.example"]) as site:
        for origin in ("https://clinic.example", "https://evil.example", "null"):
            response = site.client.get("/documents", headers={"origin": origin})
            assert "access-control-allow-credentials" not in response.headers
            assert response.headers.get("access-control-allow-origin") in {
                None,
                "https://clinic.example",
            }
