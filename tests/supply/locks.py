"""Lock files: what exactly an installation consists of, version and hash by version and hash.

Owns their form and whether they fit ``pyproject.toml``. Knows nothing of how they are made.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.places import ROOT

# Each lock, and the extras that it is for: a server's, and everything.
LOCKS: Mapping[Path, tuple[str, ...]] = MappingProxyType(
    {
        ROOT / ".ci" / "serve.lock": ("models",),
        ROOT / ".ci" / "requirements.lock": ("models", "build", "evaluate", "test", "audit"),
    }
)
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+) \\$")
_HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")


@dataclass(frozen=True, slots=True)
class Pin:
    """One package of a lock: its version, and how many files of it are known by their hash."""

    name: str
    version: str
    hashes: int


def read_lock(path: Path) -> dict[str, Pin]:
    """Return the pins of a lock by canonical name. Raises ``ValueError`` for any other line."""
    pins: dict[str, Pin] = {}
    name = ""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if line.lstrip().startswith("#"):
            continue
        pin = _PIN.match(line)
        if pin:
            name = canonicalize_name(pin[1])
            if name in pins:
                raise ValueError(f"{path}, line {number}: {name} is pinned twice")
            pins[name] = Pin(name, pin[2], 0)
        elif _HASH.match(line) and name:
            pins[name] = Pin(name, pins[name].version, pins[name].hashes + 1)
        else:
            raise ValueError(f"{path}, line {number}: neither a pin nor a hash: {line!r:.100}")
    return pins


def misfits(path: Path, extras: tuple[str, ...], project: Path = ROOT) -> list[str]:
    """Return a line for each requirement of ``pyproject.toml`` that a lock does not meet."""
    pins = read_lock(path)
    return [
        f"{path.name} has {pins[name].version if name in pins else 'no'} {name}, and "
        f"pyproject.toml asks for {requirement}; run 'python -m tests.bench.supply_chain lock'"
        for requirement in _direct(project / "pyproject.toml", extras)
        for name in [canonicalize_name(requirement.name)]
        if name not in pins
        or not requirement.specifier.contains(pins[name].version, prereleases=True)
    ]


def _direct(pyproject: Path, extras: tuple[str, ...]) -> Iterator[Requirement]:
    project = tomllib.loads(pyproject.read_text("utf-8"))["project"]
    optional = project["optional-dependencies"]
    lines = [*project["dependencies"], *(line for extra in extras for line in optional[extra])]
    for requirement in map(Requirement, lines):
        if requirement.name != project["name"]:  # an extra that brings another with it
            yield requirement
