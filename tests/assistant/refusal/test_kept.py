"""The file that keeps a calibration: whole or refused by name, and only for the models it is of."""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.refusal import kept as kept_calibration
from assistant.refusal.kept import STATE, Calibration, in_use, keep, remove, shipped, version
from assistant.refusal.model import Weights
from index.errors import FootnoteError, IndexBusy, IndexDamaged, IndexUnwritable
from index.generations import publish

ID = "a" * 64
MODELS = {"reranker": "b" * 64, "reader": "c" * 64}


def _calibration() -> Calibration:
    plain = shipped()
    return Calibration(
        model=replace(plain.model, threshold=0.3125),
        golden_sha256="d" * 64,
        questions=41,
        index_id=ID,
        models=kept_calibration.holds_for(MODELS, plain),
    )


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Return an index folder that names a generation and keeps a calibration."""
    (tmp_path / publish.CURRENT).write_text(f"{ID}\n")
    keep(tmp_path, _calibration())
    return tmp_path


def test_what_is_kept_is_in_use(index: Path) -> None:
    """The very model, named by the hash of its file; what it was fitted to can be read."""
    found = in_use(index, MODELS)
    assert (found.model, found.calibrated) == (_calibration().model, True)
    assert found.sha256 == hashlib.sha256((index / STATE).read_bytes()).hexdigest()
    assert kept_calibration.read(index) == _calibration()
    assert kept_calibration.verify(index) == ()
    keep(index, _calibration())
    assert in_use(index, MODELS) == found
    assert not list(index.glob("*.new"))


def test_its_hash_can_be_checked_without_us(index: Path) -> None:
    """The SHA-256 is that of the rest as canonical JSON, and the file is for people to read."""
    text = (index / STATE).read_text("ascii")
    fields = json.loads(text)
    sha256 = fields.pop("sha256")
    canonical = json.dumps(fields, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(canonical.encode()).hexdigest() == sha256
    assert fields["model"]["threshold"] == 0.3125
    assert '\n    "threshold": 0.3125\n' in text


def test_the_version_covers_generation_and_calibration(index: Path) -> None:
    """What is cheap to ask for changes with either, and is what opening finds."""
    seen = [version(index)]
    assert seen[0] == in_use(index, MODELS).version(ID)
    (index / publish.CURRENT).write_text("e" * 64)
    seen.append(version(index))
    keep(index, replace(_calibration(), questions=42))
    seen.append(version(index))
    (index / STATE).write_bytes(b"damaged")
    seen.append(version(index))  # so that a running server looks, and says what is wrong
    assert remove(index)
    seen.append(version(index))
    assert len(set(seen)) == len(seen)
    assert seen[-1] == shipped().version("e" * 64) == "e" * 64


def test_no_byte_can_change_unnoticed(index: Path) -> None:
    """Whichever byte is flipped, lost or added: refused, with the file and what mends it."""
    whole = (index / STATE).read_bytes()
    places = range(len(whole))
    damaged = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in places]
    damaged += [whole[:at] + whole[at + 1 :] for at in places[::7]]
    damaged += [whole[:at] for at in places[::7]]
    damaged += [whole + b"\n", b" " + whole, json.dumps(json.loads(whole)).encode()]
    for data in damaged:
        (index / STATE).write_bytes(data)
        assert kept_calibration.verify(index) == (STATE,)
    with pytest.raises(IndexDamaged, match=r"calibration\.json .*footnote calibrate --reset"):
        in_use(index, MODELS)
    (index / STATE).write_bytes(whole)
    assert in_use(index, MODELS).calibrated


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is damaged"),
        (b"\xff\xfe\x00", "is damaged"),
        (b"[" * 100_000, "is damaged"),
        (b"[]", "is damaged"),
        (b"null", "is damaged"),
        (b"{}", "is damaged"),
        (b'{"format": 1}', "is damaged"),
        (b'{"format": 2}', "has format 2, this program reads 1"),
        (b'{"format": "newest of all the formats"}', "has format 'newest of all the f"),
    ],
)
def test_what_is_no_calibration_is_damage(index: Path, data: bytes, said: str) -> None:
    """Nothing that stands there ends in anything but a line that names it."""
    (index / STATE).write_bytes(data)
    with pytest.raises(IndexDamaged, match="run 'footnote calibrate --publish'") as caught:
        in_use(index, MODELS)
    assert f"{index / STATE} {said}" in str(caught.value)
    assert caught.value.files == (STATE,)


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _link(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere"))


@pytest.mark.parametrize("make", [Path.mkdir, _pipe, _link])
def test_what_is_no_file_is_never_opened(index: Path, make: Callable[[Path], None]) -> None:
    """A pipe would wait for ever, and a link leads out of the index; a folder goes by hand only."""
    (index / STATE).unlink()
    make(index / STATE)
    for look in (lambda: in_use(index, MODELS), lambda: version(index)):
        with pytest.raises(IndexDamaged, match="is not a file"):
            look()
    if make is not Path.mkdir:
        assert remove(index)
        return
    with pytest.raises(IndexUnwritable, match="remove it by hand"):
        remove(index)
    with pytest.raises(IndexUnwritable, match="remove it by hand"):
        keep(index, _calibration())


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    """An index that is no folder, say: the reason is in the line."""
    (tmp_path / "index").write_text("in the way")
    with pytest.raises(IndexDamaged, match="cannot be read"):
        in_use(tmp_path / "index", MODELS)


@pytest.mark.parametrize(
    ("models", "said"),
    [
        (MODELS | {"reader": "f" * 64}, "another reader than"),
        ({"reader": "f" * 64, "reranker": "f" * 64}, "another reader and reranker than"),
    ],
)
def test_fitted_for_other_models(index: Path, models: dict[str, str], said: str) -> None:
    """Weights for what other models make of a passage mean nothing here."""
    with pytest.raises(FootnoteError, match=f"{said} there is now; run 'footnote"):
        in_use(index, models)
    assert kept_calibration.verify(index) == ()  # it is whole


def test_moved_away_from_another_shipped_model(index: Path) -> None:
    """A program that ships another refusal model may mean other things by its features."""
    models = MODELS | {"refusal model": "f" * 64}
    keep(index, replace(_calibration(), models=models))
    with pytest.raises(FootnoteError, match="fitted for another refusal model than"):
        in_use(index, MODELS)


@pytest.mark.parametrize("side", ["small", "large"])
def test_fitted_to_other_features(index: Path, side: str) -> None:
    """A feature that there is no more, or not yet, cannot be weighed."""
    kept = _calibration()
    model = replace(kept.model, **{side: Weights(0.0, {"passage": 1.0})})
    keep(index, replace(kept, model=model))
    with pytest.raises(FootnoteError, match="fitted for another version than"):
        in_use(index, MODELS)


def test_back_to_the_shipped_model(index: Path) -> None:
    """Removed once; where nothing is kept the shipped model is in use, index or not."""
    assert remove(index)
    assert not remove(index)
    assert in_use(index, MODELS) == shipped()
    assert kept_calibration.read(index) is None
    assert not remove(index / "nowhere")
    assert not (index / "nowhere").exists()


def test_nothing_is_written_while_another_writes(index: Path) -> None:
    """A rebuild, or another calibration, is waited for by whoever asks, not by the program."""
    before = (index / STATE).read_bytes()
    with publish.locked(index):
        with pytest.raises(IndexBusy, match="rebuild, rollback or calibration"):
            keep(index, replace(_calibration(), questions=42))
        with pytest.raises(IndexBusy):
            remove(index)
    assert (index / STATE).read_bytes() == before


def test_an_interrupted_write_leaves_the_old_calibration(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Power may go at the last moment: the old bytes are there, whole, and the next one works."""
    before = in_use(index, MODELS)

    def power_cut(_path: Path, _target: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", power_cut)
    with pytest.raises(KeyboardInterrupt):
        keep(index, replace(_calibration(), questions=42))
    monkeypatch.undo()
    assert in_use(index, MODELS) == before
    keep(index, replace(_calibration(), questions=42))
    assert in_use(index, MODELS) != before
