"""``footnote calibrate``: what it asks for, prints, and exits with."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.cli import run
from assistant.cli_steps import Steps
from assistant.evaluation.calibrating import CalibrationReport, Expected, Fitted
from assistant.evaluation.intervals import Estimate
from assistant.evaluation.report import Figure, Section
from assistant.refusal import shipped_model
from assistant.settings import Settings
from index.errors import FootnoteError, IndexMissing

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
    expected=(_expected("out of fold", 0.8, 0.3, 0.7, 0.4),),
    helps=True,
)
REPORT = CalibrationReport(
    golden="golden\x1b.jsonl",
    index_id=ID,
    left_out=(),
    fitted=FITTED,
    shipped=SHIPPED,
    in_use="calibrated",
    removed=False,
    file="i/calibration.json",
)


class _Steps(Steps):
    """Steps of which two are taken: they note what was asked, and give what they were told."""

    def __init__(self, found):
        self.found = found
        self.asked = {}

    def calibrate(self, settings, *, force, progress):
        """Show progress, then return, or raise, what was found."""
        progress("asking", 1, 2)
        return self._noted(settings=settings, force=force)

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
        code = run(["calibrate", *flags], steps)
        return (code, *capsys.readouterr(), steps.asked)

    return invoke


def test_a_table_for_people(calibrate):
    """What was fitted to, what to expect beside what is shipped, and what is in use now."""
    code, out, err, asked = calibrate("--index", "i", "--golden", "g.jsonl")
    assert (code, err) == (0, "")
    assert out == (
        "golden\\x1b.jsonl: fitted to 1,040 answerable and 50 unanswerable questions\n"
        f"index      {ID}\n"
        "threshold  0.3125, shipped 0.5\n"
        "\n"
        "figure                 calibrated               shipped   asked\n"
        "───────────────────────────────────────────────────────────────\n"
        "out of fold\n"
        "  answered    0.800 (0.700-0.900)   0.700 (0.600-0.800)   1,040\n"
        "  log loss    0.300 (0.200-0.400)   0.400 (0.300-0.500)   1,040\n"
        "\n"
        "in use: the calibrated model, kept in i/calibration.json; a running server takes it over "
        "by itself\n"
    )
    assert (asked["settings"].index, asked["settings"].golden) == (Path("i"), Path("g.jsonl"))
    assert not asked["force"]


def test_what_was_held_out_and_left_out(calibrate):
    """The split for reporting has figures of its own; small talk is named on stderr."""
    expected = (*FITTED.expected, _expected("report", 0.6, 0.5, 0.6, 0.5))
    report = replace(
        REPORT, fitted=replace(FITTED, held_out=7, expected=expected), left_out=("a", "line-3\x1b")
    )
    code, out, err, _ = calibrate(found=report)
    assert code == 0
    assert err == "left out, because they are small talk: a, line-3\\x1b\n"
    assert "unanswerable questions; 7 of the split 'report' held out\n" in out
    assert "\nreport\n  answered    0.600 (0.500-0.700)   0.600 (0.500-0.700)" in out


def test_what_would_be_misquoted(calibrate):
    """An owner is told of answerable questions that are not answered by what would be quoted."""
    _, out, _, _ = calibrate(found=replace(REPORT, fitted=replace(FITTED, misquoted=1004)))
    assert (
        "fitted to 1,040 answerable and 50 unanswerable questions; 1,004 of the answerable ones "
        "are to be refused too, since what would be quoted does not answer them\n"
    ) in out


@pytest.mark.parametrize("removed", [False, True])
def test_where_it_does_not_help(calibrate, removed):
    """No failure: the shipped model is in use, and why, and what to do about it."""
    fitted = replace(FITTED, helps=False)
    report = replace(REPORT, fitted=fitted, in_use="shipped", removed=removed)
    code, out, err, _ = calibrate(found=report)
    assert (code, err) == (0, "")
    gone = "; an earlier calibration was removed" if removed else ""
    *_, outcome, why, end = out.split("\n")
    assert (outcome, end) == (f"in use: the shipped model{gone}", "")
    assert "not expected to help" in why
    assert "--force uses it all the same" in why


def test_forced(calibrate):
    """Whoever insists is told what they insist on."""
    report = replace(REPORT, fitted=replace(FITTED, helps=False))
    code, out, _, asked = calibrate("--force", found=report)
    assert (code, asked["force"]) == (0, True)
    assert "although it is not expected to help (--force), kept in i/calibration.json" in out


def test_json_for_machines(calibrate):
    """Everything: the weights, and the figures by name for either model."""
    code, out, err, _ = calibrate("--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert (found["golden"], found["in_use"]) == ("golden\x1b.jsonl", "calibrated")
    assert found["fitted"]["model"]["threshold"] == 0.3125
    assert set(found["fitted"]["model"]["small"]["weights"]) == set(SHIPPED.small.weights)
    sides = found["fitted"]["expected"]["out of fold"]
    assert sides["calibrated"]["answered"] == {
        "value": 0.8,
        "low": 0.8 - 0.1,
        "high": 0.9,
        "n": 1040,
    }
    assert sides["shipped"]["log loss"]["value"] == 0.4


@pytest.mark.parametrize("removed", [False, True])
def test_reset(calibrate, removed):
    """Back to the shipped model, and nothing is asked; twice is no failure."""
    code, out, err, asked = calibrate("--reset", "--index", "i", found=removed)
    assert (code, err, asked) == (0, "", {"forget": Path("i")})
    was = "the calibration was removed" if removed else "there was no calibration"
    assert out == f"{was}: the shipped model is in use\n"
    assert json.loads(calibrate("--reset", "--json", found=removed)[1]) == {"removed": removed}


@pytest.mark.parametrize("flags", [("--force",), ("--golden", "g")])
def test_flags_that_reset_has_no_use_for(calibrate, flags):
    """Exit code 2, one line, and nothing is removed."""
    code, out, err, asked = calibrate("--reset", *flags)
    assert (code, out, asked) == (2, "", {})
    assert err == "footnote: --reset fits nothing; give it without --golden and --force\n"


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
        Steps().calibrate(settings, force=False, progress=lambda *_: None)
    assert Steps().forget_calibration(settings.index) is False


def test_help(capsys, golden, monkeypatch):
    """The flags are part of the contract; a change of the text is seen."""
    monkeypatch.setenv("COLUMNS", "80")
    assert run(["calibrate", "--help"], _Steps(None)) == 0
    golden("calibrate.txt", capsys.readouterr().out)
