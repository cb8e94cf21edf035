"""A benchmark's queries, ranked, asked and judged, over an index of its corpus.

Owns where that index lies and which figures a benchmark gives: retrieval where documents are
judged, answers where strings answer, refusal where some queries are not answerable or the
documents that answer are taken away.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.evaluation import quoting
from assistant.evaluation.benchmark import Benchmark, Query, write_documents
from assistant.evaluation.golden_run import Found
from assistant.evaluation.metrics.figures import (
    DECLINED,
    Asked,
    answered,
    by_kind,
    curve,
    length_and_time,
    refusal,
    refused,
    retrieval,
    share,
)
from assistant.evaluation.metrics.intervals import Estimate, mean
from assistant.evaluation.metrics.ranking import Grades, first_of_each, relevant
from assistant.evaluation.metrics.report import Miss, section, worst_first
from assistant.evaluation.metrics.verdicts import MISTAKES, Verdict, tally, verdict
from assistant.evaluation.opened import Opened
from assistant.schemas import AskResponse
from index.build import rebuild
from index.embedding.kept import kept_encoder
from index.generations import publish
from index.passages.withholding import Withhold

BENCHMARKS = "benchmarks"  # the folder beside the generations where the indexes lie
_AS_THEY_ARE = "unanswerable"
_GOLD_REMOVED = "gold removed"
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class _Judged:
    """A query as it was answered, with what would be right to quote.

    ``kind`` says whether it was asked of the corpus as it is. ``answers`` are strings that stand in
    the relevant ``documents``.
    """

    query: Query
    kind: str
    answerable: bool
    answer: AskResponse
    answers: tuple[str, ...]
    documents: frozenset[str]

    @property
    def asked(self) -> Asked:
        """What figures of refusal are made from."""
        return Asked(self.kind, self.answerable, self.answer)

    @property
    def unmarked(self) -> bool:
        """Whether nothing says what a right answer would quote."""
        return self.answerable and not self.answers and not self.documents

    @property
    def verdict(self) -> Verdict:
        """What became of it.

        Right is a quote that holds an answer, or one of a relevant document where no quote could.
        """
        answered = self.answer.status == "answered"
        cited = {each.document_id for each in self.answer.citations}
        held = _any_holds(self) if self.answers else bool(cited & self.documents) or self.unmarked
        right = held if self.answerable else self.answer.status in DECLINED
        return verdict(answerable=self.answerable, answered=answered, right=right)


def prepare(
    benchmark: Benchmark,
    index: Path,
    *,
    model: str,
    withhold: Withhold | None,
    progress: Progress,
) -> Path:
    """Build the index of a benchmark's corpus below the owner's; return its folder.

    What did not change since the last time is reused. Raises ``FootnoteError``.
    """
    work = index / BENCHMARKS / benchmark.name
    write_documents(benchmark.folder, work / "docs")
    own = work / "index"
    with publish.locked(index):
        encoders = kept_encoder(index, model).folder.parent
    own.mkdir(parents=True, exist_ok=True)
    link = own / encoders.name
    if not link.is_symlink() and not link.exists():
        link.symlink_to(encoders.resolve(), target_is_directory=True)
    rebuild(work / "docs", own, model=model, keep=1, withhold=withhold, progress=progress)
    return own


def run_benchmark(
    opened: Opened,
    benchmark: Benchmark,
    queries: Sequence[Query],
    *,
    without_gold: bool,
    progress: Callable[[int, int], None],
) -> Found:
    """Rank and ask the queries and return the figures that apply.

    Queries are only ranked where nothing says what a right answer would be.
    """
    asks = without_gold or any(each.answers or not each.answerable for each in benchmark.queries)
    fused: list[tuple[list[str], Grades]] = []
    reranked: list[tuple[list[str], Grades]] = []
    judged: list[_Judged] = []
    texts = opened.texts()
    for done, query in enumerate(queries, start=1):
        grades = benchmark.grades.get(query.id, {})
        gold = relevant(grades)
        if gold:
            rankings = opened.rank(query.text)
            fused.append((_documents(opened, rankings.fused), grades))
            reranked.append((_documents(opened, rankings.reranked), grades))
        if asks:
            answer = opened.ask(query.text)
            strings = quoting.findable(query.answers, [texts[each] for each in gold & texts.keys()])
            made = _Judged(query, _AS_THEY_ARE, query.answerable, answer, tuple(strings), gold)
            judged.append(made)
        if query.answerable and gold and without_gold:
            answer = opened.ask(query.text, without=gold)
            judged.append(_Judged(query, _GOLD_REMOVED, False, answer, (), frozenset()))
        progress(done, len(queries))
    asked = [each.asked for each in judged]
    kinds = by_kind(asked)
    whole = [each for each in asked if each.kind == _AS_THEY_ARE]
    sections = [
        retrieval("documents, fused", fused),
        retrieval("documents, reranked", reranked),
        section(
            "answers",
            {"answered": answered(asked)}
            | _answers([each for each in judged if each.answerable])
            | length_and_time(whole),
        ),
        section("refusal", {f"refused, {kind}": refused(each) for kind, each in kinds.items()}),
        *(refusal(f"refusal: {kind}", each) for kind, each in kinds.items()),
    ]
    curves = [curve(kind, each) for kind, each in kinds.items()]
    verdicts = [each.verdict for each in judged]
    mistakes = [each for each, its in zip(judged, verdicts, strict=True) if its in MISTAKES]
    return Found(
        tally=tally(verdicts) if judged else None,
        unmarked=sum(each.unmarked and each.verdict == "answered right" for each in judged),
        sections=tuple(each for each in sections if each.figures),
        curves=tuple(each for each in curves if each),
        missed=worst_first(map(_miss, mistakes)),
        unlisted=0,
    )


def _miss(judged: _Judged) -> Miss:
    return Miss(
        id=judged.query.id if judged.kind == _AS_THEY_ARE else f"{judged.query.id}, {judged.kind}",
        kind=judged.kind,
        split="all",
        question=judged.query.text,
        verdict=judged.verdict,
        expected="answered" if judged.answerable else "refused",
        status=judged.answer.status,
        confidence=judged.answer.confidence,
        quotes=tuple(each.quote for each in judged.answer.citations),
    )


def _documents(opened: Opened, passages: Sequence[int]) -> list[str]:
    return first_of_each([opened.document(opened.passages[number]) for number in passages])


def _answers(judged: Sequence[_Judged]) -> dict[str, Estimate | None]:
    """Return how answerable queries were answered; only strings that a quote could hold count."""
    strings = [each for each in judged if each.answers]
    best = [_best_holds(each) for each in strings]
    anyone = [_any_holds(each) for each in strings]
    shown = [each.answer.status == "answered" for each in strings]
    shares = [
        quoting.precision(each.answer.citations, each.answers, each.documents)
        for each in judged
        if each.answer.citations and (each.answers or each.documents)
    ]
    return {
        "best citation holds the answer": share(_where(best, shown)),
        "any citation holds the answer": share(_where(anyone, shown)),
        "best holds it, of all asked": share(best),
        "any holds it, of all asked": share(anyone),
        "citation precision": mean(shares),
        "half or more to the point": share([each >= 0.5 for each in shares]),
    }


def _where(outcomes: Sequence[bool], chosen: Sequence[bool]) -> list[bool]:
    return [outcome for outcome, one in zip(outcomes, chosen, strict=True) if one]


def _best_holds(judged: _Judged) -> bool:
    citations = judged.answer.citations
    return bool(citations) and quoting.holds(quoting.best(citations).quote, judged.answers)


def _any_holds(judged: _Judged) -> bool:
    return any(quoting.holds(each.quote, judged.answers) for each in judged.answer.citations)
