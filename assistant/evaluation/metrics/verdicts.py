"""What became of each question, in the five ways that an owner reads first. Pure.

Owns the five verdicts, how they are counted, and which mistakes are the worst. Knows nothing of
where questions come from or of how a figure is shown.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Verdict = Literal[
    "answered right", "answered wrong", "refused wrongly", "refused right", "answered in vain"
]
# Worst first: a wrong answer harms more than a refusal.
MISTAKES: tuple[Verdict, ...] = ("answered wrong", "answered in vain", "refused wrongly")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many questions there are of each verdict.

    ``answered_wrong`` are answers to answerable questions that do not quote what answers them;
    ``answered_in_vain`` are answers to questions that the documents do not answer.
    """

    answered_right: int = 0
    answered_wrong: int = 0
    refused_wrongly: int = 0
    refused_right: int = 0
    answered_in_vain: int = 0

    @property
    def answerable(self) -> int:
        """How many questions the documents answer."""
        return self.answered_right + self.answered_wrong + self.refused_wrongly

    @property
    def others(self) -> int:
        """How many questions the documents do not answer."""
        return self.refused_right + self.answered_in_vain

    @property
    def wrong_answers(self) -> int:
        """How many answers are wrong, of either kind."""
        return self.answered_wrong + self.answered_in_vain

    @property
    def refused(self) -> int:
        """How many questions get no answer."""
        return self.refused_wrongly + self.refused_right


def verdict(*, answerable: bool, answered: bool, right: bool) -> Verdict:
    """Return the verdict on a question; ``right`` says whether it got what it calls for."""
    if not answerable:
        return "refused right" if right else "answered in vain"
    if answered:
        return "answered right" if right else "answered wrong"
    return "refused wrongly"


def tally(verdicts: Iterable[Verdict]) -> Tally:
    """Return how many there are of each."""
    counted = Counter(each.replace(" ", "_") for each in verdicts)
    return Tally(**counted)


def badness(found: Verdict, confidence: float | None) -> tuple[int, float]:
    """Return a key that sorts mistakes worst first.

    Wrong answers, then answers in vain, then refusals; of each kind the most confident first, which
    of refusals is the nearest miss.
    """
    return MISTAKES.index(found), -(confidence or 0.0)
