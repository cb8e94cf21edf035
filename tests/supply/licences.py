"""Licences by what packages say of themselves, against the list of those that we accept.

Owns the list, its exceptions and their reasons. A licence that is unknown or copyleft is named by
``refused`` with its package; nothing passes because nobody knew it.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path
from types import MappingProxyType

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

OURS = "footnote-assistant"
# SPDX identifiers of licences that ask for no more than attribution and their own text.
ALLOWED = frozenset(
    "0BSD Apache-2.0 BSD BSD-2-Clause BSD-3-Clause BSL-1.0 CC0-1.0 CNRI-Python ISC MIT MIT-CMU "
    "PSF-2.0 Unlicense Zlib".split()
)
# An exception clause only adds permissions.
_WITH = re.compile(r"(\S+) WITH LLVM-exception")
# Weak copyleft, file by file: none of it is changed, and none of it is in what we ship.
EXCEPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "certifi": "MPL-2.0: a list of certificates, used as it is",
        "hypothesis": "MPL-2.0: runs in tests only",
        "pathspec": "MPL-2.0: used by mypy, in tests only",
        "tqdm": "MPL-2.0 AND MIT: used as it is, when an encoder is exported",
        "axe-core": "MPL-2.0: runs in the browser tests only",
    }
)
# How packages write what SPDX has one name for; by classifier or in words.
_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "3-clause bsd license": "BSD-3-Clause",
        "apache 2.0": "Apache-2.0",
        "apache 2.0 license": "Apache-2.0",
        "apache software license": "Apache-2.0",
        "bsd license": "BSD",
        "bsd-0-clause": "0BSD",
        "bsd 2-clause license": "BSD-2-Clause",
        "isc license": "ISC",
        "isc license (iscl)": "ISC",
        "mit license": "MIT",
        "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
        "python software foundation license": "PSF-2.0",
    }
)


@dataclass(frozen=True, slots=True)
class Licensed:
    """A package, its version, and its licence as an SPDX expression or in its own words."""

    name: str
    version: str
    licence: str


def licence_of(found: Distribution) -> str:
    """Return the licence of an installed package; empty if it names none.

    What is surest comes first: the SPDX expression, then classifiers (all hold), then words.
    """
    expression = found.metadata.get("License-Expression")
    if expression:
        return expression
    classifiers = [
        each.rpartition(" :: ")[2]
        for each in found.metadata.get_all("Classifier") or []
        if each.startswith("License :: ") and not each.endswith("OSI Approved")
    ]
    if classifiers:
        return " AND ".join(_spdx(each) for each in classifiers)
    words = (found.metadata.get("License") or "").strip()
    return _spdx(words) if len(words) < 80 else words[:80]


def is_allowed(licence: str) -> bool:
    """Say whether we accept an SPDX expression: one side of an OR, and both of an AND."""
    plain = _WITH.sub(r"\1", licence).replace("(", "").replace(")", "")
    return any(
        all(part.strip() in ALLOWED for part in side.split(" AND ")) for side in plain.split(" OR ")
    )


def refused(packages: Iterable[Licensed]) -> list[str]:
    """Return a line for each package whose licence is neither allowed nor excepted."""
    return [
        f"{each.name} {each.version}: {each.licence or 'names no licence'}"
        for each in packages
        if not is_allowed(each.licence) and not _is_excepted(each)
    ]


def installed(extras: Iterable[str]) -> list[Licensed]:
    """Return every package that ours needs with these extras, however far away."""
    names = sorted(_closure(OURS, tuple(extras)) - {canonicalize_name(OURS)})
    found = [distribution(name) for name in names]
    return [Licensed(each.metadata["Name"], each.version, licence_of(each)) for each in found]


def required(name: str, extras: tuple[str, ...]) -> Iterator[Requirement]:
    """Yield what an installed package needs on this machine, with these of its extras."""
    for line in distribution(name).requires or []:
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield requirement


def from_npm(lock: Path) -> list[Licensed]:
    """Return what builds and checks the widget, for every platform, by npm's lock."""
    packages = json.loads(lock.read_text("utf-8"))["packages"]
    return [
        Licensed(
            *(name.rpartition("node_modules/")[2], each["version"]),
            _spdx(each.get("license", "")),
        )
        for name, each in packages.items()
        if name
    ]


def _is_excepted(package: Licensed) -> bool:
    reason = EXCEPTIONS.get(canonicalize_name(package.name), "")
    return bool(package.licence) and reason.startswith(f"{package.licence}:")


def _spdx(words: str) -> str:
    return _NAMES.get(words.lower(), words)


def _closure(root: str, extras: tuple[str, ...]) -> set[str]:
    seen: set[tuple[str, tuple[str, ...]]] = set()
    waiting = [(str(canonicalize_name(root)), extras)]
    while waiting:
        package = waiting.pop()
        if package not in seen:
            seen.add(package)
            waiting.extend(_required(*package))
    return {name for name, _ in seen}


def _required(name: str, extras: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for requirement in required(name, extras):
        yield str(canonicalize_name(requirement.name)), tuple(sorted(requirement.extras))
