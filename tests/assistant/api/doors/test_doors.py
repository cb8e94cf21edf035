"""Hosts, origins, headers, and errors that no route makes."""

import asyncio
import json

import pytest

from assistant.api.app import create_app
from assistant.api.failures import Unexpected
from assistant.api.work.live import LiveAssistant
from assistant.settings import Settings
from index.errors import FootnoteError

SITE = "https://clinic.example"
PREFLIGHT = {
    "access-control-request-method": "POST",
    "access-control-request-headers": "content-type",
}


def test_no_cors_headers_unless_asked_for(site, expect_problem):
    """By default no page of another site may read anything: there is no CORS header at all."""
    for response in (
        site.client.get("/documents", headers={"origin": SITE}),
        site.client.post("/ask", json={"question": "a"}, headers={"origin": SITE}),
        site.client.options("/ask", headers={"origin": SITE, **PREFLIGHT}),
    ):
        assert not [name for name in response.headers if name.startswith("access-control")]
    expect_problem(response, 405)


def test_allowed_origins(serve, expect_problem):
    """An origin that the owner names may ask and read problems; another may not."""
    with serve(origins=[SITE]) as site:
        allowed = site.client.options("/ask", headers={"origin": SITE, **PREFLIGHT})
        assert allowed.status_code == 200
        assert allowed.headers["access-control-allow-origin"] == SITE
        for body, status in (({"question": "a"}, 200), ({}, 422)):
            response = site.client.post("/ask", json=body, headers={"origin": SITE})
            assert response.status_code == status
            assert response.headers["access-control-allow-origin"] == SITE
            assert "Origin" in response.headers["vary"]
            assert "retry-after" in response.headers["access-control-expose-headers"].lower()
        other = site.client.options("/ask", headers={"origin": "https://evil.example", **PREFLIGHT})
        assert "access-control-allow-origin" not in other.headers
        assert "FOOTNOTE_ORIGINS" in expect_problem(other, 400)
        other = site.client.get("/documents", headers={"origin": "https://evil.example"})
        assert "access-control-allow-origin" not in other.headers


@pytest.mark.parametrize(
    ("origins", "granted"), [([SITE], True), (["*"], True), (["https://evil.example"], False)]
)
def test_a_private_network_is_open_to_allowed_origins_alone(serve, origins, granted):
    """A page of the web may ask a server of an office where its owner allows the origin."""
    asking = {"origin": SITE, **PREFLIGHT, "access-control-request-private-network": "true"}
    with serve(origins=origins) as site:
        response = site.client.options("/ask", headers=asking)
        assert response.is_success is granted
        allowed = response.headers.get("access-control-allow-private-network")
        assert allowed == ("true" if granted else None)
        # Who did not ask for it is told nothing of networks, and no cache mixes the two.
        plain = site.client.options("/ask", headers={"origin": SITE, **PREFLIGHT})
        assert plain.is_success is granted
        assert "access-control-allow-private-network" not in plain.headers
        assert "Access-Control-Request-Private-Network" in plain.headers["vary"]


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("127.0.0.1", True),
        ("127.0.0.1:9999", True),
        ("localhost:80", True),
        ("LOCALHOST", True),
        ("[::1]", True),
        ("[::1]:8000", True),
        ("evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("localhost.", False),
        ("[::2]:8000", False),
        ("::1", False),
        ("[::1", False),
        ("a b", False),
        ("localhost@evil.example", False),
        ("", False),
    ],
)
def test_hosts(site, host, allowed):
    """A page that rebinds its own name to this address cannot read from the server."""
    answer = site.raw(f"GET /livez HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    status = int(answer.split()[1])
    assert status == (200 if allowed else 400)
    if not allowed:
        body = json.loads(answer.partition(b"\r\n\r\n")[2])
        assert "FOOTNOTE_ALLOWED_HOSTS" in body["detail"]
        assert b"content-type: application/problem+json" in answer.lower()


def test_a_request_without_a_host(site):
    """HTTP/1.0 may leave the host out; then no allowed host was named."""
    assert b" 400 " in site.raw(b"GET /livez HTTP/1.0\r\n\r\n").split(b"\r\n")[0]


@pytest.mark.parametrize("allowed", [["*"], ["::1", "127.0.0.1"], ["*.0.0.1"]])
def test_hosts_that_the_owner_allows(serve, allowed):
    """Wildcards work, and an IPv6 address is understood without its brackets."""
    with serve(allowed_hosts=allowed) as site:
        assert site.client.get("/livez").status_code == 200


def test_ipv6_without_brackets(serve):
    """An owner may write ::1 as it is written everywhere but in a URL."""
    with serve(allowed_hosts=["::1"]) as site:
        assert site.client.get("/livez", headers={"host": "[::1]:8000"}).status_code == 200
        assert site.client.get("/livez").status_code == 400


@pytest.mark.parametrize("host", ["http://a.example", "*a.example", "a.*.example", "a/b", ""])
def test_hosts_that_are_none(fake, host):
    """A host that could never match is refused at start-up, naming the setting."""
    live = LiveAssistant(fake, str)
    with pytest.raises(FootnoteError, match="allowed_hosts"):
        create_app(Settings(allowed_hosts=[host]), live)


@pytest.mark.parametrize(
    "path", ["/", "/livez", "/documents", "/openapi.json", "/widget.js", "/none"]
)
def test_security_headers_on_everything(site, path):
    """No response is sniffed, tells where its visitor came from, or is read by other sites."""
    response = site.client.get(path)
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["cross-origin-resource-policy"] in {"same-origin", "cross-origin"}
    assert response.headers["cache-control"] in {"no-store", "no-cache"}


@pytest.mark.parametrize(
    "path", ["/none", "/ask/", "/docs", "/redoc", "/documents/", "/etc/passwd", "/%00"]
)
def test_unknown_routes(site, expect_problem, path):
    """An address without a route is a problem, never a redirect and never a documentation page."""
    response = site.client.get(path)
    assert "openapi.json" in expect_problem(response, 404) or "/documents" in response.text


@pytest.mark.parametrize(
    ("method", "path", "allow"), [("GET", "/ask", "POST"), ("POST", "/livez", "GET")]
)
def test_wrong_methods(site, expect_problem, method, path, allow):
    """A wrong method is a problem, and Allow names the right one."""
    response = site.client.request(method, path)
    expect_problem(response, 405)
    assert response.headers["allow"] == allow


def test_head(site):
    """HEAD is answered as GET, without a body: what monitors ask."""
    got, head = site.client.get("/livez"), site.client.head("/livez")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"]


def test_a_failure_after_the_response_began_is_not_hidden():
    """Half a response cannot become a problem: the connection must break instead."""

    async def breaks(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("halfway")

    async def send(_message):
        pass

    with pytest.raises(RuntimeError, match="halfway"):
        asyncio.run(Unexpected(breaks)({"type": "http"}, None, send))
