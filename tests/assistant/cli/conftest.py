"""Steps that are fakes, and a command line around them."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest

from assistant.schemas import AnswerSentence, AskResponse, Citation, Timing
from index.errors import IndexMissing
from tests.assistant.cli.steps import run_with

HOSTILE = "Sun \x1b[31mdamages\x1b[0m\x07 \u202ecollagen\u202c\x9b2J [bold]:smile:[/bold]\nline 2."
LEAD_IN = "The sources \x1b[1mdiffer:"


def _citation(number: int) -> Citation:
    return Citation(
        id=number,
        document_id="pores",
        title="Pores \x1b]0;owned\x07",
        path="a\u202eb.md",
        url=None,
        document_sha256="0" * 64,
        start=3,
        end=3 + len(HOSTILE),
        quote=HOSTILE,
        display=HOSTILE,
        page=None,
        score=0.9,
    )


def _answer(question: str) -> AskResponse:
    refused = "price" in question
    lead_in = f"{LEAD_IN} " if "differ" in question else ""
    return AskResponse(
        id="1",
        index_id="a" * 64,
        status="refused" if refused else "answered",
        reason="not_in_sources" if refused else None,
        answer="The sources do not answer this." if refused else f"{lead_in}{HOSTILE} [1]",
        sentences=[]
        if refused
        else [
            AnswerSentence(
                text=HOSTILE, start=len(lead_in), end=len(lead_in + HOSTILE), citations=[1]
            )
        ],
        citations=[] if refused else [_citation(1)],
        closest=[_citation(1)] if refused else [],
        confidence=0.5,
        question_used=question,
        generator="extractive",
        timing_ms=Timing(retrieve=1, rerank=1, total=2),
    )


@dataclass
class FakeAssistant:
    """Answers with a hostile quote, led in if asked what differs; refuses to name a price."""

    meanwhile: Callable[[], object] = lambda: None
    asked: list[str] = field(default_factory=list)
    suggested: list[str] = field(default_factory=lambda: ["What damages collagen?"])
    closed: bool = False
    generation: object = field(
        default_factory=lambda: SimpleNamespace(documents=[SimpleNamespace(title="Pores")])
    )

    def answer(self, question: str) -> AskResponse:
        """Do what the test says, then answer."""
        self.asked.append(question)
        self.meanwhile()
        return _answer(question)

    def suggestions(self) -> list[str]:
        """Return the suggestions."""
        return self.suggested

    def close(self) -> None:
        """Close, once."""
        assert not self.closed
        self.closed = True


class FakeSteps:
    """Steps that note how they were called and return, or raise, what the test put there."""

    def __init__(self, **results: object) -> None:
        self.results = results
        self.calls: list[tuple[str, dict[str, object]]] = []

    def _take(self, name: str, **arguments: object) -> object:
        self.calls.append((name, arguments))
        result = self.results[name]
        if isinstance(result, BaseException):
            raise result
        return result

    def rebuild(self, settings, **flags):
        """Show progress, then return the report."""
        flags.pop("progress")("reading", 1, 2)
        return self._take("rebuild", settings=settings, **flags)

    def suspicious_documents(self, index):
        """Return the documents to look at: none, unless a test says so."""
        del index
        return self.results.get("suspicious_documents", ())

    def current_folder(self, index):
        """Return the folder of the published generation."""
        return self._take("current_folder", index=index)

    def generations(self, index):
        """Return the generations."""
        return self._take("generations", index=index)

    def rollback(self, index, index_id):
        """Return the generation gone back to."""
        return self._take("rollback", index=index, index_id=index_id)

    def verify(self, folder):
        """Return the damaged files."""
        return self._take("verify", folder=folder)

    def verify_calibration(self, index):
        """Return the damaged file: none, unless a test says so."""
        self.results.setdefault("verify_calibration", ())
        return self._take("verify_calibration", index=index)

    def verify_exports(self, index):
        """Name damaged exports, none unless told."""
        self.results.setdefault("verify_exports", ())
        return self._take("verify_exports", index=index)

    def check_answer_file(self, file, source):
        """Return the problems of a file."""
        return self._take("check_answer_file", file=file, source=source)

    def open_assistant(self, settings):
        """Return the assistant."""
        return self._take("open_assistant", settings=settings)

    def examine(self, settings):
        """Return the findings."""
        return self._take("examine", settings=settings)

    def offline_answer(self, index):
        """Return what was seen of an answer."""
        return self._take("offline_answer", index=index)

    def serve(self, settings, *, host, port):
        """Return at once."""
        self._take("serve", settings=settings, host=host, port=port)


@dataclass(frozen=True)
class Outcome:
    """What a run of the command line left behind."""

    code: int
    out: str
    err: str
    calls: list[tuple[str, dict[str, object]]]


@pytest.fixture
def footnote(capsys, tmp_path, monkeypatch) -> Callable[..., Outcome]:
    """Run the command line in an empty folder, with steps that return what is given."""
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments: str, **results: object) -> Outcome:
        steps = FakeSteps(**results)
        code = run_with(arguments, steps)
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err, steps.calls)

    return invoke


@pytest.fixture
def assistant() -> FakeAssistant:
    """Return an assistant that quotes hostile text."""
    return FakeAssistant()


@pytest.fixture
def missing() -> IndexMissing:
    """Return the error of an index that is not there."""
    return IndexMissing("there is no index at .index; build one with 'footnote rebuild'")


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compare with a golden file; REWRITE_GOLDEN=1 accepts a change."""

    def check(name: str, text: str) -> None:
        file = Path(__file__).parent / "help" / name
        if "REWRITE_GOLDEN" in os.environ:
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, "utf-8")
        assert text == file.read_text("utf-8")

    return check
