"""Golden questions, asked and judged.

Owns which figures a golden file gives: by split, and within it by kind.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.evaluation import quoting
from assistant.evaluation.golden import GoldenQuestion, is_right
from assistant.evaluation.metrics.figures import (
    Asked,
    answered,
    curve,
    length_and_time,
    refusal,
    retrieval,
    share,
)
from assistant.evaluation.metrics.intervals import Estimate, mean
from assistant.evaluation.metrics.report import Curve, Miss, Section, section, worst_first
from assistant.evaluation.metrics.verdicts import Tally, Verdict, tally, verdict
from assistant.evaluation.opened import Opened
from assistant.schemas import AskResponse

# A split of this name is for reporting: its misses are counted and never listed, so that nobody
# fixes them one by one and then reports them as unseen.
HELD_OUT = "report"


@dataclass(frozen=True, slots=True)
class Judged:
    """A golden question with its answer and the passages it was ranked to."""

    question: GoldenQuestion
    answer: AskResponse
    ranking: tuple[int, ...]

    @property
    def right(self) -> bool:
        """Whether the answer is what the question calls for."""
        return is_right(self.question, self.answer)

    @property
    def verdict(self) -> Verdict:
        """What became of the question."""
        answered = self.answer.status == "answered"
        return verdict(answerable=self.question.answerable, answered=answered, right=self.right)


@dataclass(frozen=True, slots=True)
class Found:
    """What a run gives to the report, each as the report has it."""

    tally: Tally | None
    unmarked: int
    sections: tuple[Section, ...]
    curves: tuple[Curve, ...]
    missed: tuple[Miss, ...]
    unlisted: int


def run_golden(
    opened: Opened, questions: Sequence[GoldenQuestion], progress: Callable[[int, int], None]
) -> Found:
    """Ask every question and return the figures. Spans are where the index has them."""
    judged = []
    for done, question in enumerate(questions, start=1):
        answer = opened.ask(question.question, question.history)
        ranking = opened.rank(answer.question_used).reranked if question.spans else ()
        judged.append(Judged(question, answer, ranking))
        progress(done, len(questions))
    sections, curves = [], []
    for split in dict.fromkeys(each.question.split for each in judged):
        inside = [each for each in judged if each.question.split == split]
        asked = [Asked(e.question.kind, e.question.answerable, e.answer) for e in inside]
        sections += [
            section(f"{split}: right", {"answered": answered(asked)} | _right(inside)),
            retrieval(f"{split}: passages reranked", _ranked(opened, inside)),
            section(f"{split}: answers", _answers(inside) | length_and_time(asked)),
            refusal(f"{split}: refusal", asked),
        ]
        curves.append(curve(split, asked))
    missed = [each for each in judged if not each.right]
    listed = [each for each in missed if each.question.split != HELD_OUT]
    taken = [e for e in judged if e.verdict == "answered right" and not e.question.spans]
    return Found(
        tally=tally(each.verdict for each in judged),
        unmarked=len(taken),
        sections=tuple(each for each in sections if each.figures),
        curves=tuple(each for each in curves if each),
        missed=worst_first(map(_miss, listed)),
        unlisted=len(missed) - len(listed),
    )


def _right(judged: Sequence[Judged]) -> dict[str, Estimate | None]:
    """Return shares right, in all and by kind; of answers, only where the file says what is."""
    known = [e for e in judged if e.question.spans]
    others = [e for e in judged if not e.question.answerable]
    figures = {
        "answered right": share([each.right for each in known]),
        "refused right": share([each.right for each in others]),
    }
    for label, group in (("answered right", known), ("refused right", others)):
        kinds = sorted({each.question.kind for each in group})
        for kind in kinds if len(kinds) > 1 else ():
            rights = [each.right for each in group if each.question.kind == kind]
            figures[f"  {kind}, {label}"] = share(rights)
    return figures


def _ranked(opened: Opened, judged: Sequence[Judged]) -> list[tuple[list[str], dict[str, int]]]:
    """Return rankings of passages; relevant is a passage that holds a part of a golden span."""
    ranked = []
    for each in judged:
        spans = each.question.spans
        grades = {
            str(passage.id): 1
            for passage in opened.passages
            if any(
                opened.document(passage) == span.document_id
                and passage.start < span.end
                and span.start < passage.end
                for span in spans
            )
        }
        ranked.append(([str(number) for number in each.ranking], grades))
    return ranked


def _answers(judged: Sequence[Judged]) -> dict[str, Estimate | None]:
    answered = [e for e in judged if e.question.spans and e.answer.status == "answered"]
    cited = [(each.question, each.answer.citations) for each in answered]
    best = [(question, [quoting.best(citations)]) for question, citations in cited]
    return {
        "best citation is a golden span": share(
            [quoting.golden_precision(*each) == 1 for each in best]
        ),
        "citation precision": mean([quoting.golden_precision(*each) for each in cited]),
        "citation recall": mean([quoting.golden_recall(*each) for each in cited]),
    }


def _miss(judged: Judged) -> Miss:
    question, answer = judged.question, judged.answer
    return Miss(
        id=question.id,
        kind=question.kind,
        split=question.split,
        question=question.question,
        verdict=judged.verdict,
        expected="answered" if question.answerable else "refused",
        status=answer.status,
        confidence=answer.confidence,
        quotes=tuple(each.quote for each in answer.citations),
    )
