"""The written questions: which route each belongs to, if any, and which half it is in."""

from dataclasses import dataclass
from pathlib import Path

from tests.bench.corpora import rows

QUESTIONS = Path(__file__).with_name("questions.jsonl")


@dataclass(frozen=True)
class Asked:
    """One written question. ``route`` is ``None`` for an ordinary one."""

    id: str
    question: str
    route: str | None
    split: str


def asked() -> list[Asked]:
    """Return every written question, in the file's order."""
    return [Asked(**row) for row in rows(QUESTIONS)]
