"""``footnote calibrate``: what it asks for, prints, and exits with."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.cli.app import run
from assistant.evaluation import calibrating
from assistant.evaluation.calibrating import CalibrationReport, Counted, Expected, Fitted, Used
from assistant.evaluation.metrics.intervals import Estimate
from assistant.evaluation.metrics.report import Figure, Section
from assistant.evaluation.metrics.verdicts import Tally
from assistant.refusal import kept
from assistant.refusal.model import shipped_model
from assistant.settings import Settings
from index.errors import FootnoteError, IndexMissing
from tests.assistant.cli.steps import run_with

ID = "a" * 64


def _section(name, *values):
    names = ("answered", "log loss")
    return Section(
        name,
        tuple(
            Figure(each, Estimate(value, value - 0.1, value + 0.1, 1040))
            for each, value in zip(names, values, strict=True)
        ),
    )


def _expected(name, *values):
    return Expected(name, _section(name, *values[:2]), _section(name, *values[2:]))


SHIPPED = replace(shipped_model(), threshold=0.5)
FITTED = Fitted(
    model=replace(shipped_model(), threshold=0.3125),
    answerable=1040,
    unanswerable=50,
    misquoted=0,
    held_out=0,
    counted=Counted(Tally(1001, 3, 36, 49, 1), Tally(998, 10, 32, 48, 2)),
    expected=(_expected("out of fold", 0.8, 0.3, 0.7, 0.4),),
    helps=True,
)
WORSE = replace(FITTED, counted=Counted(Tally(1001, 13, 26, 50, 0), Tally(998, 10, 32, 48, 2)))
REPORT = CalibrationReport(
    golden="golden\x1b.jsonl",
    index_id=ID,
    left_out=(),
    fitted=FITTED,
    used=Used(SHIPPED),
    published=False,
    file="i/calibration.json",
)


class _Steps:
    """Steps of which two are taken: they note what was asked, and give what they were told."""

    def __init__(self, found):
        self.found = found
        self.asked = {}

    def calibrate(self, settings, *, publish, force, progress):
        """Show progress, then return, or raise, what was found."""
        progress("asking", 1, 2)
        return self._noted(settings=settings, publish=publish, force=force)

    def forget_calibration(self, index):
        """Return whether there was one."""
        return self._noted(forget=index)

    def _noted(self, **asked):
        self.asked = asked
        if isinstance(self.found, BaseException):
            raise self.found
        return self.found


@pytest.fixture
def calibrate(capsys, tmp_path, monkeypatch):
    """Run the command in an empty folder; return code, stdout, stderr and what was asked."""
    monkeypatch.chdir(tmp_path)

    def invoke(*flags, found=REPORT):
        steps = _Steps(found)
        code = run_with(["calibrate", *flags], steps)
        return (code, *capsys.readouterr(), steps.asked)

    return invoke


SENTENCE = (
    "Of your 1,090 questions, 4 would be answered wrongly instead of 12; 1,001\n"
    "rightly instead of 998; 85 would be refused instead of 80, 49 of them rightly\n"
    "instead of 48.\n"
)


def test_one_sentence_first(calibrate):
    """What would change, wrong answers first; what to do about it; then the figures behind it."""
    code, out, err, asked = calibrate("--index", "i", "--golden", "g.jsonl")
    assert (code, err) == (0, "")
    assert out == (
        f"{SENTENCE}"
        "\n"
        "Nothing was changed. Add --publish to put it in use.\n"
        "\n"
        "golden\\x1b.jsonl: fitted to 1,040 answerable and 50 other questions.\n"
        f"index      {ID}\n"
        "threshold  0.3125, in use 0.5\n"
        "\n"
        "figure                 calibrated                in use   asked\n"
        "───────────────────────────────────────────────────────────────\n"
        "out of fold\n"
        "  answered    0.800 (0.700-0.900)   0.700 (0.600-0.800)   1,040\n"
        "  log loss    0.300 (0.200-0.400)   0.400 (0.300-0.500)   1,040\n"
        "\n"
        "Out of fold: each question is judged by a model that was fitted without it.\n"
    )
    assert max(map(len, out.splitlines())) <= 80
    assert (asked["settings"].index, asked["settings"].golden) == (Path("i"), Path("g.jsonl"))
    assert (asked["publish"], asked["force"]) == (False, False)


def test_what_stays_as_it_is(calibrate):
    """Numbers that do not change are said not to; a model that is in use already is one line."""
    same = Tally(20, 1, 2, 9, 0)
    found = replace(REPORT, fitted=replace(FITTED, counted=Counted(same, same)))
    assert calibrate(found=found)[1].startswith(
        "Of your 32 questions, 1 would be answered wrongly, as now; 20 rightly, as now;\n"
        "11 would be refused, as now, 9 of them rightly, as now.\n"
    )
    found = replace(REPORT, used=Used(FITTED.model, 1090))
    out = calibrate(found=found)[1]
    assert out.startswith(
        "Nothing would change: the model fitted to these questions is in use already.\n"
        "\n"
        "golden\\x1b.jsonl: fitted to"
    )
    assert "The model in use was fitted to 1,090 questions." in out


def test_what_was_held_out_and_left_out(calibrate):
    """The split for reporting has figures of its own; small talk is named on stderr."""
    expected = (*FITTED.expected, _expected("report", 0.6, 0.5, 0.6, 0.5))
    fitted = replace(FITTED, held_out=7, misquoted=1004, expected=expected)
    report = replace(REPORT, fitted=fitted, left_out=("a", "line-3\x1b"))
    code, out, err, _ = calibrate(found=report)
    assert code == 0
    assert err == "left out, because they are small talk: a, line-3\\x1b\n"
    assert (
        "50 other questions.\n"
        "1,004 of the answerable ones count as questions to refuse: what would be quoted\n"
        "does not answer them.\n"
        "7 more, of the split 'report', were held out.\n"
    ) in out
    assert "\nreport\n  answered    0.600 (0.500-0.700)   0.600 (0.500-0.700)" in out


def test_where_it_is_not_expected_to_help(calibrate):
    """It is said, and what publishes it nevertheless; nothing has changed."""
    code, out, err, _ = calibrate(found=replace(REPORT, fitted=replace(FITTED, helps=False)))
    assert (code, err) == (0, "")
    _, done, _ = out.split("\n\n", 2)
    assert " ".join(done.split()) == (
        "Nothing was changed. By the figures below it is not expected to help. "
        "Add --publish to put it in use."
    )


def test_published(calibrate):
    """Where it is kept, that a server follows, and the way back."""
    code, out, _, asked = calibrate("--publish", found=replace(REPORT, published=True))
    assert (code, asked["publish"], asked["force"]) == (0, True, False)
    _, done, _ = out.split("\n\n", 2)
    assert done.startswith("Published: kept in i/calibration.json. A running server uses it")
    assert "--reset" in done
    assert "threshold  0.3125, before 0.5\n" in out
    assert re.search(r"^figure +calibrated +before +asked$", out, re.MULTILINE)


def test_more_wrong_answers_are_not_published(calibrate):
    """Exit code 1 and the reason; ``--force`` is named, and reaches the fit."""
    worse = replace(REPORT, fitted=WORSE)
    code, out, err, _ = calibrate("--publish", found=worse)
    assert (code, err) == (1, "")
    assert out.startswith("Of your 1,090 questions, 13 would be answered wrongly instead of 12;")
    _, done, _ = out.split("\n\n", 2)
    assert " ".join(done.split()) == (
        "Not published, because it is expected to answer wrongly more often. What was in use stays "
        "in use. Add --force to publish it all the same."
    )
    code, out, _, _ = calibrate("--publish", "--json", found=worse)
    assert (code, json.loads(out)["published"]) == (1, False)
    code, out, _, _ = calibrate(found=worse)
    assert (code, "only with both --publish and --force." in out.replace("\n", " ")) == (0, True)
    code, _, _, asked = calibrate("--publish", "--force", found=replace(worse, published=True))
    assert (code, asked["publish"], asked["force"]) == (0, True, True)


def test_force_alone_is_wrong_usage(calibrate):
    """It says how to publish, not whether: exit code 2, and nothing is asked."""
    code, out, err, asked = calibrate("--force")
    assert (code, out, asked) == (2, "", {})
    assert err.startswith("footnote: --force says to publish although more wrong answers")


def test_a_calibration_that_cannot_be_used(calibrate):
    """It is told, and what was compared with instead."""
    found = replace(REPORT, used=Used(SHIPPED, unusable="i/calibration.json is damaged; run that"))
    code, _, err, _ = calibrate(found=found)
    assert (code, err) == (
        0,
        "i/calibration.json is damaged; run that. What is in use below is the shipped model.\n",
    )


def test_json_for_machines(calibrate):
    """Everything: the sentence, the weights, and the figures by name for either model."""
    code, out, err, _ = calibrate("--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert found["would_change"] == " ".join(SENTENCE.split())
    assert (found["golden"], found["published"]) == ("golden\x1b.jsonl", False)
    assert found["fitted"]["counted"]["in_use"]["answered_wrong"] == 10
    assert found["fitted"]["model"]["threshold"] == 0.3125
    assert found["used"]["model"]["threshold"] == 0.5
    assert set(found["fitted"]["model"]["small"]["weights"]) == set(SHIPPED.small.weights)
    sides = found["fitted"]["expected"]["out of fold"]
    assert sides["calibrated"]["answered"] == {
        "value": 0.8,
        "low": 0.8 - 0.1,
        "high": 0.9,
        "n": 1040,
    }
    assert sides["in_use"]["log loss"]["value"] == 0.4


@pytest.mark.parametrize("removed", [False, True])
def test_reset(calibrate, removed):
    """Back to the shipped model, and nothing is asked; twice is no failure."""
    code, out, err, asked = calibrate("--reset", "--index", "i", found=removed)
    assert (code, err, asked) == (0, "", {"forget": Path("i")})
    was = "the calibration was removed" if removed else "there was no calibration"
    assert out == f"{was}: the shipped model is in use\n"
    assert json.loads(calibrate("--reset", "--json", found=removed)[1]) == {"removed": removed}


@pytest.mark.parametrize("flags", [("--force",), ("--golden", "g"), ("--publish",)])
def test_flags_that_reset_has_no_use_for(calibrate, flags):
    """Exit code 2, one line, and nothing is removed."""
    code, out, err, asked = calibrate("--reset", *flags)
    assert (code, out, asked) == (2, "", {})
    assert err.startswith("footnote: --reset fits nothing; give it without --golden, --publish")


@pytest.mark.parametrize("error", [IndexMissing("build one"), FootnoteError("write more")])
def test_what_cannot_be_fitted(calibrate, error):
    """A missing index or too few questions is exit code 2 and the line that says so."""
    assert calibrate(found=error)[:3] == (2, "", f"footnote: {error}\n")


def test_the_real_steps(tmp_path):
    """Each reaches the real function, as far as it goes where there is nothing to work on."""
    golden = tmp_path / "golden.jsonl"
    golden.write_text('{"question": "Why?", "answerable": false}\n')
    settings = Settings(index=tmp_path / "index", golden=golden)
    with pytest.raises(FootnoteError, match="0 answerable and 1 unanswerable questions"):
        calibrating.calibrate(settings, publish=False, force=False, progress=lambda *_: None)
    assert kept.remove(settings.index) is False


def test_help(capsys, golden, monkeypatch):
    """The flags are part of the contract; a change of the text is seen."""
    monkeypatch.setenv("COLUMNS", "80")
    assert run(["calibrate", "--help"]) == 0
    golden("calibrate.txt", capsys.readouterr().out)
