"""Behind a proxy with TLS and a path of its own: every address that is printed is right."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx2
import pytest

from assistant.api.doors.keys import key_hash, new_key

pytestmark = pytest.mark.slow

PUBLIC = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "help.example"}
HOSTS = ["help.example", "127.0.0.1"]


@contextmanager
def _proxy(target, *, strip, said):
    """Run a proxy that serves ``target`` below /chat, as nginx, Caddy and Traefik are set up to."""

    class Passing(BaseHTTPRequestHandler):
        def do_GET(self):
            path = self.path.removeprefix("/chat") if strip else self.path
            sent = {**dict(self.headers), **said, "X-Forwarded-For": "198.51.100.7"}
            sent.pop("Connection", None)
            answer = httpx2.get(f"{target}{path}", headers=sent, follow_redirects=False)
            self.send_response(answer.status_code)
            for name, value in answer.headers.items():
                if name.lower() not in {"transfer-encoding", "content-encoding", "date"}:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, *_):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Passing)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/chat"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("strip", "said", "root_path"),
    [
        (True, {**PUBLIC, "X-Forwarded-Prefix": "/chat"}, ""),
        (True, {**PUBLIC, "X-Forwarded-Prefix": "/chat/"}, "/else"),
        (True, PUBLIC, "/chat"),
        (False, PUBLIC, "/chat"),
    ],
)
def test_addresses_are_those_of_the_proxy(serve, strip, said, root_path):
    """The line for other sites, the links of pages, the document for programs."""
    own = {"trusted_proxies": ["127.0.0.0/8"], "allowed_hosts": HOSTS, "root_path": root_path}
    with serve(**own) as site, _proxy(site.url, strip=strip, said=said) as base:
        home = httpx2.get(f"{base}/").text
        assert "https://help.example/chat/widget.js" in home
        for linked in ("widget.js", "page.css", "documents", "openapi.json", "documents/pores"):
            assert httpx2.get(f"{base}/{linked}").status_code == 200
        page = httpx2.get(f"{base}/documents/pores", headers={"accept": "text/html"}).text
        assert 'href="../page.css"' in page
        served = httpx2.get(f"{base}/openapi.json").json()["servers"]
        assert served == [{"url": "/chat"}]


def test_who_is_no_trusted_proxy_is_not_believed(serve):
    """Nobody puts another host, scheme or path into a page by a header."""
    with serve(trusted_proxies=["10.0.0.0/8"], allowed_hosts=HOSTS) as site:
        said = {**PUBLIC, "X-Forwarded-Prefix": "/evil", "X-Forwarded-Host": "evil.example"}
        home = site.client.get("/", headers=said).text
        assert f"{site.url}/widget.js" in home
        assert "evil" not in home


@pytest.mark.parametrize(
    ("host", "prefix"),
    [("evil.example/x", "/chat"), ("a b", "chat"), ('"><script>', "/a/../b"), ("", "//evil")],
)
def test_what_no_host_or_path_is_made_of_is_not_taken(serve, host, prefix):
    """Not even from a trusted proxy, which may hand on what it was sent."""
    with serve(trusted_proxies=["127.0.0.0/8"], allowed_hosts=HOSTS) as site:
        said = {"X-Forwarded-Host": host, "X-Forwarded-Prefix": prefix}
        home = site.client.get("/", headers=said).text
        assert "evil" not in home
        assert "<script>alert" not in home
        assert "/a/../b" not in home


def test_the_host_that_a_proxy_says_must_be_allowed(serve):
    """A trusted proxy that hands on any host opens no door."""
    with serve(trusted_proxies=["127.0.0.0/8"], allowed_hosts=HOSTS) as site:
        said = {"X-Forwarded-Host": "evil.example"}
        assert site.client.get("/", headers=said).status_code == 400


@pytest.mark.parametrize("root", ["/ask", "/documents/help", "/v1"])
@pytest.mark.parametrize("strip", [True, False])
@pytest.mark.parametrize("said", [True, False])
def test_a_server_may_be_reached_below_a_name_of_its_own_routes(serve, root, strip, said):
    """Such as https://help.example/ask, whether or not the proxy takes the prefix away."""
    own = {"trusted_proxies": ["127.0.0.0/8"], "allowed_hosts": HOSTS, "visitors": True}
    own |= {} if said else {"root_path": root}
    headers = {**PUBLIC, **({"X-Forwarded-Prefix": root} if said else {})}
    before = "" if strip else root
    with serve(**own) as site:
        got = {
            path: site.client.get(f"{before}{path}", headers=headers).status_code
            for path in ("/", "/widget.js", "/documents", "/documents/pores", "/suggestions")
        }
        assert set(got.values()) == {200}, got
        asked = site.client.post(f"{before}/ask", json={"question": "a"}, headers=headers)
        assert asked.status_code == 200
        assert (
            f"https://help.example{root}/widget.js"
            in site.client.get(f"{before}/", headers=headers).text
        )


def test_below_a_path_the_same_doors_are_closed(serve):
    """A key is asked for by the route, not by how its address is written."""
    own = {"trusted_proxies": ["127.0.0.0/8"], "allowed_hosts": HOSTS, "visitors": False}
    with serve(**own, keys=[key_hash(new_key())], root_path="/ask") as site:
        for path in ("/ask", "/ask/ask"):
            asked = site.client.post(path, json={"question": "a"}, headers=PUBLIC)
            assert asked.status_code == 401
        for path in ("/livez", "/ask/livez"):
            assert site.client.get(path, headers=PUBLIC).status_code == 200
