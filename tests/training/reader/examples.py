"""What the reader learns from: questions, each with a passage and what in it answers.

Owns the form of an example, which corpora there are and how much of each is used. Where the
examples of a corpus come from, and what each kind is there for, stands in its own file.
"""

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from index.records import Passage

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Example:
    """A question and a passage, with the answers marked.

    ``sentences`` are spans in ``text`` (code points, end-exclusive) and ``labels`` say of each
    whether it answers; None where nobody has said. ``answers`` is of the passage as a whole.
    ``group`` is what ``split.held_out`` decides upon.
    """

    corpus: str
    kind: str
    group: str
    question: str
    heading: str
    text: str
    sentences: tuple[Span, ...]
    labels: tuple[bool | None, ...]
    answers: bool


Source = Callable[[random.Random], Iterator[Example]]
_OWNED = frozenset({"golden", "visitors"})  # thinned, if at all, before they are read
# Sites that came last: a reader that has learnt from all others goes on from there with these and,
# so as to forget nothing, a share of the others.
LATEST = frozenset(
    {
        *("dog-grooming", "float-and-light-rooms", "hair-treatments", "nail-and-brow-bar"),
        "piercing-studio",
    }
)
# The share of squad2's kinds and of whole corpora that is used; of others, all. Adversarial
# questions are by far the most, and the least like visitors': trained on little else, a reader
# unlearns relevance. Questions about diseases come from templates, so fewer say as much.
_SHARES = {"adversarial": 0.5, "beside": 0.6, "medquad": 0.45}


def from_passage(
    origin: tuple[str, str, str],
    question: str,
    passage: Passage,
    labels: tuple[bool | None, ...],
    *,
    answers: bool,
) -> Example:
    """Return the example of an indexed passage; ``origin`` is its corpus, kind and group."""
    first = passage.start
    return Example(
        *origin,
        question,
        heading=" > ".join(passage.headings),
        text=passage.text,
        sentences=tuple((each.start - first, each.end - first) for each in passage.sentences),
        labels=labels,
        answers=answers,
    )


def no_answer(origin: tuple[str, str, str], question: str, passage: Passage) -> Example:
    """Return the example of a passage none of whose sentences answers."""
    labels = (False,) * len(passage.sentences)
    return from_passage(origin, question, passage, labels, answers=False)


def collect(
    sources: Mapping[str, Source], seed: int, limit: int | None = None, replay: float = 1.0
) -> list[Example]:
    """Return the examples of every corpus, thinned and shuffled: the same for the same seed.

    ``limit`` is of examples a corpus, the first ones: for trying the script out. ``replay`` is the
    share that is used of public corpora. Says on stderr how many there are of each kind.
    """
    found: list[Example] = []
    for corpus, source in sources.items():
        # A generator of its own for each corpus: a change in one moves nothing in the others.
        gathered = list(islice(source(random.Random(f"{seed} {corpus}")), limit))
        kinds = Counter(example.kind for example in gathered)
        counts = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
        sys.stderr.write(f"{corpus}: {len(gathered)} examples ({counts})\n")
        found += gathered
    rng = random.Random(seed)
    used = [each for each in found if rng.random() < share(each, replay)]
    rng.shuffle(used)
    return used


def share(example: Example, replay: float = 1.0) -> float:
    """Return how likely an example is to be used."""
    if example.corpus in _OWNED:
        return 1.0
    kind = example.kind if example.corpus == "squad2" else example.corpus
    return replay * _SHARES.get(kind, 1.0)
