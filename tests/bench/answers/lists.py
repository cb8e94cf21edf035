"""When a list or a run is given whole: the trials behind ``listing``.

    FOOTNOTE_BENCH=... python -m tests.bench.answers.lists

Of golden questions (fitting split) and visitors' questions to all sites, those that have an answer
and are either for a list or use words of such questions. Says of both, with and without runs, how
many are given a list or a run, how many are answered right, which for a list means every item, and
which share of what is quoted is to the point. Each is answered: whether it would be refused is left
out of account. The sites that the reader was not trained on, which the margin was not chosen on
either, are told apart.
"""

from collections import defaultdict
from collections.abc import Iterator
from unittest.mock import patch

import numpy as np

from assistant.english.questions import may_ask_for_several
from assistant.evaluation.golden import GoldenQuestion, holds_answer, overlaps
from assistant.evaluation.metrics.intervals import proportion_text
from assistant.evidence.reading import Evidence, gather
from assistant.models.opening import Models, open_models
from assistant.quoting.citing import cite
from assistant.quoting.lists import list_asked_for, run_asked_for
from assistant.quoting.selection import select
from assistant.settings import Settings
from tests.bench.corpora import GOLDEN, VISITORS, Corpus, sites
from tests.training.reader.split import LATER, held_out


def asked(models: Models) -> Iterator[tuple[Corpus, GoldenQuestion]]:
    """Yield every question with the corpus that it is about."""
    seeds = Corpus("seeds", models)
    yield from ((seeds, each) for each in seeds.golden(GOLDEN) if each.split == "fit")
    for site in sites():
        corpus = Corpus(site.name, models)
        path = VISITORS / site.name / "questions.jsonl"
        yield from ((corpus, each) for each in corpus.golden(path))


def _which(corpus: str) -> str:
    """Say what a corpus is to what was chosen: sites that came later had no part in anything."""
    if corpus == "seeds":
        return "golden"
    if corpus in LATER:
        return "later sites"
    return "unseen sites" if held_out("visitors", corpus) else "other sites"


def main() -> None:
    """Answer, and print what was given."""
    models = open_models(Settings())
    found = defaultdict(list)
    for corpus, each in asked(models):
        question = corpus.alone(each)
        if not each.answerable or not (each.kind == "list" or may_ask_for_several(question)):
            continue
        evidence = gather(models.reader, question, corpus.read(question))
        if not evidence.sentences:
            continue
        which = _which(corpus.name)
        kind = "for a list" if each.kind == "list" else "others in such words"
        given = bool(
            list_asked_for(corpus.generation, evidence)
            or run_asked_for(corpus.generation, evidence)
        )
        with patch("assistant.quoting.selection.run_asked_for", return_value=[]):
            without = _judged(corpus, each, evidence)
        found[which, kind].append((given, *without, *_judged(corpus, each, evidence)))
    models.close()
    for key, rows in sorted(found.items()):
        given, right, point, quoted, now_right, now_point, now_quoted = np.array(rows, float).T
        print(f"{', '.join(key)}: {len(rows)}; given a list or a run: {given.mean():.3f}")
        print(
            f"  without runs: right {proportion_text(right > 0)}, to the point {point.mean():.3f},"
            f" {quoted.mean():.2f} quotes"
        )
        print(
            f"  with runs:    right {proportion_text(now_right > 0)}, to the point"
            f" {now_point.mean():.3f}, {now_quoted.mean():.2f} quotes"
        )


def _judged(
    corpus: Corpus, question: GoldenQuestion, evidence: Evidence
) -> tuple[bool, float, int]:
    """Return whether an answer is right, its share to the point, and the number of its quotes."""
    citations = cite(corpus.generation, select(corpus.generation, evidence).spans)
    point = np.mean([any(overlaps(span, each) for span in question.spans) for each in citations])
    return holds_answer(question, citations), float(point), len(citations)


if __name__ == "__main__":
    main()
