"""What an answer costs at most, counted in pairs and tokens, and that it can be given up."""

import threading
import time
from collections.abc import Iterator

import pytest

from assistant.answering import Assistant
from assistant.evidence.weights import WEIGHTS
from assistant.models import pairs
from assistant.models.stopping import Stopped, checkpoint, stopped_by
from assistant.refusal import model as refusal
from assistant.schemas import Turn

# Read: the passages found; and, to say what is missing, the best sentence against the question
# without each of its words.
MOST_PAIRS = WEIGHTS.passages + (1 + refusal._WORDS)
HOSTILE = "why does collagen and sun and retinol or pores or acne it they this that more " * 25
QUESTIONS = [
    ("What causes enlarged pores?", []),
    ("How much does a session of facial acupuncture cost?", []),
    (HOSTILE[:2000], []),
    ("and it?", ["Does retinol help?", "What about sun, pores and collagen?", "and acne?"] * 60),
    ("why?", [HOSTILE * 3] * 30),
    ("\U0001f600" * 2000, []),
    ("a " * 1000, ["b " * 1000] * 50),
]


class Counting:
    """A model's session that counts its calls and tokens, and may be slow."""

    def __init__(self, session: object, seconds: float = 0.0) -> None:
        self._session = session
        self._seconds = seconds
        self._lock = threading.Lock()
        self.tokens: list[int] = []
        self.each = lambda: None

    def run(self, names: object, feeds: dict) -> object:
        """Count, and run."""
        with self._lock:
            self.tokens.append(feeds["input_ids"].size)
        self.each()
        # A busy machine: now quick, now slow, which no answer may depend on.
        time.sleep(self._seconds * (len(self.tokens) % 3))
        return self._session.run(names, feeds)


@pytest.fixture
def counted(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Counting]]:
    """Count what the cross-encoder and the reader do during a test."""
    models = (assistant._models.reranker._model, assistant._models.reader._model)
    sessions = [Counting(model._session) for model in models]
    for model, session in zip(models, sessions, strict=True):
        monkeypatch.setattr(model, "_session", session)
    return sessions


@pytest.mark.parametrize(("question", "said"), QUESTIONS)
def test_no_question_costs_more_than_the_budget(assistant, counted, question, said):
    """Whatever is asked, after whatever was said, the models read so many pairs and no more."""
    assistant.answer(question, [Turn(role="user", content=each) for each in said])
    reranker, reader = counted
    assert len(reranker.tokens) <= MOST_PAIRS
    assert len(reader.tokens) <= WEIGHTS.opened + 1  # and the conversation, once
    assert max([*reranker.tokens, *reader.tokens, 0]) <= pairs._WINDOW


def test_a_slow_machine_gives_the_same_answer(assistant, counted):
    """Budgets are not measured in time: with models ten times as slow every byte is the same."""
    without = {"id", "timing_ms"}
    quick = assistant.answer("What causes enlarged pores?").model_dump(exclude=without)
    for session in counted:
        session._seconds = 0.02
    slow = assistant.answer("What causes enlarged pores?")
    assert slow.model_dump(exclude=without) == quick
    assert slow.timing_ms.total > 50


@pytest.mark.parametrize("after", [0, 1, WEIGHTS.opened, WEIGHTS.opened + 1])
def test_work_that_is_given_up_ends_at_the_next_model_call(assistant, counted, after):
    """At most the calls that have begun are finished, and the next answer is whole."""
    token = threading.Event()
    calls = [0]

    def each():
        calls[0] += 1
        if calls[0] > after:
            token.set()

    for session in counted:
        session.each = each
    if not after:
        token.set()
    with stopped_by(token), pytest.raises(Stopped):
        assistant.answer("What causes enlarged pores?")
    threads = assistant._models.reranker._model._threads._max_workers
    assert calls[0] <= after + threads
    for session in counted:
        session.each = lambda: None
    assert assistant.answer("What causes enlarged pores?").status == "answered"


def test_without_anybody_to_give_it_up_work_goes_on():
    """A terminal, a test or an evaluation has no token: its checkpoints do nothing."""
    checkpoint()()
    token = threading.Event()
    with stopped_by(token):
        check = checkpoint()
        check()
        token.set()
        with pytest.raises(Stopped):
            check()
    checkpoint()()
