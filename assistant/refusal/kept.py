"""The owner's calibration, kept beside the generations, and so which refusal model is in use.

Owns ``calibration.json``: its form, its hash, and which models it holds for. Knows nothing of how
one is fitted.
"""

import hashlib
import json
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from assistant.refusal.model import FEATURES, RefusalModel, shipped_file, shipped_model
from index.embedding.packaged import sha256_of
from index.errors import FootnoteError, IndexDamaged
from index.files import DISK, Disk
from index.generations.publish import current_id, locked
from index.plain import read_plain

STATE = "calibration.json"
_FORMAT = 1
_FIX = (
    "run 'footnote calibrate --publish' to fit it anew, or 'footnote calibrate --reset' to return "
    "to the shipped model"
)


@dataclass(frozen=True, slots=True)
class RefusalInUse:
    """A refusal model, and the SHA-256 of the file that it was read from."""

    model: RefusalModel
    sha256: str
    calibrated: bool

    def version(self, index_id: str) -> str:
        """Name what answers depend on: the generation, and the calibration if there is one."""
        return _version(index_id, self.sha256 if self.calibrated else None)


@dataclass(frozen=True, slots=True)
class Calibration:
    """What is kept: a model, and what it was fitted to.

    ``models`` are the SHA-256 of the models that it holds for: those that its features come from,
    and the shipped refusal model that it was moved away from.
    """

    model: RefusalModel
    golden_sha256: str
    questions: int
    index_id: str
    models: dict[str, str]

    def to_json(self) -> bytes:
        """Return the bytes of the file: this, a format version, and the SHA-256 of both."""
        payload = {"format": _FORMAT, **_ADAPTER.dump_python(self, mode="json")}
        sealed = {**payload, "sha256": hashlib.sha256(_canonical(payload)).hexdigest()}
        return (json.dumps(sealed, indent=2, sort_keys=True) + "\n").encode()


_ADAPTER = TypeAdapter(Calibration)


def shipped() -> RefusalInUse:
    """Return the refusal model that comes with the code."""
    return RefusalInUse(shipped_model(), sha256_of(shipped_file()), calibrated=False)


def in_use(index: Path, models: Mapping[str, str]) -> RefusalInUse:
    """Return the calibrated refusal model of an index, or the shipped one if there is none.

    ``models`` are the SHA-256 of the reranker and the reader. Raises ``IndexDamaged`` if the file
    is, and ``FootnoteError`` if it was fitted for others.
    """
    plain, data = shipped(), _read(index)
    if data is None:
        return plain
    kept = _parsed(index / STATE, data)
    present = holds_for(models, plain)
    others = [name for name in present if kept.models.get(name) != present[name]]
    weighed = {frozenset(side.weights) for side in (kept.model.small, kept.model.large)}
    if others or weighed != {frozenset(FEATURES)}:
        raise FootnoteError(
            f"{index / STATE} was fitted for another {' and '.join(others) or 'version'} than "
            f"there is now; {_FIX}"
        )
    return RefusalInUse(kept.model, hashlib.sha256(data).hexdigest(), calibrated=True)


def holds_for(models: Mapping[str, str], plain: RefusalInUse) -> dict[str, str]:
    """Return the SHA-256 of all models that a calibration made now holds for."""
    return {**models, "refusal model": plain.sha256}


def read(index: Path) -> Calibration | None:
    """Return what is kept, if anything is. Raises ``IndexDamaged``."""
    data = _read(index)
    return None if data is None else _parsed(index / STATE, data)


def verify(index: Path) -> tuple[str, ...]:
    """Name the file if it is damaged."""
    try:
        read(index)
    except IndexDamaged as error:
        return error.files
    return ()


def version(index: Path) -> str:
    """Name what is published, cheaply: as ``RefusalInUse.version`` does once it is opened.

    Raises ``IndexMissing`` and ``IndexDamaged``.
    """
    data = _read(index)
    return _version(current_id(index), None if data is None else hashlib.sha256(data).hexdigest())


def keep(index: Path, calibration: Calibration, disk: Disk = DISK) -> None:
    """Put a calibration in use. Raises ``IndexBusy`` and ``IndexUnwritable``."""
    with locked(index, disk):
        disk.replace(index / STATE, calibration.to_json())


def remove(index: Path, disk: Disk = DISK) -> bool:
    """Return to the shipped model; say whether there was a calibration.

    Raises ``IndexBusy`` and ``IndexUnwritable``.
    """
    path = index / STATE
    if not path.exists() and not path.is_symlink():
        return False
    with locked(index, disk):
        disk.remove(path)
    return True


def _read(index: Path) -> bytes | None:
    path = index / STATE
    try:
        if not stat.S_ISREG(path.lstat().st_mode):  # never opened: a pipe would wait for ever
            raise _damaged(path, "is not a file")
        return read_plain(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _damaged(path, f"cannot be read ({error.strerror})") from error


def _parsed(path: Path, data: bytes) -> Calibration:
    try:
        fields = json.loads(data)
        found = fields.pop("format")
    except (ValueError, RecursionError, AttributeError, KeyError, TypeError) as error:
        raise _damaged(path, "is damaged") from error
    if found != _FORMAT:
        raise _damaged(path, f"has format {found!r:.20}, this program reads {_FORMAT}")
    try:
        calibration = _ADAPTER.validate_python(fields)
    except ValidationError as error:
        raise _damaged(path, "is damaged") from error
    if calibration.to_json() != data:
        raise _damaged(path, "does not match its SHA-256")
    return calibration


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def _version(index_id: str, calibration: str | None) -> str:
    return index_id if calibration is None else f"{index_id}+{calibration}"


def _damaged(path: Path, what: str) -> IndexDamaged:
    return IndexDamaged(f"{path} {what}; {_FIX}", (STATE,))
