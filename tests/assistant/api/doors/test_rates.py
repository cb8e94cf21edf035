"""Rate limits, and whose address they count."""

import asyncio
from ipaddress import ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.api.app import create_app
from assistant.api.doors.clients import UNKNOWN, client_of
from assistant.api.doors.keys import key_hash, new_key
from assistant.api.doors.proxies import Forwarded
from assistant.api.doors.rates import Rate, Windows
from assistant.api.work.live import LiveAssistant
from assistant.settings import Settings
from index.errors import FootnoteError

PROXIES = [ip_network("10.0.0.0/8"), ip_network("::1/128")]


def _scope(client: str | None, *forwarded: str) -> dict:
    headers = [(b"x-forwarded-for", each.encode("latin-1")) for each in forwarded]
    client = client and (client, 1)
    return {"type": "http", "path": "/", "client": client, "headers": headers}


def _name(scope: dict) -> str:
    """Return whose request it is behind the door that reads what proxies say."""
    named = []

    async def app(seen, _receive, _send):
        named.append(client_of(seen))

    asyncio.run(Forwarded(app, PROXIES, "")(scope, None, None))
    return named[0]


@pytest.mark.parametrize(
    ("client", "forwarded", "name"),
    [
        # Nobody but a trusted proxy is believed.
        ("203.0.113.7", [], "203.0.113.7"),
        ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),
        ("11.0.0.1", ["198.51.100.1"], "11.0.0.1"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        # What the client itself put before what the proxy added is not read.
        ("10.0.0.1", ["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1", "198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["198.51.100.1, 10.9.9.9, 10.0.0.2"], "198.51.100.1"),
        ("10.0.0.1", ["10.0.0.3"], "10.0.0.3"),
        # Of a proxy that says nothing, or nothing readable.
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["1.1.1.1, unknown"], UNKNOWN),
        ("10.0.0.1", ["1.1.1.1, "], "10.0.0.1"),
        # Ports, brackets, quotes and zones are no part of an address.
        ("10.0.0.1", ["198.51.100.1:4711"], "198.51.100.1"),
        ("::1", ["[2001:db8:1:2:3::4]:4711"], "2001:db8:1:2::/64"),
        ("::1", ['"[2001:db8:1:2:3::4]"'], "2001:db8:1:2::/64"),
        ("fe80::1%eth0", [], "fe80::/64"),
        # Of IPv6 everybody has a whole network; IPv4 in it is still one address.
        ("2001:db8:1:2:aaaa::1", [], "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", [], "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", [], "2001:db8:1:3::/64"),
        ("::ffff:203.0.113.7", [], "203.0.113.7"),
        ("::ffff:10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        (None, ["198.51.100.1"], UNKNOWN),
        ("not an address", [], UNKNOWN),
    ],
)
def test_whose_request_it_is(client, forwarded, name):
    """The client is the last address that a trusted proxy vouches for."""
    assert _name(_scope(client, *forwarded)) == name


@settings(deadline=None)
@given(st.text(st.characters(max_codepoint=255), max_size=60), st.booleans())
def test_no_header_raises_or_speaks_for_others(header, proxied):
    """Whatever is sent, somebody is counted; without a trusted proxy always the peer."""
    name = _name(_scope("10.0.0.1" if proxied else "203.0.113.7", header))
    assert name
    assert proxied or name == "203.0.113.7"


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 40)), max_size=60))
def test_counting_against_a_plain_record(events):
    """Differential: a request is granted exactly if fewer than three are in its client's window."""
    now, started = [1000.0], {}
    rate = Rate("3/minute", clock=lambda: now[0])
    for client, later in events:
        now[0] += later
        begin, count = started.get(client, (-1e9, 0))
        if now[0] >= begin + 60:
            begin, count = now[0], 0
        started[client] = (begin, count + 1)
        allowance = rate.take(str(client))
        assert allowance.granted == (count < 3)
        assert allowance.remaining == max(0, 2 - count)
        assert 0 < allowance.reset <= 60


def test_the_table_is_bounded_and_forgets():
    """A million clients take no more room than the bound; what is over is dropped."""
    now = [0.0]
    windows = Windows(lambda: now[0], most=100)
    for number in range(10_000):
        windows.incr(str(number), 60)
        assert len(windows) <= 100
    now[0] = 61
    windows.incr("again", 60)
    assert len(windows) == 1
    assert windows.get("again") == 1
    windows.clear("again")
    assert (windows.get("again"), windows.check(), windows.reset()) == (0, True, 0)


@pytest.mark.parametrize("rate", ["", "often", "0/minute", "-1/minute", "30", "30/fortnight"])
def test_what_is_no_rate(fake, rate):
    """A server does not start with a limit that it cannot keep, and says how to write one."""
    live = LiveAssistant(fake, str)
    with pytest.raises(FootnoteError, match=r"rate: .*30/minute"):
        Rate(rate)
    if rate:
        with pytest.raises(FootnoteError, match="rate: "):
            create_app(Settings(rate=rate), live)
    live.close()


def test_too_many_requests(serve, expect_problem):
    """The limit holds exactly, the refusal says when to come again, health checks are not counted.

    Nor are pages and their files; and X-Forwarded-For makes nobody somebody else.
    """
    with serve(rate="5/hour") as site:
        for number in range(5):
            headers = {"x-forwarded-for": f"198.51.100.{number}"}
            response = site.client.post("/ask", json={"question": "a"}, headers=headers)
            assert response.status_code == 200
        for path in ("/ask", "/suggestions", "/documents", "/documents/pores", "/none"):
            response = site.client.request("POST" if path == "/ask" else "GET", path)
            expect_problem(response, 429)
            assert 0 < int(response.headers["retry-after"]) <= 3600
            assert response.headers["ratelimit"].startswith('"client";r=0;t=')
            assert response.headers["ratelimit-policy"] == '"client";q=5;w=3600'
        for path in ("/", "/widget.js", "/livez", "/readyz"):
            assert site.client.get(path).status_code == 200
        assert len(site.assistant.asked) == 5


def test_behind_a_proxy_that_is_trusted(serve):
    """Each visitor of a trusted proxy is counted apart; an IPv6 visitor by network."""
    with serve(rate="2/hour", trusted_proxies=["127.0.0.0/8"]) as site:

        def status(client):
            return site.client.get("/documents", headers={"x-forwarded-for": client}).status_code

        for client in ("198.51.100.1", "198.51.100.2", "1.2.3.4, 198.51.100.3"):
            assert [status(client) for _ in range(3)] == [200, 200, 429]
        assert [status(f"2001:db8::{n}") for n in range(3)] == [200, 200, 429]


def test_a_key_is_not_counted(serve):
    """A program with a key may ask for many people from one address; a wrong key is counted."""
    key = new_key()
    with serve(rate="3/hour", keys=[key_hash(key)]) as site:
        right, wrong = ({"authorization": f"Bearer {each}"} for each in (key, key + "x"))
        assert {site.client.get("/documents", headers=right).status_code for _ in range(9)} == {200}
        guesses = [site.client.get("/documents", headers=wrong).status_code for _ in range(5)]
        assert guesses == [401, 401, 401, 429, 429]


@pytest.mark.parametrize("proxies", [["10.0.0.1/8"], ["proxy.example"], ["10.0.0.0/33"]])
def test_proxies_that_are_none(proxies):
    """A proxy is named by its address or network."""
    with pytest.raises(ValueError, match="trusted_proxies"):
        Settings(trusted_proxies=proxies)
