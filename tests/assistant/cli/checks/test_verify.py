"""``footnote verify``: what it checks, prints, and exits with."""

import json
from pathlib import Path

import pytest

from index.errors import IndexDamaged

ID = "a" * 64

FOLDER = Path("i") / ID


@pytest.mark.parametrize(
    ("damaged", "code", "out"),
    [((), 0, f"no damage: {ID}\n"), (("a.db", "b\x1b"), 1, "damaged:  a.db\ndamaged:  b\\x1b\n")],
)
def test_verify(footnote, damaged, code, out):
    """Each damaged file of the published generation is named, and the exit code tells."""
    done = footnote("verify", "--index", "i", current_folder=FOLDER, verify=damaged)
    assert done.calls[0] == ("current_folder", {"index": Path("i")})
    assert done.calls[1] == ("verify", {"folder": FOLDER})
    assert (done.code, done.out) == (code, out)
    assert ("footnote rebuild" in done.err) == bool(damaged)
    as_json = footnote("verify", "--json", current_folder=FOLDER, verify=damaged)
    assert as_json.code == code
    assert json.loads(as_json.out) == {"index_id": ID, "damaged": list(damaged)}


def test_verify_without_a_readable_current(footnote):
    """A CURRENT that names no generation is itself the damaged file."""
    told = IndexDamaged("no name in it; mend it", ("CURRENT",))
    done = footnote("verify", "--json", current_folder=told)
    assert (done.code, done.err) == (1, "no name in it; mend it\n")
    assert json.loads(done.out) == {"index_id": None, "damaged": ["CURRENT"]}


def test_verify_a_calibration(footnote):
    """A damaged one is named beside the generation's files, each with what fixes it."""
    kept = {"current_folder": FOLDER, "verify_calibration": ("calibration.json",)}
    done = footnote("verify", verify=(), **kept)
    assert (done.code, done.out) == (1, "damaged:  calibration.json\n")
    assert done.err == (
        "run 'footnote calibrate --publish' to fit it anew, or 'footnote calibrate --reset' to "
        "return to the shipped model\n"
    )
    done = footnote("verify", "--json", verify=("a.db",), **kept)
    assert json.loads(done.out)["damaged"] == ["a.db", "calibration.json"]
    assert "footnote rebuild" in done.err


def test_verify_a_kept_encoder(footnote):
    """A damaged one is named too, and that a rebuild makes it anew."""
    done = footnote(
        "verify", current_folder=FOLDER, verify=(), verify_exports=("encoders/a/model.onnx",)
    )
    assert (done.code, done.out) == (1, "damaged:  encoders/a/model.onnx\n")
    assert done.err == (
        "run 'footnote rebuild' to export the encoder anew; no server needs that file\n"
    )


@pytest.mark.parametrize(
    ("problems", "code", "out"),
    [
        ((), 0, "every citation of answers.jsonl is verbatim\n"),
        (("answer 1: not there",), 1, "wrong:  answer 1: not there\n"),
    ],
)
def test_verify_citations(footnote, problems, code, out):
    """Saved answers are checked against the source folder; no index is needed."""
    flags = ("verify", "--citations", "answers.jsonl", "--source", "s")
    done = footnote(*flags, check_answer_file=problems)
    expected = {"file": Path("answers.jsonl"), "source": Path("s")}
    assert done.calls == [("check_answer_file", expected)]
    assert (done.code, done.out, done.err) == (code, out, "")
    as_json = footnote(*flags, "--json", check_answer_file=problems)
    assert json.loads(as_json.out) == {"file": "answers.jsonl", "problems": list(problems)}
