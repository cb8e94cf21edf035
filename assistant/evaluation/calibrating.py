"""The story of a calibration: ask the golden questions, fit, expect, publish if told to.

Knows the order of the steps; each is a module of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from assistant.evaluation.expectation import Outcome, expected, is_better, outcome
from assistant.evaluation.golden import GoldenQuestion, holds_answer, placed, read_golden
from assistant.evaluation.golden_run import HELD_OUT
from assistant.evaluation.metrics.report import Section
from assistant.evaluation.metrics.verdicts import Tally, tally
from assistant.evaluation.opened import Opened
from assistant.question.smalltalk import smalltalk
from assistant.refusal.fitting import Example, calibrated, without_own_fold
from assistant.refusal.kept import (
    STATE,
    Calibration,
    RefusalInUse,
    holds_for,
    in_use,
    keep,
    read,
    shipped,
)
from assistant.refusal.model import RefusalModel
from assistant.settings import Settings
from index.embedding.packaged import sha256_of
from index.errors import FootnoteError, shown
from index.generations.publish import locked

FEWEST = 20  # of each kind; of fewer, five folds say nothing
FEWEST_RIGHT = 10  # of the answerable ones that what would be quoted has to answer


@dataclass(frozen=True, slots=True)
class Seen:
    """A question as it was weighed, whether what would be quoted answers it, and its split.

    ``holds`` is ``None`` where nobody marked what does.
    """

    example: Example
    holds: bool | None
    split: str

    @property
    def answerable(self) -> bool:
        """Whether the sources answer, if not with what would be quoted."""
        return self.example.right or self.holds is False


@dataclass(frozen=True, slots=True)
class Expected:
    """The same figures of the same questions, for the calibrated model and the one in use."""

    name: str
    calibrated: Section
    in_use: Section


@dataclass(frozen=True, slots=True)
class Counted:
    """What would become of all questions, with the calibrated model and with the one in use."""

    calibrated: Tally
    in_use: Tally


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model, the numbers of questions that it is fitted to and held out from, and what to expect.

    ``misquoted`` are the answerable ones that what would be quoted does not answer. ``counted``
    are all questions, each judged by a model that was made without it. ``helps`` says whether the
    model is expected to do better than the one in use.
    """

    model: RefusalModel
    answerable: int
    unanswerable: int
    misquoted: int
    held_out: int
    counted: Counted
    expected: tuple[Expected, ...]
    helps: bool

    @property
    def more_wrong(self) -> bool:
        """Whether the model is expected to answer wrongly more often than the one in use."""
        return self.counted.calibrated.wrong_answers > self.counted.in_use.wrong_answers


@dataclass(frozen=True, slots=True)
class Used:
    """What is in use before a calibration: the shipped model, or one that was fitted earlier.

    ``fitted_to`` is the number of questions of an earlier one. ``unusable`` says why an earlier one
    is kept and cannot be used; then the shipped model is compared with.
    """

    model: RefusalModel
    fitted_to: int | None = None
    unusable: str | None = None


@dataclass(frozen=True, slots=True)
class CalibrationReport:
    """What was fitted, what is in use without it, and whether it was published.

    ``left_out`` are the ids of small talk.
    """

    golden: str
    index_id: str
    left_out: tuple[str, ...]
    fitted: Fitted
    used: Used
    published: bool
    file: str

    @property
    def same(self) -> bool:
        """Whether what was fitted is what is in use already."""
        return self.fitted.model == self.used.model


def calibrate(
    settings: Settings,
    *,
    publish: bool,
    force: bool,
    progress: Callable[[str, int, int], None],
) -> CalibrationReport:
    """Fit the refusal model to the golden questions; put it in use only if told to ``publish``.

    Even then what is expected to answer wrongly more often is not published without ``force``. What
    is not published changes nothing. Raises ``FootnoteError``.
    """
    file, index, plain = settings.golden, settings.index, shipped()
    questions, golden_sha256 = read_golden(file), sha256_of(file)
    asked = [each for each in questions if not smalltalk(each.question)]
    _require_enough(file, asked)
    with closing(Opened(settings, plain)) as opened:
        known = placed(file, asked, opened.texts())
        used = _used(index, opened.models, plain)
        if publish:
            with locked(index):
                pass  # what cannot be written is told before the long run
        seen = ask(opened, known, partial(progress, "asking"))
        require_enough_right(file, seen)
        fitted = fit_and_expect(seen, plain.model, used.model)
    published = publish and (force or not fitted.more_wrong or fitted.model == used.model)
    if published:
        size, models = fitted.answerable + fitted.unanswerable, holds_for(opened.models, plain)
        keep(
            index,
            Calibration(fitted.model, golden_sha256, size, opened.whole.index_id, models),
        )
    return CalibrationReport(
        golden=str(file),
        index_id=opened.whole.index_id,
        left_out=tuple(each.id for each in questions if each not in asked),
        fitted=fitted,
        used=used,
        published=published,
        file=str(index / STATE),
    )


def _used(index: Path, models: Mapping[str, str], plain: RefusalInUse) -> Used:
    try:
        kept = in_use(index, models)
        earlier = read(index)
    except FootnoteError as error:  # a damaged one is what an owner may be calibrating for
        return Used(plain.model, unusable=str(error))
    return Used(kept.model, earlier.questions if earlier else None)


def fit_and_expect(seen: Sequence[Seen], plain: RefusalModel, used: RefusalModel) -> Fitted:
    """Fit to all but the split ``report``, and say what to expect beside what is used. Pure.

    Out of fold, a question is judged by a model and a threshold that were chosen without it.
    """
    fitting = [each for each in seen if each.split != HELD_OUT]
    reporting = [each for each in seen if each.split == HELD_OUT]
    examples = [each.example for each in fitting]
    make = partial(calibrated, shipped=plain)
    model = make(examples)
    new = _outcomes(fitting, without_own_fold(examples, make))
    old = _outcomes(fitting, [used] * len(fitting))
    name = "out of fold"
    found = [Expected(name, expected(name, new), expected(name, old))]
    unseen, before = (_outcomes(reporting, [each] * len(reporting)) for each in (model, used))
    if reporting:
        found.append(Expected(HELD_OUT, expected(HELD_OUT, unseen), expected(HELD_OUT, before)))
    return Fitted(
        model=model,
        answerable=sum(each.answerable for each in fitting),
        unanswerable=sum(not each.answerable for each in fitting),
        misquoted=sum(each.holds is False for each in fitting),
        held_out=len(reporting),
        counted=Counted(_tally([*new, *unseen]), _tally([*old, *before])),
        expected=tuple(found),
        helps=is_better(new, old),
    )


def _require_enough(file: Path, asked: Sequence[GoldenQuestion]) -> None:
    fitting = [each.answerable for each in asked if each.split != HELD_OUT]
    answerable, others = sum(fitting), len(fitting) - sum(fitting)
    if min(answerable, others) < FEWEST:
        raise FootnoteError(
            f"{shown(str(file))} has {answerable} answerable and {others} unanswerable questions "
            f"to fit to, and at least {FEWEST} of each are needed; write more, one a line, such "
            f'as {{"question": "What does it cost?", "answerable": false}} (those of the split '
            f"'{HELD_OUT}' are not fitted to)"
        )


def require_enough_right(file: Path, seen: Sequence[Seen]) -> None:
    """Raise ``FootnoteError`` where too few questions would be answered right to fit on them."""
    fitting = [each for each in seen if each.split != HELD_OUT]
    right = sum(each.example.right for each in fitting)
    if right < FEWEST_RIGHT:
        raise FootnoteError(
            f"of the answerable questions in {shown(str(file))}, what would be quoted answers "
            f"{right}, and at least {FEWEST_RIGHT} such are needed to fit to; run 'footnote "
            "evaluate' to see what is quoted instead, then correct the spans or write more "
            "questions"
        )


def ask(
    opened: Opened, questions: Sequence[GoldenQuestion], progress: Callable[[int, int], None]
) -> list[Seen]:
    """Weigh every question, and see whether what would be quoted answers it."""
    seen = []
    for done, each in enumerate(questions, start=1):
        features, quotes = opened.weigh(each.question, each.history)
        holds = holds_answer(each, quotes) if each.spans else None
        right = each.answerable and holds is not False
        asked = "\n".join([*(turn.content for turn in each.history), each.question])
        example = Example(asked, right, len(opened.whole.vectors), features)
        seen.append(Seen(example, holds, each.split))
        progress(done, len(questions))
    return seen


def _outcomes(seen: Sequence[Seen], models: Sequence[RefusalModel]) -> list[Outcome]:
    """Return, of each question, what its own model makes of it."""
    return [
        outcome(model, each.example, each.holds) for model, each in zip(models, seen, strict=True)
    ]


def _tally(outcomes: Sequence[Outcome]) -> Tally:
    return tally(each.verdict for each in outcomes)
