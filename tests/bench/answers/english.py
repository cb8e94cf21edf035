"""What each list of English words is worth: answers on real sites with and without it.

    FOOTNOTE_SITES=… python -m tests.bench.answers.english

Asks every question of every Markdown site there, of which nobody here wrote a page or a question,
once as the product answers and once without each list. *Changed* are answers with another status or
other quotes; *right* and *wrong* are of answerable questions that get an answer, *in vain* of the
others; 60 % of the shorter of quote and marked span have to overlap.
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from assistant.answering import Assistant, open_assistant
from assistant.quoting.quotable import withhold_for
from assistant.schemas import AskResponse, Turn
from assistant.settings import Settings
from index.build import rebuild
from index.embedding.kept import PACKAGED
from tests.bench.corpora import INDEXES

_OVERLAP = 0.6
_no: Callable[..., bool] = lambda *_: False  # noqa: E731 - it stands in for functions of any kind
# What is replaced, and by what, for a list to say nothing.
OFF: Mapping[str, Mapping[str, Any]] = {
    "expected": {"assistant.refusal.model.expectation_unmet": _no},
    "facets": {"assistant.refusal.model.facet_unsaid": _no},
    "questions": {
        "assistant.quoting.lists.asks_for_list": _no,
        "assistant.quoting.lists.asks_what_it_does": _no,
        "assistant.quoting.lists.may_ask_for_several": _no,
    },
    "statements, amounts, polarity": {"assistant.quoting.selection._Sides.differ": _no},
    "statements (points back)": {"assistant.quoting.selection.points_back": _no},
    "vocabulary": {"assistant.english.vocabulary.ASKING": frozenset()},
    "small talk": {"assistant.answering.smalltalk": lambda _message: None},
}


@dataclass(frozen=True, slots=True)
class Site:
    """A site's questions, its texts by path, and the assistant over it."""

    name: str
    rows: tuple[dict[str, Any], ...]
    texts: dict[str, str]
    assistant: Assistant


def sites() -> Iterator[Site]:
    """Build an index over each site and open it."""
    for folder in sorted((Path(os.environ["FOOTNOTE_SITES"]) / "md").iterdir()):
        settings = Settings(source=folder / "docs", index=INDEXES / f"real-{folder.name}" / "index")
        rebuild(
            *(settings.source, settings.index),
            model=PACKAGED,
            skip_bad=True,
            withhold=withhold_for(settings),
        )
        lines = (folder / "questions.jsonl").read_text("utf-8").splitlines()
        with closing(open_assistant(settings)) as assistant:
            generation = assistant.generation
            texts = {
                info.path: generation.text(row) for row, info in enumerate(generation.documents)
            }
            yield Site(folder.name, tuple(map(json.loads, lines)), texts, assistant)


def answers(site: Site) -> list[AskResponse]:
    """Return the answer to each question."""
    return [
        site.assistant.answer(
            row["question"], [Turn.model_validate(turn) for turn in row.get("history", [])]
        )
        for row in site.rows
    ]


def is_right(site: Site, row: dict[str, Any], answer: AskResponse) -> bool:
    """Say whether some quote overlaps a span that answers."""
    for span in row["spans"]:
        start = site.texts.get(span["path"], "").find(span["quote"])
        end = start + len(span["quote"])
        for each in answer.citations:
            shared = min(each.end, end) - max(each.start, start)
            shorter = min(each.end - each.start, end - start)
            if each.path == span["path"] and start >= 0 and shared >= _OVERLAP * shorter:
                return True
    return False


def said(answer: AskResponse) -> tuple[object, ...]:
    """Return what a visitor is told: the status and the quotes."""
    return (answer.status, [(each.path, each.start, each.end) for each in answer.citations])


def main() -> None:
    """Count, and print a row a list."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("all", *OFF)}
    for site in sites():
        usual = answers(site)
        for name, count in counts.items():
            with ExitStack() as replaced:
                for place, value in OFF.get(name, {}).items():
                    replaced.enter_context(patch(place, value))
                found = answers(site) if name in OFF else usual
            for row, answer, before in zip(site.rows, found, usual, strict=True):
                answered = answer.status == "answered"
                right = row["answerable"] and answered and is_right(site, row, answer)
                count["asked"] += 1
                count["changed"] += said(answer) != said(before)
                count["right"] += right
                count["wrong"] += row["answerable"] and answered and not right
                count["in vain"] += not row["answerable"] and answered
        print(site.name, flush=True)
    for name, count in counts.items():
        print(f"{name:32}" + "  ".join(f"{key} {count[key]:>3}" for key in count))


if __name__ == "__main__":
    main()
