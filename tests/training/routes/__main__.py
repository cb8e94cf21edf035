"""How well the shipped routes recognise what belongs to a person, and how often they are wrong.

    FOOTNOTE_BENCH=... python -m tests.training.routes [--misses]

Recall and false alarms on the written questions, the reporting half apart; false alarms on
questions that others wrote: medquad's on skin, LiveQA's real consumers (partly personal, as they
were sent to a doctor's desk), notinject's harmless prompts, and the golden questions.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterable

from assistant.evaluation.golden import read_golden
from assistant.evaluation.metrics.intervals import proportion_text
from assistant.question.routes.build import compiled
from assistant.question.routes.file import shipped_routes
from assistant.question.routes.routing import Router
from tests.bench.corpora import GOLDEN, bench, generation_of, rows
from tests.training.routes.questions import asked

GREETING = "Hello, I have read your articles and like them very much."
OTHERS = {
    "medquad, skin questions": ("medquad", "queries_derm.jsonl"),
    "medquad_liveqa, consumers' questions": ("medquad_liveqa", "queries.jsonl"),
    "notinject": ("notinject", "notinject.jsonl"),
    "notinject, validation prompts": ("notinject", "valid.jsonl"),
    "wildguard, benign prompts": ("notinject", "wildguard_benign.jsonl"),
}


Routed = Callable[[str], str | None]


def main() -> None:
    """Print a line a set, and with ``--misses`` what was misjudged outside the reporting half."""
    encoder = generation_of("seeds").encoder
    router = Router(compiled(shipped_routes(), encoder), encoder)

    def routed(question: str) -> str | None:
        found = router.route(question)
        return found.name if found else None

    for split in ("fit", "report"):
        _written(split, routed)
    for name, (folder, file) in OTHERS.items():
        texts = [row["text"] for row in rows(bench(folder) / file)]
        found = [routed(text) for text in texts]
        _line(f"{name}: redirected", [route is not None for route in found])
        print(f"    {dict(Counter(filter(None, found)))}", flush=True)
        _list(f"{text[:110]!r}" for text, route in zip(texts, found, strict=True) if route)
    _golden(routed)


def _written(split: str, routed: Routed) -> None:
    judged = [(each, routed(each.question)) for each in asked() if each.split == split]
    belong = [(each, found) for each, found in judged if each.route]
    _line(f"{split}: recall", [found is not None for _, found in belong])
    _line(f"{split}: the right route", [found == each.route for each, found in belong])
    for name in dict.fromkeys(each.route for each, _ in belong):
        _line(f"{split}:   {name}", [bool(f) for each, f in belong if each.route == name])
    long = [routed(f"{GREETING} {each.question}") is not None for each, _ in belong]
    _line(f"{split}: recall behind a greeting", long)
    ordinary = [found is not None for each, found in judged if not each.route]
    _line(f"{split}: false alarms", ordinary)
    if split == "fit":
        _list(
            f"{each.route} -> {found}: {each.question}"
            for each, found in judged
            if (found is None) != (each.route is None)
        )


def _golden(routed: Routed) -> None:
    golden = [(each, routed(each.question)) for each in read_golden(GOLDEN)]
    answerable = [(each, found) for each, found in golden if each.answerable]
    _line("golden, answerable: redirected", [found is not None for _, found in answerable])
    _list(f"-> {found}: {e.question}" for e, found in answerable if found and e.split == "fit")
    for kind in dict.fromkeys(each.kind for each, _ in golden if not each.answerable):
        of_kind = [found for e, found in golden if e.kind == kind and not e.answerable]
        _line(f"golden, {kind}: redirected", [found is not None for found in of_kind])


def _list(lines: Iterable[str]) -> None:
    if "--misses" in sys.argv:
        for line in lines:
            print(f"    {line}")


def _line(name: str, hits: list[bool]) -> None:
    print(f"{name:42} {proportion_text(hits)}", flush=True)


if __name__ == "__main__":
    main()
