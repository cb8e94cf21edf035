"""Following the published generation."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from assistant.api.work.live import RETRY_SECONDS, LiveAssistant
from index.errors import IndexDamaged, IndexMissing
from tests.assistant.api.by_hand import until

pytestmark = pytest.mark.slow


class Shelf:
    """Generations by name, the published one, and what happens when one is opened."""

    def __init__(self, fake):
        self.fake = fake
        self.published = "a"
        self.opened = []
        self.damaged = {}
        self.tries = []
        self.now = 0.0

    def live(self):
        """Open the published generation and follow."""
        return LiveAssistant(self.open, lambda: self.published, clock=lambda: self.now)

    def open(self):
        """Open what is published, unless it is damaged."""
        self.tries.append(self.published)
        if error := self.damaged.get(self.published):
            raise error
        self.opened.append(self.fake(index_id=self.published))
        return self.opened[-1]


@pytest.fixture
def shelf(fake):
    """Return a shelf on which a is published."""
    return Shelf(fake)


def test_swap(shelf, logged):
    """A newly published generation is taken, and the old assistant closed."""
    live = shelf.live()
    assert not live.refresh()
    shelf.published = "b"
    assert live.refresh()
    assert live.index_id == "b"
    assert [each.closed for each in shelf.opened] == [True, False]
    assert [line["event"] for line in logged] == ["generation swapped"]
    live.close()
    live.close()
    assert all(each.closed for each in shelf.opened)


def test_another_calibration_of_the_same_generation(fake, logged):
    """It is followed as a generation is, there and back; the log says which it was."""
    calibration = [""]
    opened = []

    def open_assistant():
        opened.append(fake(calibration=calibration[-1]))
        return opened[-1]

    live = LiveAssistant(open_assistant, lambda: "a" * 64 + calibration[-1])
    assert not live.refresh()
    for each in ("+b", "+c", ""):
        calibration.append(each)
        assert live.refresh()
        assert not live.refresh()
        assert (live.version, live.index_id) == ("a" * 64 + each, "a" * 64)
    assert [each.closed for each in opened] == [True, True, True, False]
    assert [line["event"] for line in logged] == ["calibration swapped"] * 3
    live.close()


def test_an_old_assistant_is_closed_after_its_last_user(shelf):
    """Whoever holds a lease keeps one whole assistant, however often generations change."""
    live = shelf.live()
    with live.lease() as first, live.lease() as same:
        assert first is same
        shelf.published = "b"
        live.refresh()
        with live.lease() as second:
            assert second.index_id == "b"
        assert first.index_id == "a"
        assert not first.closed
    assert first.closed
    assert not second.closed
    with live.lease():
        live.close()
        assert not second.closed
    assert second.closed


def test_damage_keeps_the_generation_in_use_and_is_logged_once(shelf, logged):
    """A damaged newer generation is refused by name, once, and tried again only after a while."""
    live = shelf.live()
    shelf.published = "b"
    shelf.damaged["b"] = IndexDamaged("vectors.faiss is damaged", ("vectors.faiss",))
    for _ in range(5):
        assert not live.refresh()
    assert shelf.tries == ["a", "b"]
    shelf.now += RETRY_SECONDS
    assert not live.refresh()
    assert shelf.tries == ["a", "b", "b"]
    assert live.index_id == "a"
    assert not shelf.opened[0].closed
    (line,) = logged
    assert line["log_level"] == "error"
    assert "vectors.faiss" in line["reason"]
    assert line["exc_info"] is None
    shelf.published = "c"
    assert live.refresh()
    assert live.index_id == "c"
    live.close()


def test_trouble_that_passes_is_forgotten(shelf, logged):
    """What stood in the way may pass: the same generation is tried again, and taken."""
    live = shelf.live()
    shelf.published = "b"
    shelf.damaged["b"] = OSError(24, "Too many open files")
    assert not live.refresh()
    shelf.damaged.clear()
    assert not live.refresh()
    shelf.now += RETRY_SECONDS
    assert live.refresh()
    assert live.index_id == "b"
    assert [line["log_level"] for line in logged] == ["error", "info"]
    assert isinstance(logged[0]["exc_info"], OSError)
    live.close()


def test_told_to_look_it_tries_again_what_failed(shelf):
    """An owner who has fixed what was wrong need not wait for the next try."""
    live = shelf.live()
    shelf.published, shelf.damaged["b"] = "b", IndexDamaged("damaged")
    assert not live.refresh()
    del shelf.damaged["b"]
    assert not live.refresh()
    live.look_again()
    assert live.refresh()
    assert live.index_id == "b"
    live.close()


def test_a_vanished_index_keeps_the_generation_in_use(fake, logged):
    """If CURRENT goes away under a running server, it goes on with what it has open."""

    def published():
        raise IndexMissing("no generation: footnote rebuild")

    live = LiveAssistant(fake, published)
    assert not live.refresh()
    assert not live.refresh()
    assert len(logged) == 1
    live.close()


def test_the_first_assistant_must_open(shelf):
    """At start-up there is nothing to fall back on: the error goes to the caller."""
    shelf.damaged["a"] = IndexMissing("build one")
    with pytest.raises(IndexMissing):
        shelf.live()


def test_opened_too_late(fake):
    """A generation that finishes opening after the end is closed again."""
    published, opened = ["a"], []

    def open_assistant():
        if opened:
            live.close()
        opened.append(fake(index_id=published[-1]))
        return opened[-1]

    live = LiveAssistant(open_assistant, lambda: published[-1])
    published.append("b")
    live.refresh()
    assert [each.closed for each in opened] == [True, True]


def test_swaps_under_load(serve, shelf, fake):
    """While generations change under load, no request fails and none mixes two of them.

    Every citation's hash names the generation that made it, as does ``index_id``.
    """

    def opened():
        def work(_question):
            # A model's work: without it no swap would find an answer under way.
            time.sleep(0.003)

        return fake(index_id=shelf.published, work=work)

    live = LiveAssistant(opened, lambda: shelf.published)
    over = threading.Event()
    seen, wrong = set(), []

    def keep_asking(url):
        with httpx2.Client(base_url=url, timeout=30) as client:
            while not over.is_set():
                response = client.post("/ask", json={"question": "a"})
                body = response.json()
                made_by = {body.get("index_id"), *(c["document_sha256"] for c in body["citations"])}
                if response.status_code != 200 or len(made_by) != 1:
                    wrong.append((response.status_code, made_by))
                seen.update(made_by)

    with serve(live=live, check_seconds=0.02, workers=4) as site, ThreadPoolExecutor(6) as askers:
        under_way = [askers.submit(keep_asking, site.url) for _ in range(6)]
        for number in range(20):
            shelf.published = f"generation {number}"
            until(
                lambda: site.client.get("/readyz").json()["index_id"] == shelf.published,
                seconds=2,
            )
        over.set()
        for each in under_way:
            each.result()
    assert not wrong
    assert len(seen) > 10


def test_a_damaged_generation_leaves_the_server_ready(serve, shelf):
    """Readiness is about answering, and the server still answers from what it has."""
    live = shelf.live()
    with serve(live=live, check_seconds=0.01) as site:
        shelf.damaged["b"] = IndexDamaged("manifest.json is damaged")
        shelf.published = "b"
        until(lambda: "b" in shelf.tries, seconds=5)
        assert site.client.get("/readyz").json() == {"status": "ready", "index_id": "a"}
        assert site.ask().json()["index_id"] == "a"
