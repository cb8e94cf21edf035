"""Model files that come inside an installed package, found without importing it.

Owns where such a file lies and whether it is the one we pinned. Knows nothing of what is in it.
"""

import hashlib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from index.errors import ModelError


def packaged_folder(name: str, folder: str, *, extra: str) -> Path:
    """Return a folder of an installed distribution. Raises ``ModelError`` naming the extra."""
    try:
        found = Path(str(distribution(name).locate_file(folder)))
    except PackageNotFoundError as error:
        raise ModelError(
            f"the package {name} is not installed; install footnote-assistant[{extra}]"
        ) from error
    if not found.is_dir():
        raise ModelError(
            f"the package {name} lacks its folder {folder}; reinstall footnote-assistant[{extra}]"
        )
    return found


def sha256_of(path: Path) -> str:
    """Return the hex SHA-256 of a file. Raises ``OSError``."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def require_sha256(path: Path, expected: str, *, mend: str) -> None:
    """Raise ``ModelError`` unless the file is there and has the pinned hash."""
    try:
        found = sha256_of(path)
    except OSError as error:
        raise ModelError(f"{path} cannot be read ({error.strerror}); {mend}") from error
    if found != expected:
        raise ModelError(f"{path} has SHA-256 {found}, not {expected}; {mend}")
