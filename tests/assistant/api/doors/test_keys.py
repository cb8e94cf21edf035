"""Keys: who is let in with one, without one, and what each sees."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.api.app import create_app
from assistant.api.doors.keys import Keys, key_hash, new_key
from assistant.api.work.live import LiveAssistant
from assistant.settings import Settings
from index.errors import FootnoteError

OLD, NEW = new_key(), new_key()
KEYS = [key_hash(OLD), key_hash(NEW)]
KEYED = {"keys": KEYS, "rate": "1000/minute"}
SITE = "https://clinic.example"
HTML = {"accept": "text/html"}
PRIVATE = [
    ("GET", "/documents"),
    ("GET", "/documents/pores"),
    ("GET", "/metrics"),
    ("POST", "/ask"),
    ("POST", "/feedback"),
    # What is not there, or comes later, is not for everyone either.
    ("POST", "/v1/chat/completions"),
    ("GET", "/mcp"),
    ("GET", "//ask"),
    ("GET", "/livez/"),
    ("GET", "/livez/../documents"),
    ("GET", "/documents%2Fpores"),
    ("GET", "/%64ocuments"),
    ("PUT", "/documents/pores"),
]


def _bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


@pytest.fixture(scope="module")
def keyed(serve_for_module):
    """Run a server with two keys."""
    with serve_for_module(**KEYED) as running:
        yield running


@pytest.mark.parametrize("key", [OLD, NEW], ids=["old", "new"])
def test_every_key_holds(keyed, key):
    """Two keys are valid at once, so that one can be replaced without a gap."""
    for scheme in ("Bearer", "bearer", "BEARER"):
        headers = {"authorization": f"{scheme} {key}"}
        asked = keyed.client.post("/ask", json={"question": "a"}, headers=headers)
        assert asked.status_code == 200
        assert keyed.client.get("/documents", headers=headers).status_code == 200
    assert keyed.client.get("/metrics", headers=_bearer(key)).status_code == 200


@pytest.mark.parametrize(("method", "path"), PRIVATE)
def test_without_a_key_nothing_is_read_or_asked(keyed, expect_problem, method, path):
    """Whoever has no key is told how to send one; the body is not even looked at."""
    before = len(keyed.assistant.asked)
    response = keyed.client.request(
        method, keyed.url + path, content=b"{" if method == "POST" else None
    )
    assert "footnote key" in expect_problem(response, 401)
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert len(keyed.assistant.asked) == before


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        f"Bearer {new_key()}",
        f"Bearer {OLD}x",
        f"Bearer {OLD[:-1]}",
        f"Bearer {KEYS[0]}",
        f"Basic {OLD}",
        f"Bearer {OLD} {NEW}",
        "Bearer \xff",
        OLD,
    ],
    # The keys are others in every run, and a test is to be found by its name.
    ids="empty bare unknown longer shorter hash basic both undecodable plain".split(),
)
def test_a_wrong_key_is_worse_than_none(keyed, expect_problem, authorization):
    """A key that does not hold is refused even where none is needed, and its hash is no key."""
    headers = {"authorization": authorization.encode("latin-1"), "origin": keyed.url}
    response = keyed.client.post("/ask", json={"question": "a"}, headers=headers)
    assert "does not hold" in expect_problem(response, 401)
    assert "footnote_" not in response.text
    assert keyed.client.get("/livez", headers=headers).status_code == 200


def test_our_own_page_asks_without_a_secret(keyed):
    """The page holds no key: its browser says where it comes from, and footnotes open pages."""
    page = keyed.client.get("/")
    assert page.status_code == 200
    assert "footnote_" not in page.text
    for path in ("/widget.js", "/page.css", "/home.js", "/document.js", "/suggestions"):
        assert keyed.client.get(path).status_code == 200
    own = {"origin": keyed.url}
    asked = keyed.client.post("/ask", json={"question": "a"}, headers=own)
    assert asked.status_code == 200
    assert keyed.client.get("/documents/pores?start=0&end=5", headers=HTML).status_code == 200
    assert keyed.client.post("/feedback", json={}, headers=own).status_code != 401
    assert keyed.client.get("/documents", headers={**own, **HTML}).status_code == 401


@pytest.mark.parametrize(
    "origin",
    ["", "null", "https://evil.example", "http://127.0.0.1", "http://", "127.0.0.1", "file://"],
)
def test_pages_of_others_do_not(keyed, origin):
    """Another origin, another port or none is not ours."""
    response = keyed.client.post("/ask", json={"question": "a"}, headers={"origin": origin})
    assert response.status_code == 401


def test_a_page_behind_tls_is_our_own(keyed):
    """A proxy that speaks TLS for us makes the page's origin https; its name is still ours."""
    own = {"origin": keyed.url.replace("http:", "https:")}
    assert keyed.client.post("/ask", json={"question": "a"}, headers=own).status_code == 200


def test_a_rebound_name_is_not_ours(keyed, expect_problem):
    """A page cannot make itself ours by resolving its name to this address."""
    headers = {"host": "evil.example", "origin": "http://evil.example"}
    response = keyed.client.post("/ask", json={"question": "a"}, headers=headers)
    assert "FOOTNOTE_ALLOWED_HOSTS" in expect_problem(response, 400)


def test_an_allowed_site_asks_without_a_secret(serve, expect_problem):
    """The widget works on the sites that the owner names; they can read why when it does not."""
    with serve(**KEYED, origins=[SITE]) as site:
        for origin, status in ((SITE, 200), ("https://evil.example", 401)):
            headers = {"origin": origin}
            response = site.client.post("/ask", json={"question": "a"}, headers=headers)
            assert response.status_code == status
        refused = site.client.get("/documents", headers={"origin": SITE})
        expect_problem(refused, 401)
        assert refused.headers["access-control-allow-origin"] == SITE
        preflight = {
            "origin": SITE,
            "access-control-request-method": "POST",
            "access-control-request-headers": "content-type",
        }
        assert site.client.options("/ask", headers=preflight).status_code == 200
        # No page needs to send a key, so none is told that it may.
        preflight["access-control-request-headers"] = "authorization"
        assert site.client.options("/ask", headers=preflight).status_code == 400


def test_without_visitors_everything_needs_a_key(serve):
    """An owner can shut the pages out as well; only health checks stay."""
    with serve(keys=KEYS, visitors=False) as site:
        own = {"origin": site.url}
        for path in ("/", "/widget.js", "/suggestions", "/openapi.json", "/documents/pores"):
            assert site.client.get(path, headers={**own, **HTML}).status_code == 401
            assert site.client.get(path, headers=_bearer(NEW)).status_code == 200
        assert site.client.post("/ask", json={"question": "a"}, headers=own).status_code == 401
        assert site.client.get("/livez").status_code == 200
        assert site.client.get("/readyz").status_code == 200


def test_visitors_without_a_key_have_to_be_limited(fake):
    """Keys alone would leave asking open to whoever sends an Origin: the server does not start."""
    live = LiveAssistant(fake, str)
    with pytest.raises(FootnoteError, match="rate"):
        create_app(Settings(keys=KEYS), live)
    create_app(Settings(keys=KEYS, visitors=False), live)
    live.close()


def test_keys_are_only_ever_kept_as_hashes():
    """A key itself in the settings is refused, so that no file holds one."""
    with pytest.raises(ValueError, match="keys"):
        Settings(keys=[OLD])


def test_without_keys_a_key_is_no_matter(site):
    """An open server ignores what it did not ask for."""
    response = site.client.get("/documents", headers={"authorization": "Bearer x"})
    assert response.status_code == 200


def test_new_keys_differ_and_can_be_sent():
    """Every key is another, says what it is, and needs no escaping in a header."""
    made = {new_key() for _ in range(1000)}
    assert len(made) == 1000
    assert all(key.isascii() and key.startswith("footnote_") and len(key) > 50 for key in made)


@settings(deadline=None)
@given(st.lists(st.text(max_size=20), max_size=5), st.text(max_size=20))
def test_a_key_holds_exactly_if_its_hash_is_kept(kept, key):
    """Whatever is sent, it holds if and only if it is one of those kept; nothing raises."""
    assert Keys([key_hash(each) for each in kept]).hold(key) == (key in kept)


def test_every_hash_is_compared_in_constant_time(monkeypatch):
    """A match does not end the search, and each comparison is the one that leaks no time."""
    compared = []

    def compare(known, given):
        compared.append(known)
        return known == given

    monkeypatch.setattr("assistant.api.doors.keys.hmac.compare_digest", compare)
    assert Keys(KEYS).hold(OLD)
    assert compared == KEYS
