"""How many of the words that a follow-up leaves unsaid are carried over, and how many wrongly.

    FOOTNOTE_BENCH=… python -m tests.bench.answers.follow_ups [--half develop] [--titled] [--curve]

The questions of canard_dev, each with the rewrite that a person made of it. Articles are dealt into
two halves by the hash of their title: the resolver learns from one, figures are of the other. The
history is what a visitor sees, questions and
answers; ``--titled`` puts the article's title before it as a first message, as if the visitor had
opened with it.

Words are the distinct stems of a text that are no words of grammar (``index.words``). With *lost*
what the person's rewrite has and the question has not, and *added* what our rewrite has and the
question has not, counted over all questions:

- restored: lost words that were added, of all lost words;
- wrong: added words that the person's rewrite has not, of all added words; and of all words of our
  rewrites;
- left alone: questions that the person left as they were, word for word, which we left so too;
- within reach: lost words that stand in the history at all, the most that carrying over can restore
  without knowledge of the world.

``--curve`` shows restored against wrong for other logits from which a word is carried over.
Intervals: 95 %, bootstrap over articles; Wilson where marked.
"""

import argparse
import hashlib
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import closing
from dataclasses import dataclass, replace

import numpy as np

from assistant.evaluation.metrics.intervals import Rows, bootstrap, proportion_text
from assistant.models.opening import open_models
from assistant.models.resolver import Resolver, Word
from assistant.question.phrases import MEANT
from assistant.question.standalone import stand_alone
from assistant.schemas import Turn
from assistant.settings import Settings
from index.words import terms
from tests.bench.corpora import bench, rows


@dataclass(frozen=True)
class FollowUp:
    """A question of a dialogue, what came before it, and what a person made of it."""

    id: str
    article: str
    question: str
    history: tuple[Turn, ...]
    rewrite: str


@dataclass(frozen=True)
class Judged:
    """What became of one question; sets of stems."""

    follow_up: FollowUp
    used: str
    asked: frozenset[str]
    wanted: frozenset[str]
    ours: frozenset[str]
    earlier: frozenset[str]

    @property
    def lost(self) -> frozenset[str]:
        return self.wanted - self.asked

    @property
    def added(self) -> frozenset[str]:
        return self.ours - self.asked


def main() -> None:
    """Rewrite one half's questions and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("develop", "report"), default="report")
    parser.add_argument("--titled", action="store_true", help="the title as a first message")
    parser.add_argument("--show", type=int, default=0, help="print so many rewrites (develop only)")
    parser.add_argument("--curve", action="store_true", help="restored against wrong")
    options = parser.parse_args()
    if options.show and options.half == "report":
        parser.error("--show is for the half that is developed on: add --half develop")
    follow_ups = read(options.half, titled=options.titled)
    with closing(open_models(Settings())) as models:
        # Read once: where the line is drawn, the curve tries afterwards.
        found = [left_unsaid(each, models.resolver) for each in follow_ups]
    if options.curve:
        curve(follow_ups, found)
        return
    judged = [judge(each, words) for each, words in zip(follow_ups, found, strict=True)]
    following = [each for each in judged if each.follow_up.history]
    print(f"{options.half} half{', titled' if options.titled else ''}")
    report("all questions", judged)
    report("questions with a history", following)
    for each in random.Random(0).sample(judged, min(options.show, len(judged))):
        print(f"\n  {each.follow_up.question}\n  ours   {each.used}")
        print(f"  person {each.follow_up.rewrite}")


def read(half: str, *, titled: bool) -> list[FollowUp]:
    """Return the questions of one half of the articles."""
    found = []
    for row in rows(bench("canard_dev") / "rewrites.jsonl"):
        if half_of(row["title"]) != half:
            continue
        told = [Turn(role="user", content=row["title"])] if titled else []
        told += [
            Turn(role="assistant" if place % 2 else "user", content=said)
            for place, said in enumerate(row["history"])
        ]
        found.append(FollowUp(row["id"], row["title"], row["text"], tuple(told), row["rewrite"]))
    return found


def half_of(title: str) -> str:
    """Deal an article into a half by the hash of its title."""
    return "report" if hashlib.sha256(title.encode()).digest()[-1] % 2 else "develop"


def left_unsaid(follow_up: FollowUp, resolver: Resolver) -> list[Word]:
    """Return the words that the resolver reads for one question, which may be none."""
    found: list[Word] = []

    def unsaid(question: str, messages: Sequence[Turn]) -> list[Word]:
        found.extend(resolver.unsaid(question, messages))
        return found

    stand_alone(follow_up.question, follow_up.history, unsaid)
    return found


def judge(follow_up: FollowUp, words: Sequence[Word], surer: float = 0.0) -> Judged:
    """Rewrite one question as the assistant would, with all logits raised by ``surer``."""

    def unsaid(question: str, messages: Sequence[Turn]) -> list[Word]:
        del question, messages
        return [replace(word, logit=word.logit + surer) for word in words]

    used = stand_alone(follow_up.question, follow_up.history, unsaid)
    return Judged(
        follow_up,
        used,
        asked=frozenset(terms(follow_up.question)),
        wanted=frozenset(terms(follow_up.rewrite)),
        ours=frozenset(terms(used)),
        earlier=frozenset(terms(" . ".join(turn.content for turn in follow_up.history))),
    )


def report(name: str, judged: Sequence[Judged]) -> None:
    """Print the figures of some questions, with intervals."""
    articles: dict[str, list[Judged]] = defaultdict(list)
    for each in judged:
        articles[each.follow_up.article].append(each)
    print(f"{name}: {len(judged)} of {len(articles)} articles")
    for title, (part, whole) in MEASURES.items():
        counts = np.array(
            [
                [sum(len(words(each)) for each in article) for words in (part, whole)]
                for article in articles.values()
            ],
            dtype=np.float64,
        )
        print(f"  {title:33} {bootstrap(_ratio, counts) or 'not defined'}")
    kept = [e.used == e.follow_up.question for e in judged if e.wanted == e.asked]
    print(f"  {'left alone (Wilson)':33} {proportion_text(kept) if kept else 'none stand alone'}")


def _ratio(counts: Rows) -> float | None:
    """Return the first column's total as a share of the second's; shape ``(articles, 2)``."""
    part, whole = counts.sum(axis=0)
    return float(part / whole) if whole else None


def curve(follow_ups: Sequence[FollowUp], found: Sequence[Sequence[Word]]) -> None:
    """Print restored against wrong for several logits from which a word is carried over."""
    for surer in (-3.0, -2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0):
        judged = [judge(each, words, surer) for each, words in zip(follow_ups, found, strict=True)]
        figures = []
        for title, (part, whole) in MEASURES.items():
            of = sum(len(whole(each)) for each in judged)
            figures.append(f"{title} {sum(len(part(e)) for e in judged) / of:.3f}" if of else title)
        print(f"from logit {MEANT - surer:+.1f}: {'; '.join(figures)}")


# What is counted, and of what.
Words = Callable[[Judged], AbstractSet[str]]
MEASURES: dict[str, tuple[Words, Words]] = {
    "restored": (lambda e: e.added & e.lost, lambda e: e.lost),
    "within reach": (lambda e: e.earlier & e.lost, lambda e: e.lost),
    "wrong, of the words added": (lambda e: e.added - e.wanted, lambda e: e.added),
    "wrong, of our rewrites' words": (lambda e: e.added - e.wanted, lambda e: e.ours),
    "the question's own words dropped": (
        lambda e: (e.asked & e.wanted) - e.ours,
        lambda e: e.asked & e.wanted,
    ),
}


if __name__ == "__main__":
    main()
