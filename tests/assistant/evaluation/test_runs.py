"""Whole evaluations, with the real models over a few documents."""

import json
from pathlib import Path

import pytest

from assistant.evaluation.metrics.report import Report
from assistant.evaluation.metrics.verdicts import Tally
from assistant.evaluation.opened import Opened
from assistant.evaluation.runner import evaluate_benchmark, evaluate_golden, sample
from assistant.evidence.weights import WEIGHTS
from assistant.settings import Settings
from index.errors import FootnoteError
from index.generations import publish
from index.generations.opening import verify
from tests.places import SEEDS

PORES = "What causes enlarged pores?"
TOLD = {
    "bees": "Bees make honey. A worker bee lives for six weeks in summer.",
    "rivers": "The Danube flows into the Black Sea. Its source is in the Black Forest.",
    "metals": "Iron melts at 1538 degrees Celsius. Gold does not rust.",
}
QUERIES = [
    ("q1", "How long does a worker bee live in summer?", ["six weeks"], True, "bees"),
    ("q2", "Where does the Danube flow?", ["the Black Sea", "Atlantis"], True, "rivers"),
    ("q3", "At what temperature does iron melt?", ["Mercury"], True, "metals"),
    ("q4", "Who won the chess championship of 1972?", [], False, None),
]


def figures(report: Report) -> dict[str, dict[str, tuple[float, int]]]:
    """Return value and number of questions of every figure, by section."""
    return {
        section.name: {
            each.name.strip(): (each.estimate.value, each.estimate.n) for each in section.figures
        }
        for section in report.sections
    }


def quiet(_stage: str, _done: int, _total: int) -> None:
    """Show no progress."""


@pytest.fixture
def golden(tmp_path: Path) -> Path:
    """Return golden questions over the seeds: some that the product is known to get right."""
    quote = "Enlarged pores are often genetically predetermined."
    spans = [{"document_id": "enlarged-pores", "quote": quote}]
    rows: list[dict[str, object]] = [
        {"question": PORES, "answerable": True, "spans": spans, "split": "fit"},
        {"question": "Who painted the Mona Lisa?", "answerable": False, "split": "fit"},
        {"question": "Which rivers flow into the Baltic?", "answerable": False, "split": "fit"},
        {"id": "open", "question": "What causes rough skin texture?", "answerable": True},
        {"id": "odd", "kind": "odd", "question": PORES, "answerable": False},
        {"question": PORES, "answerable": False, "split": "report"},
    ]
    file = tmp_path / "golden.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return file


def test_a_golden_file(seeds_index: Path, golden: Path) -> None:
    """What is right is counted, what does not apply is absent, what is wrong is listed."""
    done: list[tuple[str, int, int]] = []
    settings = Settings(source=SEEDS, index=seeds_index, golden=golden)
    report = evaluate_golden(settings, limit=None, progress=lambda *each: done.append(each))
    found = figures(report)
    assert done == [("asking", each, 6) for each in range(1, 7)]
    assert (report.asked, report.questions) == (6, 6)
    assert report.index_id == publish.current_id(seeds_index)
    assert found["fit: right"] == {
        "answered": (1.0, 1),
        "answered right": (1.0, 1),
        "refused right": (1.0, 2),
    }
    assert found["fit: passages reranked"]["recall@10"] == (1.0, 1)
    assert found["fit: answers"]["citation recall"] == (1.0, 1)
    assert found["fit: refusal"]["AUROC of confidence"] == (1.0, 3)
    # Nothing says what would answer 'open'; 'odd' is the only kind of its own.
    assert found["all: right"] == {"answered": (1.0, 1), "refused right": (0.0, 1)}
    assert "all: passages reranked" not in found
    assert "citation precision" not in found["all: answers"]
    assert "report: refusal" not in found
    assert [curve.name for curve in report.curves] == ["fit", "all"]
    # The reporting split is counted and never listed.
    assert found["report: right"] == {"refused right": (0.0, 1)}
    (miss,) = report.missed
    assert (miss.id, miss.expected, miss.status) == ("odd", "refused", "answered")
    assert (miss.verdict, report.unlisted) == ("answered in vain", 1)
    assert miss.quotes
    # Every question is counted once; nothing says whether the answer to 'open' is right.
    assert report.tally == Tally(answered_right=2, refused_right=2, answered_in_vain=2)
    assert report.unmarked == 1


def test_kinds_are_shown_where_there_are_several(seeds_index: Path, golden: Path) -> None:
    """Each kind of refusal has its own share."""
    rows = [json.loads(line) for line in golden.read_text().splitlines()][1:3]
    rows[0]["kind"] = "far"
    golden.write_text("".join(json.dumps(row) + "\n" for row in rows))
    settings = Settings(source=SEEDS, index=seeds_index, golden=golden)
    found = figures(evaluate_golden(settings, limit=None, progress=quiet))
    assert found["fit: right"] == {
        "refused right": (1.0, 2),
        "far, refused right": (1.0, 1),
        "question, refused right": (1.0, 1),
    }


def test_a_result_names_what_made_it(seeds_index: Path, golden: Path) -> None:
    """Models by hash, and the settings that a figure depends on."""
    settings = Settings(source=SEEDS, index=seeds_index, golden=golden)
    report = evaluate_golden(settings, limit=1, progress=quiet)
    assert (report.asked, report.questions) == (1, 6)
    assert report.models["refusal"]["name"] == "shipped"
    hashes = [
        report.models[name]["sha256"]
        for name in ("encoder", "reranker", "reader", "resolver", "refusal")
    ]
    assert all(len(each) == 64 for each in hashes)
    assert report.settings["passages_read"] == WEIGHTS.passages


def test_a_golden_file_of_another_corpus(seeds_index: Path, golden: Path) -> None:
    """A document that is not there is an error before anything is asked."""
    golden.write_text(golden.read_text().replace("enlarged-pores", "moles"))
    settings = Settings(source=SEEDS, index=seeds_index, golden=golden)
    with pytest.raises(FootnoteError, match=r"line 1: the index has no document 'moles'"):
        evaluate_golden(settings, limit=None, progress=quiet)


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    """Return a benchmark of three documents and four queries."""
    folder = tmp_path / "small"
    folder.mkdir()
    corpus = [{"id": name, "title": name.title(), "text": text} for name, text in TOLD.items()]
    queries = [
        {"id": id_, "text": text, "answers": answers, "answerable": answerable, "doc": doc}
        for id_, text, answers, answerable, doc in QUERIES
    ]
    for name, rows in (("corpus", corpus), ("queries", queries)):
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(text, "utf-8")
    return folder


@pytest.fixture
def own_index(kept_index: Path, tmp_path: Path) -> Path:
    """Return an owner's index folder with nothing published and the exported encoder."""
    index = tmp_path / "index"
    index.mkdir()
    (index / "encoders").symlink_to(kept_index / "encoders")
    return index


def test_a_benchmark(bench: Path, own_index: Path) -> None:
    """Ranked and asked over its own corpus, whose index lies beside the owner's generations."""
    settings = Settings(index=own_index)
    report = evaluate_benchmark(settings, bench, limit=None, without_gold=True, progress=quiet)
    found = figures(report)
    assert found["documents, fused"]["recall@10"] == (1.0, 3)
    assert found["documents, reranked"]["nDCG@10"] == (1.0, 3)
    # 'Mercury' stands in no document that answers, so nothing is asked of a quote there.
    assert found["answers"]["best citation holds the answer"] == (1.0, 2)
    assert found["answers"]["best holds it, of all asked"] == (1.0, 2)
    assert found["answers"]["any citation holds the answer"] == (1.0, 2)
    assert found["answers"]["citation precision"][1] == 3
    assert found["answers"]["median milliseconds"][1] == 4
    assert found["refusal"]["refused, unanswerable"] == (1.0, 1)
    assert found["refusal"]["refused, gold removed"] == (1.0, 3)
    assert found["refusal: gold removed"]["AUROC of confidence"] == (1.0, 6)
    assert found["refusal: unanswerable"]["AUROC of confidence"] == (1.0, 4)
    assert [curve.name for curve in report.curves] == ["gold removed", "unanswerable"]
    assert report.tally == Tally(answered_right=3, refused_right=4)
    assert (report.unmarked, report.missed, report.unlisted) == (0, (), 0)
    index = own_index / "benchmarks" / "small" / "index"
    assert report.index_id == publish.current_id(index)
    assert verify(publish.current_folder(index)) == ()
    assert not (own_index / publish.CURRENT).exists()
    again = evaluate_benchmark(settings, bench, limit=2, without_gold=False, progress=quiet)
    assert again.index_id == report.index_id
    assert "refusal: gold removed" not in figures(again)


def test_queries_without_answers_are_ranked_and_not_asked(bench: Path, own_index: Path) -> None:
    """Where nothing says what a right answer is, asking would say nothing and take long."""
    rows = [json.loads(line) for line in (bench / "queries.jsonl").read_text().splitlines()]
    asked = [row | {"answers": []} for row in rows if row["answerable"]]
    (bench / "queries.jsonl").write_text("".join(json.dumps(row) + "\n" for row in asked))
    settings = Settings(index=own_index)
    report = evaluate_benchmark(settings, bench, limit=None, without_gold=False, progress=quiet)
    assert set(figures(report)) == {"documents, fused", "documents, reranked"}
    assert report.curves == ()
    assert (report.tally, report.missed) == (None, ())


def test_mistakes_over_a_benchmark_are_named(bench: Path, own_index: Path) -> None:
    """A quote of another document than the relevant one is wrong; what nothing judges is told."""
    bees, danube, _, chess = (
        json.loads(line) for line in (bench / "queries.jsonl").read_text().splitlines()
    )
    rows = [bees | {"doc": "metals"}, danube | {"answers": [], "doc": None}, chess]
    (bench / "queries.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    settings = Settings(index=own_index)
    report = evaluate_benchmark(settings, bench, limit=None, without_gold=True, progress=quiet)
    assert report.tally == Tally(
        answered_right=1, answered_wrong=1, refused_right=1, answered_in_vain=1
    )
    assert report.unmarked == 1
    assert [(each.verdict, each.id) for each in report.missed] == [
        ("answered wrong", "q1"),
        ("answered in vain", "q1, gold removed"),
    ]
    assert all("six weeks" in each.quotes[0] for each in report.missed)


def test_taking_documents_away(seeds_index: Path) -> None:
    """What is taken away is neither quoted nor offered, and is there again for the next one."""
    opened = Opened(Settings(source=SEEDS, index=seeds_index))
    try:
        whole = opened.ask(PORES)
        without = opened.ask(PORES, without=["enlarged-pores"])
        cited = [*without.citations, *without.closest]
        assert {each.document_id for each in whole.citations} >= {"enlarged-pores"}
        assert "enlarged-pores" not in {each.document_id for each in cited}
        assert without.confidence is not None
        assert whole.confidence is not None
        assert without.confidence < whole.confidence
        again = opened.ask(PORES)
        same = {"id": whole.id, "timing_ms": whole.timing_ms}
        assert again.model_copy(update=same) == whole
    finally:
        opened.close()


def test_rankings_reach_as_far_as_retrieval(seeds_index: Path) -> None:
    """The cross-encoder orders what it reads; the rest follows as fused."""
    opened = Opened(Settings(source=SEEDS, index=seeds_index))
    try:
        found = opened.rank(PORES)
        assert len(found.fused) > WEIGHTS.passages
        assert set(found.reranked[: WEIGHTS.passages]) == set(found.fused[: WEIGHTS.passages])
        assert found.reranked[WEIGHTS.passages :] == found.fused[WEIGHTS.passages :]
        assert opened.document(opened.passages[found.reranked[0]]) == "enlarged-pores"
    finally:
        opened.close()


def test_a_sample_is_the_same_every_time() -> None:
    """Drawn by a fixed seed and in order; no limit, or a large one, takes all."""
    questions = list(range(100))
    drawn = sample(questions, 10)
    assert drawn == sample(questions, 10) == sorted(drawn)
    assert len(set(drawn)) == 10
    assert drawn != questions[:10]
    assert sample(questions, None) == sample(questions, 100) == questions
