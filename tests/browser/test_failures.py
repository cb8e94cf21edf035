"""A server that is slow, cut off, busy, broken or talking nonsense."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.bodies import GENES, OILY, answer, citation, event

from .conftest import Chat
from .scripted import DONE, FIRST, META, QUESTION, SCRIPT, SECOND, Reply, Scripted, problem

EVENTS = {"Content-Type": "text/event-stream"}


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (problem(500, "secret"), "Something went wrong on the server."),
        (Reply([b"<h1>oops"], status=502, headers={"Content-Type": "text/html"}), "Something went"),
        (
            problem(422, "question: too odd"),
            "did not accept this question. Change it, then ask again. question: too odd",
        ),
        (problem(503, "starting"), "The server is busy."),
        (problem(504, "late"), "The server is taking too long."),
        (Reply([event("error", {"title": "Error", "status": 500})]), "Something went wrong"),
        (
            Reply([event("error", {"title": "Error", "status": 429})]),
            "The server is busy",
        ),
        (Reply([], cut=True), "The connection broke"),
        (Reply([]), "The connection broke"),
        (
            Reply([b"hello"], headers={"Content-Type": "text/html"}),
            "The server sent no answer.",
        ),
        (
            Reply([b"{}"], headers={"Content-Type": "application/json"}),
            "The server sent no answer.",
        ),
        (Reply([b'event: done\ndata: {"status":\n\n']), "The server sent no answer."),
        (
            Reply([event("done", {"status": "answered", "answer": "Trust me."})]),
            "The server sent no answer.",
        ),
        (Reply([event("sentence", ["?"])]), "The server sent no answer."),
    ],
)
def test_a_failure_is_explained_loses_nothing_and_can_be_retried(
    chat: Chat, scripted: Scripted, reply: Reply, told: str
) -> None:
    """Whatever goes wrong, the visitor is told what to do, keeps the question and can retry."""
    scripted.will(reply, answer(citation(GENES)))
    chat.ask(QUESTION)
    chat.finished(told)
    expect(chat.input).to_have_value(QUESTION)
    expect(chat.log).not_to_contain_text("secret")
    expect(chat.log).not_to_contain_text("Trust me")
    assert len(chat.said()) == 1
    assert told in chat.said()[0]
    chat.retry.click()
    chat.finished(GENES)
    expect(chat.input).to_have_value("")
    expect(chat.input).to_be_focused()
    expect(chat.retry).to_have_count(0)
    expect(chat.page.locator(".question")).to_have_count(1)
    assert [asked.question for asked in scripted.asked] == [QUESTION, QUESTION]
    assert scripted.asked[1].history == []


@pytest.mark.parametrize("cut", [True, False])
def test_a_stream_cut_in_the_middle_keeps_what_came(
    chat: Chat, scripted: Scripted, *, cut: bool
) -> None:
    """A connection that breaks inside an event keeps the complete sentences and offers to retry."""
    scripted.will(
        Reply([META, FIRST, SECOND[:40], 0.1], cut=cut), Reply([META, FIRST, SECOND, DONE])
    )
    chat.ask(QUESTION)
    chat.finished("The connection broke before the answer was complete.")
    expect(chat.log).to_contain_text(GENES)
    expect(chat.page.locator(".sources")).to_have_count(0)
    chat.footnote(1).click()
    expect(chat.page.get_by_role("note")).to_contain_text(GENES)
    chat.input.press("Enter")
    chat.finished(OILY)
    expect(chat.page.locator(".sentence")).to_have_count(2)
    expect(chat.page.locator(".question")).to_have_count(1)


def test_a_busy_server_is_left_alone_for_as_long_as_it_asks(chat: Chat, scripted: Scripted) -> None:
    """After 429 with Retry-After the retry button counts down and only then can be pressed."""
    scripted.will(problem(429, "slow down", **{"Retry-After": "4"}), answer(citation(GENES)))
    chat.ask(QUESTION)
    chat.finished("The server is busy")
    expect(chat.retry).to_be_disabled()
    expect(chat.retry).to_have_text(re.compile("^Try again in [1-4] s$"))
    expect(chat.retry).to_be_enabled()
    chat.retry.click()
    chat.finished(GENES)


def test_a_silent_server_times_out(chat: Chat, scripted: Scripted) -> None:
    """A server that sends nothing for too long is given up on, before or inside an answer."""
    scripted.will(Reply([9.0]), Reply([META, FIRST, 9.0]))
    url = scripted.host('<footnote-chat inline data-timeout="1.2"></footnote-chat>' + SCRIPT)
    chat.page.goto(url)
    chat.ask(QUESTION)
    chat.finished("The server is taking too long.")
    chat.retry.click()
    chat.finished(GENES)
    expect(chat.log).to_contain_text("The server is taking too long.")


def test_a_slow_server_that_goes_on_sending_is_waited_for(chat: Chat, scripted: Scripted) -> None:
    """The time limit is for silence: comments that keep the connection alive count as life."""
    waiting: list[bytes | float] = [part for _ in range(8) for part in (b": \n\n", 0.2)]
    scripted.will(Reply([*waiting, META, FIRST, SECOND, DONE]))
    chat.page.goto(
        scripted.host('<footnote-chat inline data-timeout="1.2"></footnote-chat>' + SCRIPT)
    )
    chat.ask(QUESTION)
    chat.finished(OILY)


def test_without_a_network_the_visitor_is_told_so(chat: Chat, scripted: Scripted) -> None:
    """Offline is told apart from a server that can't be reached, and both keep the question."""
    page = chat.page
    page.route("**/ask", lambda route: route.abort("connectionrefused"))
    chat.ask(QUESTION)
    chat.finished("The server could not be reached.")
    page.unroute("**/ask")
    page.context.set_offline(True)
    chat.retry.click()
    chat.finished("You seem to be offline.")
    expect(chat.input).to_have_value(QUESTION)
    page.context.set_offline(False)
    scripted.will(answer(citation(GENES)))
    chat.retry.click()
    chat.finished(GENES)


def test_stop_ends_the_answer_and_keeps_what_was_read(chat: Chat, scripted: Scripted) -> None:
    """Stop lets go of the connection, keeps the sentences shown and the draft typed since."""
    scripted.will(Reply([META, FIRST, 20.0]), answer(citation(OILY)))
    chat.ask(QUESTION)
    expect(chat.log).to_contain_text(GENES)
    chat.input.fill("A draft")
    chat.input.press("Enter")  # waits: one answer at a time
    stop = chat.page.get_by_role("button", name="Stop")
    stop.focus()
    stop.press("Enter")
    chat.finished("Stopped.")
    expect(chat.log).to_contain_text(GENES)
    expect(chat.input).to_have_value("A draft")
    expect(chat.input).to_be_focused()
    assert len(scripted.asked) == 1
    chat.retry.click()
    chat.finished(OILY)
    assert scripted.abandoned == 1


def test_a_new_chat_forgets_an_answer_that_is_still_coming(chat: Chat, scripted: Scripted) -> None:
    """New chat empties the conversation; an abandoned answer neither appears nor is announced."""
    scripted.will(Reply([META, FIRST, 5.0, SECOND, DONE]), answer(citation(OILY)))
    chat.ask(QUESTION)
    expect(chat.log).to_contain_text(GENES)
    chat.page.get_by_role("button", name="New chat").click()
    expect(chat.log).not_to_contain_text(GENES)
    expect(chat.send).to_be_visible()
    chat.ask("Why?")
    chat.finished(OILY)
    expect(chat.log).not_to_contain_text(GENES)
    assert chat.said() == [f"Answer: {OILY} Footnotes: 1."]
    assert scripted.asked[1].history == []


def test_without_suggestions_one_can_still_ask(chat: Chat, scripted: Scripted) -> None:
    """A server whose suggestions fail leaves a widget that works."""
    chat.page.route("**/suggestions", lambda route: route.fulfill(status=500, body="no"))
    chat.page.reload()
    scripted.will(answer(citation(GENES)))
    chat.ask(QUESTION)
    chat.finished(GENES)
