"""Exports that are kept: when one is made again, and what other indexes take of it."""

import json
import shutil
from pathlib import Path

import pytest

from index.embedding import kept as kept_module
from index.embedding.kept import kept_encoder
from index.files import DISK, LOCK
from tests.index.conftest import contents

pytestmark = pytest.mark.slow


def test_a_whole_export_is_not_made_again(tiny_model: str, tiny_kept: Path) -> None:
    """What is kept is used as it is."""
    before = {path: path.stat().st_mtime_ns for path in tiny_kept.rglob("*")}
    kept_encoder(tiny_kept, tiny_model)
    assert {path: path.stat().st_mtime_ns for path in tiny_kept.rglob("*")} == before


def test_a_second_index_exports_nothing(
    tiny_model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one index has exported the next one takes from the cache, byte for byte."""
    cache, first, second = (tmp_path / name for name in ("cache", "first", "second"))
    for index in (first, second):
        index.mkdir()
    made = kept_encoder(first, tiny_model, cache=cache)
    monkeypatch.setattr(kept_module, "_exported", None)
    lent = kept_encoder(second, tiny_model, cache=cache)
    assert lent.contents == made.contents
    assert contents(second / "encoders") == contents(first / "encoders")
    assert sorted(path.name for path in (cache / "encoders").iterdir()) == [
        ".lock",
        made.folder.name,
    ]


def test_a_damaged_cache_is_mended_and_never_used(tiny_model: str, tmp_path: Path) -> None:
    """Its files are what their checksums say, or they are made anew."""
    cache, index = tmp_path / "cache", tmp_path / "index"
    index.mkdir()
    whole = kept_encoder(index, tiny_model, cache=cache)
    (model,) = cache.glob("encoders/*/model.onnx")
    model.write_bytes(model.read_bytes()[:-1] + b"!")
    shutil.rmtree(index / "encoders")
    again = kept_encoder(index, tiny_model, cache=cache)
    assert again.contents == whole.contents
    assert model.read_bytes() == whole.contents["model.onnx"]


def test_a_cache_that_cannot_be_written_stops_nothing(tiny_model: str, tmp_path: Path) -> None:
    """The export is beside the index as ever, and the owner is told."""
    cache, index = tmp_path / "cache", tmp_path / "index"
    cache.write_text("a file where the folder should be")
    index.mkdir()
    made = kept_encoder(index, tiny_model, cache=cache)
    assert made.trouble is not None
    assert "kept beside this index only" in made.trouble
    assert (made.folder / "model.onnx").exists()


def test_a_cache_that_another_process_fills_is_left_to_it(tiny_model: str, tmp_path: Path) -> None:
    """Two rebuilds at once are no trouble: each has its export, and one of them lends it."""
    cache, index = tmp_path / "cache", tmp_path / "index"
    index.mkdir()
    (cache / "encoders").mkdir(parents=True)
    with DISK.locked(cache / "encoders" / LOCK):
        made = kept_encoder(index, tiny_model, cache=cache)
    assert made.trouble is None
    assert (made.folder / "model.onnx").exists()
    assert [path.name for path in (cache / "encoders").iterdir()] == [LOCK]


def test_what_an_interrupted_process_left_in_the_cache_is_replaced(
    tiny_model: str, tmp_path: Path
) -> None:
    """Half an export is never lent, and does not stay."""
    cache, index = tmp_path / "cache", tmp_path / "index"
    index.mkdir()
    key = kept_encoder(index, tiny_model).folder.name
    shutil.rmtree(index / "encoders")
    half = cache / "encoders" / f".{key}"
    half.mkdir(parents=True)
    (half / "model.onnx").write_bytes(b"half")
    made = kept_encoder(index, tiny_model, cache=cache)
    assert sorted(path.name for path in (cache / "encoders").iterdir()) == [LOCK, key]
    assert contents(cache / "encoders" / key) == contents(made.folder)


@pytest.mark.parametrize("damage", ["bit", "missing", "checksums", "no checksums", "nested"])
def test_a_damaged_export_is_made_again(
    tiny_model: str, tiny_kept: Path, tmp_path: Path, damage: str
) -> None:
    """A kept file that is not what was written is never used; what lay about it is removed."""
    index = tmp_path / "index"
    shutil.copytree(tiny_kept, index)
    (folder,) = (index / "encoders").iterdir()
    (folder / "left over").write_text("by an interrupted export")
    model = folder / "model.onnx"
    if damage == "bit":
        model.write_bytes(model.read_bytes()[:-1] + b"!")
    elif damage == "missing":
        model.unlink()
    elif damage == "no checksums":
        (folder / "checksums.json").unlink()
    else:
        bad = json.dumps([]) if damage == "checksums" else "[" * 100_000
        (folder / "checksums.json").write_text(bad)
    assert kept_encoder(index, tiny_model).folder == folder
    assert contents(index / "encoders") == contents(tiny_kept / "encoders")


def test_another_model_in_the_same_folder_is_another_export(
    tiny_model: str, tmp_path: Path
) -> None:
    """An export is kept for what is in the model's folder, not for where that lies."""
    model = tmp_path / "model"
    shutil.copytree(tiny_model, model)
    first = kept_encoder(tmp_path, str(model)).folder
    (model / "tokenizer.json").write_bytes((model / "tokenizer.json").read_bytes() + b"\n")
    assert kept_encoder(tmp_path, str(model)).folder != first
