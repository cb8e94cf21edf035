"""``footnote calibrate`` from end to end: real models, the seeds, and an index of its own."""

import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.answering import open_assistant
from assistant.cli.app import run
from assistant.cli.checks.examining import examine
from assistant.evaluation import calibrating
from assistant.evaluation.calibrating import Seen, calibrate
from assistant.evaluation.golden import read_golden
from assistant.evaluation.runner import evaluate_golden
from assistant.models.opening import models_sha256
from assistant.refusal import kept as kept_calibration
from assistant.refusal.fitting import Example
from assistant.refusal.kept import STATE, Calibration, shipped
from assistant.refusal.model import RefusalModel
from assistant.settings import Settings
from index.embedding.packaged import sha256_of
from index.errors import FootnoteError, IndexBusy, IndexMissing
from index.generations import publish
from tests.places import SEEDS

GOLDEN = SEEDS.parent / "questions.jsonl"


@pytest.fixture
def own(seeds_index: Path, tmp_path: Path) -> Settings:
    """Return settings with a copy of the seeds' index, and twenty golden questions of either kind.

    The spans of the first three answer another. Besides, two for reporting, and a greeting that
    somebody took for a question.
    """
    shutil.copytree(seeds_index, tmp_path / "index", symlinks=True)
    rows = [json.loads(line) for line in GOLDEN.read_text("utf-8").splitlines()]
    fitting = [row for row in rows if row["split"] == "fit"]
    chosen = [row for row in fitting if row["answerable"]][::11][:20]
    for row in chosen[:3]:
        row["spans"] = chosen[3]["spans"]
    chosen += [row for row in fitting if not row["answerable"]][::9][:20]
    chosen += [row for row in rows if row["split"] == "report"][:2]
    chosen.append({"id": "hi", "question": "Hello!", "answerable": False})
    golden = tmp_path / "golden.jsonl"
    golden.write_text("".join(json.dumps(row) + "\n" for row in chosen), "utf-8")
    return Settings(source=SEEDS, index=tmp_path / "index", golden=golden)


def _flags(settings: Settings) -> list[str]:
    return ["--index", str(settings.index), "--golden", str(settings.golden)]


def _kept(own: Settings) -> Calibration:
    """Return what is kept, fitted to the forty questions."""
    kept = kept_calibration.read(own.index)
    assert kept is not None
    assert (kept.questions, kept.golden_sha256) == (40, sha256_of(own.golden))
    assert kept.model != shipped().model
    return kept


def _is_followed(own: Settings, kept: Calibration) -> None:
    """Find the calibration in what verifies, looks over, answers and evaluates."""
    assert run(["verify", "--index", str(own.index)]) == 0
    (finding,) = [each for each in examine(own) if each.name == "calibration"]
    assert finding.ok
    assert finding.detail == f"fitted to 40 questions, threshold {kept.model.threshold}"
    assistant = open_assistant(own)
    question = "What causes enlarged pores?"
    features = assistant.features(assistant.evidence(question))
    size = len(assistant.generation.vectors)
    assert assistant.answer(question).confidence == kept.model.confidence(features, size)
    assert assistant.version == kept_calibration.version(own.index)
    assistant.close()
    report = evaluate_golden(own, limit=1, progress=lambda *_: None)
    assert report.models["refusal"] == {
        "name": "calibrated",
        "sha256": sha256_of(own.index / STATE),
        "threshold": kept.model.threshold,
    }


def test_an_owner_calibrates(own: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """Over a damaged calibration, in any order of the questions; and all that answers follows."""
    state = own.index / STATE
    state.write_text("damaged")
    flags = ["--publish", "--force", "--json"]
    assert run(["calibrate", *flags, *_flags(own)]) == 0
    out, err = capsys.readouterr()
    assert err.splitlines()[0] == "left out, because they are small talk: hi"
    assert f"{state} is damaged" in err.splitlines()[1]
    found = json.loads(out)
    assert found["published"]
    assert found["would_change"].startswith("Of your 42 questions, ")
    for side in found["fitted"]["counted"].values():
        assert sum(side.values()) == 42
    assert found["index_id"] == publish.current_id(own.index)
    fitted = found["fitted"]
    assert (fitted["answerable"], fitted["unanswerable"], fitted["held_out"]) == (20, 20, 2)
    assert 3 <= fitted["misquoted"] < 6
    out_of_fold = fitted["expected"]["out of fold"]
    for side in (out_of_fold["calibrated"], out_of_fold["in_use"]):
        assert {side[name]["n"] for name in ("answered", "answered right", "refused right")} == {20}
        assert side["AUROC of confidence"]["value"] > 0.7
        assert side["answered right"]["value"] > 0.5
    assert set(fitted["expected"]) == {"out of fold", "report"}

    kept = _kept(own)
    assert kept.model.threshold == fitted["model"]["threshold"]
    _is_followed(own, kept)

    lines = own.golden.read_text("utf-8").splitlines(keepends=True)[:40]
    lines = np.random.default_rng(7).permutation(lines).tolist()
    own.golden.write_text("".join(lines), "utf-8")
    steps: list[tuple[str, int, int]] = []
    before = state.read_bytes()
    again = calibrate(own, publish=False, force=False, progress=lambda *step: steps.append(step))
    assert steps == [("asking", number, 40) for number in range(1, 41)]
    assert again.fitted.model == kept.model == again.used.model
    assert (again.same, again.used.fitted_to, again.published) == (True, 40, False)
    assert [each.name for each in again.fitted.expected] == ["out of fold"]
    assert state.read_bytes() == before
    assert run(["calibrate", "--reset", "--index", str(own.index)]) == 0
    assert not state.exists()
    (finding,) = [each for each in examine(own) if each.name == "calibration"]
    assert finding.detail == "none: the shipped refusal model is in use"


def _answering_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let whatever is fitted answer everything, wrongly too; ask the questions only once."""

    def eager(examples: Sequence[Example], shipped: RefusalModel) -> RefusalModel:
        del examples
        return replace(shipped, threshold=0.0, irrelevant=0.0)

    monkeypatch.setattr(calibrating, "calibrated", eager)
    ask = calibrating.ask
    asked: list[Seen] = []

    def ask_once(*arguments: Any) -> list[Seen]:
        if not asked:
            asked.extend(ask(*arguments))
        return asked

    monkeypatch.setattr(calibrating, "ask", ask_once)


def test_more_wrong_answers_are_published_only_by_force(
    own: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without ``--publish`` and where it is refused not one file changes; forced, it is in use."""
    _answering_everything(monkeypatch)
    for flags, code in (([], 0), (["--publish"], 1)):
        before = _seen(own.index)
        assert run(["calibrate", *flags, *_flags(own)]) == code
        assert _seen(own.index) == before
        wrong, instead = re.findall(
            r"([0-9]+) would be answered wrongly instead of ([0-9]+);",
            " ".join(capsys.readouterr().out.split()),
        )[0]
        assert int(wrong) > int(instead)
    assert run(["calibrate", "--publish", "--force", *_flags(own)]) == 0
    assert kept_calibration.in_use(own.index, models_sha256(own)).model.threshold == 0.0


def _seen(index: Path) -> dict[Path, tuple[int, bytes]]:
    """Return time of the last change and bytes of every file, but for the lock."""
    return {
        path: (path.stat().st_mtime_ns, path.read_bytes())
        for path in index.rglob("*")
        if path.is_file() and path.name != publish.LOCK
    }


def test_a_damaged_calibration_is_told(own: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """By whatever opens the index, with what fixes it; and then it is fixed."""
    (own.index / STATE).write_text("damaged")
    index = ["--index", str(own.index)]
    assert run(["ask", "What causes enlarged pores?", *index]) == 2
    assert (
        f"{own.index / STATE} is damaged; run 'footnote calibrate --publish'"
        in capsys.readouterr().err
    )
    assert run(["verify", *index]) == 1
    assert capsys.readouterr().out == f"damaged:  {STATE}\n"
    (finding,) = [each for each in examine(own) if each.name == "calibration"]
    assert not finding.ok
    assert run(["calibrate", "--reset", *index]) == 0
    assert run(["ask", "What causes enlarged pores?", *index]) == 0


@pytest.mark.parametrize("lost", ["answerable", "unanswerable"])
def test_too_few_questions(own: Settings, lost: str) -> None:
    """How many there are and what to write, before anything is opened; greetings do not count."""
    kind = "true" if lost == "answerable" else "false"
    lines = own.golden.read_text("utf-8").splitlines()
    gone = next(line for line in lines if f'"answerable": {kind}' in line)
    own.golden.write_text("\n".join(line for line in lines if line is not gone), "utf-8")
    assert len(read_golden(own.golden)) == 42
    counts = "19 answerable and 20" if lost == "answerable" else "20 answerable and 19"
    nowhere = own.model_copy(update={"index": own.index / "nowhere"})
    with pytest.raises(FootnoteError, match=f"has {counts} unanswerable questions.*write more"):
        calibrate(nowhere, publish=True, force=False, progress=lambda *_: None)
    assert not nowhere.index.exists()


def test_what_cannot_be_written_is_told_before_the_long_run(own: Settings) -> None:
    """Not after minutes of asking; and where there is no index, none is begun."""
    steps: list[str] = []
    with publish.locked(own.index), pytest.raises(IndexBusy):
        calibrate(own, publish=True, force=False, progress=lambda stage, *_: steps.append(stage))
    assert steps == []
    nowhere = own.model_copy(update={"index": own.index / "nowhere"})
    with pytest.raises(IndexMissing, match="footnote rebuild"):
        calibrate(nowhere, publish=True, force=False, progress=lambda *_: None)
    assert not nowhere.index.exists()
