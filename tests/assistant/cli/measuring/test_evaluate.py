"""``footnote evaluate``: what it asks for, prints, draws and exits with."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.cli.app import run
from assistant.evaluation.metrics.abstention import ReliabilityPoint, RiskPoint
from assistant.evaluation.metrics.intervals import Estimate
from assistant.evaluation.metrics.report import Curve, Figure, Miss, Report, Section
from assistant.evaluation.metrics.verdicts import Tally
from assistant.evaluation.runner import evaluate_benchmark, evaluate_golden
from assistant.settings import Settings
from index.errors import FootnoteError, IndexMissing
from tests.assistant.cli.steps import run_with

ID = "a" * 64
TALLY = Tally(9, 2, 1, 1004, 14)
MISSES = [
    ("answered wrong", "answered", "answered", 0.934),
    ("answered in vain", "refused", "answered", 0.5),
    ("refused wrongly", "answered", "smalltalk", None),
]
IN_WORDS = (
    " 9 of    12 answerable questions were answered right\n"
    "    2 of    12 answerable questions were answered wrong\n"
    "    1 of    12 answerable questions were not answered, though they should be\n"
    "1,004 of 1,018 unanswerable questions were refused, as they should be\n"
    "   14 of 1,018 unanswerable questions were answered, though they should not be\n"
)
CURVE = Curve("fit", (RiskPoint(1.0, 0.5),), (ReliabilityPoint(0.5, 0.5, 1.0),))


def _report(misses=0, asked=30, tally=TALLY, unmarked=0, unlisted=0):
    return Report(
        index_id=ID,
        measured_on="golden\x1b.jsonl",
        asked=asked,
        questions=1030,
        tally=tally,
        unmarked=unmarked,
        unlisted=unlisted,
        settings={"passages_read": 12},
        models={
            "encoder": {"name": "mini", "precision": "int8", "sha256": "b" * 64},
            "reranker": {"name": "cross", "sha256": "c" * 64},
            "refusal": {"name": "shipped", "sha256": "d" * 64, "threshold": 0.44},
        },
        sections=(
            Section(
                "fit: right",
                (
                    Figure("answered right", Estimate(0.5, 0.25, 0.75, 30)),
                    Figure("  direct, answered right", Estimate(1.0, 0.9, 1.0, 3)),
                ),
            ),
            Section("answers", (Figure("median milliseconds", Estimate(1234.5, 900, 2000, 30)),)),
        ),
        curves=(CURVE,),
        missed=tuple(
            Miss(f"g-{n}", "direct", "fit", "Why\x1b?", *each, ("because",))
            for n, each in enumerate(MISSES * 4)
            if n < misses
        ),
    )


class _Steps:
    """Steps of which two are taken: they note what was asked, and give what they were told."""

    def __init__(self, found):
        self.found = found
        self.asked = {}
        self.drawn = None

    def evaluate_golden(self, settings, *, progress, **asked):
        """Show progress, then return, or raise, what was found."""
        return self.evaluate_benchmark(settings, None, progress=progress, **asked)

    def evaluate_benchmark(self, settings, bench, *, progress, **asked):
        """Show progress, then return, or raise, what was found."""
        progress("asking", 1, 2)
        self.asked = {"settings": settings, "bench": bench, **asked}
        if isinstance(self.found, BaseException):
            raise self.found
        return self.found

    def draw(self, curves, folder):
        """Note the folder."""
        self.drawn = (curves, folder)
        return (folder / "a.svg", folder / "b.svg")


@pytest.fixture
def evaluate(capsys, tmp_path, monkeypatch):
    """Run ``footnote evaluate`` in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def invoke(*flags, found=None):
        steps = _Steps(found or _report())
        code = run_with(["evaluate", *flags], steps)
        captured = capsys.readouterr()
        return code, captured.out, captured.err, steps

    return invoke


def test_a_table_for_people(evaluate):
    """What was measured, with what, and each figure with its interval; nothing a terminal obeys."""
    flags = ("--index", "i", "--golden", "g.jsonl", "--limit", "30")
    code, out, err, steps = evaluate(*flags, found=_report(tally=Tally(9, 2, 1, 10, 8)))
    assert (code, err) == (0, "")
    assert out == (
        " 9 of 12 answerable questions were answered right\n"
        " 2 of 12 answerable questions were answered wrong\n"
        " 1 of 12 answerable questions were not answered, though they should be\n"
        "10 of 18 unanswerable questions were refused, as they should be\n"
        " 8 of 18 unanswerable questions were answered, though they should not be\n"
        "\n"
        "golden\\x1b.jsonl: 30 of 1,030 questions, drawn by a fixed seed\n"
        f"index     {ID}\n"
        f"encoder   mini, int8, {'b' * 12}\n"
        f"reranker  cross, {'c' * 12}\n"
        f"refusal   shipped, {'d' * 12}, threshold 0.44\n"
        "\n"
        "figure                         value      95 % interval   questions\n"
        "───────────────────────────────────────────────────────────────────\n"
        "fit: right\n"
        "  answered right               0.500     0.250 to 0.750          30\n"
        "    direct, answered right     1.000     0.900 to 1.000           3\n"
        "\n"
        "answers\n"
        "  median milliseconds        1,234.5   900.0 to 2,000.0          30\n"
    )
    settings = steps.asked.pop("settings")
    assert (settings.index, settings.golden) == (Path("i"), Path("g.jsonl"))
    assert steps.asked == {"bench": None, "limit": 30}
    assert steps.drawn is None


def test_the_worst_are_named_first(evaluate):
    """Ten at the most, with what should be instead, within 80 columns; a machine gets all."""
    _, out, _, _ = evaluate(found=_report(misses=3, asked=1030))
    assert out.startswith(
        f"   {IN_WORDS}\n"
        "The worst questions first:\n"
        "  answered wrong      0.93  g-0: Why\\x1b?\n"
        "  should be refused   0.50  g-1: Why\\x1b?\n"
        "  should be answered        g-2: Why\\x1b?\n"
        "The number is the confidence. --json lists all, with what was quoted.\n"
        "\n"
        "golden\\x1b.jsonl: all 1,030 questions\n"
    )
    found = _report(misses=12, unlisted=3)
    _, out, _, _ = evaluate(found=found)
    assert "\nThe 10 worst questions of 12 that went wrong:\n" in out
    assert "\nQuestions of the split 'report' that went wrong, which are never listed: 3.\n" in out
    assert ("g-9" in out, "g-10" in out) == (True, False)
    long = replace(found.missed[0], question="Why is the sky blue at noon " * 6)
    _, out, _, _ = evaluate(found=replace(found, missed=(long,)))
    assert max(map(len, out.splitlines())) <= 80
    assert "\n" + " " * 28 + "blue" in out
    told = json.loads(evaluate("--json", found=found)[1])
    assert len(told["missed"]) == 12
    assert (told["tally"]["answered_in_vain"], told["unlisted"]) == (14, 3)
    assert told["missed"][0]["verdict"] == "answered wrong"


def test_what_cannot_be_counted(evaluate):
    """A benchmark that only ranks says so; what nothing was compared with is told."""
    _, out, _, _ = evaluate(found=_report(tally=None))
    assert out.startswith("These questions were only ranked: nothing says what a right answer")
    _, out, _, _ = evaluate(found=_report(unmarked=7))
    told = out.splitlines()[5]
    assert told == "Answers taken for right because the question names no spans: 7."


def test_json_for_machines(evaluate):
    """Everything, the figures by name."""
    code, out, _, steps = evaluate("--json", "--bench", "squad", "--without-gold")
    assert code == 0
    found = json.loads(out)
    assert (found["index_id"], found["settings"]) == (ID, {"passages_read": 12})
    assert found["sections"]["fit: right"]["direct, answered right"] == {
        "value": 1.0,
        "low": 0.9,
        "high": 1.0,
        "n": 3,
    }
    assert found["curves"][0]["risk_coverage"] == [{"coverage": 1.0, "risk": 0.5}]
    assert found["models"]["refusal"]["threshold"] == 0.44
    assert steps.asked["bench"] == Path("squad")
    assert steps.asked["without_gold"]


def test_pictures(evaluate, tmp_path):
    """Drawn beside the table; their files are named on stderr."""
    folder = tmp_path / "plots"
    code, out, err, steps = evaluate("--plot", str(folder))
    assert (code, out.count("answered right")) == (0, 3)
    assert err.splitlines() == [f"drawn: {folder / 'a.svg'}", f"drawn: {folder / 'b.svg'}"]
    assert steps.drawn == (steps.found.curves, folder)


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--golden", "g", "--bench", "b"), "give one of them"),
        (("--without-gold",), "give --bench"),
        (("--plot", "file"), "name another with --plot"),
        (("--limit", "0"), "--limit"),
    ],
)
def test_wrong_flags_are_told_before_the_long_run(evaluate, tmp_path, flags, said):
    """Exit code 2, one line, and nothing was asked."""
    (tmp_path / "file").write_text("in the way")
    code, out, err, steps = evaluate(*flags)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err
    assert not steps.asked


def test_without_matplotlib(evaluate, monkeypatch):
    """The extra that brings it is named, before the long run."""
    monkeypatch.setattr("assistant.evaluation.plots.CAN_DRAW", False)
    code, _, err, steps = evaluate("--plot", "plots")
    assert (code, steps.asked) == (2, {})
    assert err == "footnote: --plot needs matplotlib; install footnote-assistant[evaluate]\n"


def test_a_broken_golden_file(evaluate):
    """Exit code 2 and the line that says how to fix it."""
    code, out, err, _ = evaluate(found=FootnoteError("g.jsonl, line 3: answerable: missing"))
    assert (code, out) == (2, "")
    assert err == "footnote: g.jsonl, line 3: answerable: missing\n"


def test_the_real_steps(tmp_path):
    """Each reaches the real function, as far as it goes where there is nothing to work on."""
    golden = tmp_path / "golden.jsonl"
    golden.write_text('{"question": "Why?", "answerable": false}\n')
    settings = Settings(index=tmp_path / "index", golden=golden)
    flags = {"limit": None, "progress": lambda *_: None}
    with pytest.raises(IndexMissing, match="footnote rebuild"):
        evaluate_golden(settings, **flags)
    with pytest.raises(FootnoteError, match="not a benchmark folder"):
        evaluate_benchmark(settings, tmp_path, without_gold=False, **flags)


def test_help(capsys, golden, monkeypatch):
    """The flags are part of the contract; a change of the text is seen."""
    monkeypatch.setenv("COLUMNS", "80")
    assert run(["evaluate", "--help"]) == 0
    golden("evaluate.txt", capsys.readouterr().out)
