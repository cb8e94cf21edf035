"""How follow-ups to small sites are answered: as typed, as carried over, and as a person puts them.

    python -m tests.bench.answers.follow_up_answers [--sites develop|report] [--show]

Every site with a ``follow_ups.jsonl`` (see ``visitors/README.md``) is asked its follow-ups three
times: without the history, with it, and in the words of whoever wrote them, which leave nothing
unsaid. The last is the most that carrying over can reach. Sites that came when all was fitted are
reported on; the others are developed on. Words restored and added wrongly are counted as in
``follow_ups``, against the writer's words.
"""

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from assistant.answering import Assistant
from assistant.evaluation.golden import GoldenQuestion, is_right, placed, read_golden
from assistant.evaluation.metrics.intervals import proportion_text
from assistant.models.opening import Models, open_models
from assistant.refusal.kept import shipped
from assistant.schemas import AskResponse
from assistant.settings import Settings
from index.words import terms
from tests.bench.corpora import generation_of, rows, sites
from tests.training.reader.split import LATER

FOLLOW_UPS = "follow_ups.jsonl"
WAYS = ("as typed", "carried over", "as a person puts it")


@dataclass(frozen=True)
class Asked:
    """One follow-up, how it leans, its words that leave nothing unsaid, and its three answers."""

    golden: GoldenQuestion
    leans: str
    alone: str
    answers: tuple[AskResponse, ...]  # in the order of ``WAYS``


def main() -> None:
    """Ask the follow-ups of one part of the sites and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", choices=("develop", "report"), default="report")
    parser.add_argument("--show", action="store_true", help="print each one (develop only)")
    options = parser.parse_args()
    if options.show and options.sites == "report":
        parser.error("--show is for the sites that are developed on: add --sites develop")
    with closing(open_models(Settings())) as models:
        later = options.sites == "report"
        folders = [folder for folder in followed_up() if (folder.name in LATER) == later]
        asked = [each for folder in folders for each in ask(folder, models)]
    if options.show:
        for each in asked:
            show(each)
    print(f"{options.sites}: {len(folders)} sites, {len(asked)} follow-ups")
    for at, way in enumerate(WAYS):
        report(way, at, asked)
    words(asked)
    for leans in sorted({each.leans for each in asked}):
        report(f"carried over, {leans}", 1, [each for each in asked if each.leans == leans])


def followed_up() -> list[Path]:
    """Return the folders of the sites with follow-ups."""
    return [folder for folder in sites() if (folder / FOLLOW_UPS).exists()]


def ask(folder: Path, models: Models) -> Iterator[Asked]:
    """Ask the follow-ups of one site."""
    path = folder / FOLLOW_UPS
    with closing(Assistant(generation_of(folder.name), models, shipped(), lent=True)) as assistant:
        generation = assistant.generation
        texts = {info.id: generation.text(row) for row, info in enumerate(generation.documents)}
        golden = placed(path, read_golden(path), texts)
        for each, row in zip(golden, rows(path), strict=True):
            answers = (
                assistant.answer(each.question),
                assistant.answer(each.question, each.history),
                assistant.answer(row["alone"]),
            )
            yield Asked(each, row["leans"], row["alone"], answers)


def report(title: str, way: int, asked: Sequence[Asked]) -> None:
    """Print how often answers are right, and how often something else was quoted."""
    right = [is_right(each.golden, each.answers[way]) for each in asked if each.golden.answerable]
    silent = [
        is_right(each.golden, each.answers[way]) for each in asked if not each.golden.answerable
    ]
    wrong = Counter(
        each.golden.answerable
        for each in asked
        if each.answers[way].status == "answered" and not is_right(each.golden, each.answers[way])
    )
    refused = proportion_text(silent) if silent else "none"
    answered = proportion_text(right) if right else "none"
    print(f"  {title:28} answered right {answered}, wrong {wrong[True]}; refused right {refused}")


def words(asked: Sequence[Asked]) -> None:
    """Print how many of the words left unsaid are restored, and how many are added wrongly."""
    lost = added = both = 0
    for each in asked:
        typed = set(terms(each.golden.question))
        wanted = set(terms(each.alone)) - typed
        ours = set(terms(each.answers[1].question_used)) - typed
        lost, added, both = lost + len(wanted), added + len(ours), both + len(wanted & ours)
    print(f"  words restored {both / lost:.3f}, wrong of those added {1 - both / added:.3f}")


def show(asked: Asked) -> None:
    """Print what became of one follow-up."""
    answer, golden = asked.answers[1], asked.golden
    right = "right" if is_right(golden, answer) else "WRONG"
    best = "right" if is_right(golden, asked.answers[2]) else "WRONG"
    print(f"\n{golden.id} {asked.leans}, answerable {golden.answerable}")
    for turn in golden.history:
        print(f"    {turn.role[0]}: {turn.content[:150]}")
    print(f"  typed  {golden.question}\n  used   {answer.question_used} [{answer.status}, {right}]")
    print(f"  person {asked.alone} [{asked.answers[2].status}, {best}]")


if __name__ == "__main__":
    main()
