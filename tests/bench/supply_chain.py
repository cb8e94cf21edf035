"""What the product stands on: locks, known vulnerabilities, a bill of materials, licences.

    python -m tests.bench.supply_chain lock [--upgrade]
    python -m tests.bench.supply_chain audit
    python -m tests.bench.supply_chain sbom [--out FILE]
    python -m tests.bench.supply_chain licences

Needs ``footnote-assistant[audit]`` beside the other extras. ``lock`` asks the package index, and
``audit`` the advisory service of PyPI; the other two stay on the machine. Exit codes: 0 done, 1
something was found, 2 it could not be done.
"""

import argparse
import json
import os
import shlex
import subprocess
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant.models.pinned import READER, RERANKER, RESOLVER
from index.embedding import kept as kept_encoder
from tests.supply.licences import EXCEPTIONS, from_npm, installed, refused
from tests.supply.locks import LOCKS, ROOT, read_lock

NPM_LOCK = ROOT / "assistant" / "widget" / "source" / "package-lock.json"
EXTRAS = ("models", "build", "evaluate", "test")
_HEADER = (
    "# What exactly to install, for CPython 3.11 on Linux (x86-64), with torch's CPU build.\n"
    "# Made by 'python -m tests.bench.supply_chain lock'.\n"
)


def main() -> None:
    """Do what is asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    locking = commands.add_parser("lock", help="write the locks anew, keeping pins that still fit")
    locking.add_argument("--upgrade", action="store_true", help="let every pin move to the newest")
    commands.add_parser("audit", help="ask for known vulnerabilities of every pin")
    bill = commands.add_parser("sbom", help="write a CycloneDX bill of materials")
    bill.add_argument("--out", type=Path, default=Path("sbom.json"))
    commands.add_parser("licences", help="list the licence of everything")
    options = parser.parse_args()
    if options.command == "lock":
        lock(upgrade=options.upgrade)
    elif options.command == "audit":
        sys.exit(audit())
    elif options.command == "sbom":
        sbom(options.out)
    else:
        sys.exit(licences())


def lock(*, upgrade: bool) -> None:
    """Write each lock; the smaller takes its versions from the larger."""
    whole = max(LOCKS, key=lambda path: len(LOCKS[path]))
    for path in sorted(LOCKS, key=lambda path: path != whole):
        extras = [option for extra in LOCKS[path] for option in ("--extra", extra)]
        others = [] if path == whole else ["--constraints", str(whole)]
        _run(
            *("uv", "pip", "compile", "pyproject.toml", "--quiet", "--generate-hashes"),
            *("--python-version", "3.11", "--python-platform", "x86_64-unknown-linux-gnu"),
            *("--no-header", "--no-emit-index-url", "--no-emit-find-links"),
            *(*extras, *others, *_places(), *(["--upgrade"] if upgrade else [])),
            *("--output-file", str(path)),
        )
        path.write_text(_HEADER + path.read_text("utf-8").removeprefix(_HEADER), "utf-8")
        print(f"{path.relative_to(ROOT)}: {len(read_lock(path))} pins")


def _places() -> list[str]:
    """Return where pip is told to look besides the index: uv does not read pip's settings."""
    places = shlex.split(os.environ.get("PIP_FIND_LINKS", ""))
    return [option for place in places for option in ("--find-links", place)]


def audit() -> int:
    """Print what is known against each pin, and count those about which nothing could be learnt."""
    whole = max(LOCKS, key=lambda path: len(LOCKS[path]))
    with TemporaryDirectory() as folder:
        pins = Path(folder) / "pins.txt"
        # The service knows releases, and a build of one (+cpu) by its release only.
        lines = (
            f"{pin.name}=={pin.version.partition('+')[0]}" for pin in read_lock(whole).values()
        )
        pins.write_text("\n".join(lines), "utf-8")
        options = ("--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off")
        finished = subprocess.run(
            [_tool("pip-audit"), "--requirement", pins, *options],
            check=False,
            capture_output=True,
            text=True,
        )
    try:
        dependencies = json.loads(finished.stdout)["dependencies"]
    except ValueError:
        print(f"not audited: pip-audit did not get through: {finished.stderr.strip()[-500:]}")
        return 2
    unknown = [each for each in dependencies if "skip_reason" in each]
    found = [each for each in dependencies if each.get("vulns")]
    for each in found:
        for vulnerability in each["vulns"]:
            fixed = ", ".join(vulnerability["fix_versions"]) or "no release yet"
            print(f"{each['name']} {each['version']}: {vulnerability['id']}, fixed in {fixed}")
    print(
        f"{len(dependencies) - len(unknown)} of {len(dependencies)} pins audited, {len(found)} bad"
    )
    if unknown:
        reasons = Counter(each["skip_reason"].split(":")[0] for each in unknown)
        print(
            f"NOT AUDITED: {len(unknown)} pins, of which nothing is known, good or bad "
            f"({'; '.join(reasons)}). Run this where PyPI's advisory service can be reached."
        )
    if found:
        return 1
    return 2 if unknown else 0


def sbom(out: Path) -> None:
    """Write what is installed here, and the models, as a CycloneDX document."""
    _run(
        *("cyclonedx-py", "environment", sys.executable, "--pyproject", "pyproject.toml"),
        *("--output-reproducible", "--output-format", "JSON", "--output-file", str(out)),
    )
    document = json.loads(out.read_text("utf-8"))
    document["components"] += [*_models(), *_npm()]
    out.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", "utf-8")
    kinds = Counter(each["type"] for each in document["components"])
    print(f"{out}: {', '.join(f'{count} of type {kind}' for kind, count in kinds.items())}")


def _models() -> list[dict[str, Any]]:
    """Return the models: the two that are shipped and the two that packages bring."""
    made_of = "cross-encoder/ms-marco-MiniLM-L-12-v2, trained further (assistant/NOTICE)"
    return [
        _model("footnote-reader", made_of, READER.sha256),
        _model("footnote-resolver", made_of, RESOLVER.sha256),
        _model("cross-encoder/ms-marco-MiniLM-L-12-v2", "int8", RERANKER.sha256),
        _model(
            "sentence-transformers/all-MiniLM-L6-v2",
            "weights that the encoder is exported from",
            kept_encoder._PACKAGED_SHA256,
        ),
    ]


def _model(name: str, description: str, sha256: str) -> dict[str, Any]:
    return {
        "type": "machine-learning-model",
        "bom-ref": f"model:{name}",
        "name": name,
        "description": description,
        "hashes": [{"alg": "SHA-256", "content": sha256}],
        "licenses": [{"license": {"id": "Apache-2.0"}}],
    }


def _npm() -> list[dict[str, Any]]:
    """Return what builds and checks the widget; none of it is in what it makes."""
    return [
        {
            "type": "library",
            "bom-ref": f"npm:{each.name}@{each.version}",
            "name": each.name,
            "version": each.version,
            "scope": "excluded",
            "purl": f"pkg:npm/{each.name.replace('@', '%40')}@{each.version}",
            "licenses": [{"license": {"id": each.licence}}],
        }
        for each in from_npm(NPM_LOCK)
    ]


def licences() -> int:
    """Print the licence of every package, and of those that are refused again."""
    packages = [*installed(EXTRAS), *from_npm(NPM_LOCK)]
    for each in packages:
        print(f"{each.name} {each.version}: {EXCEPTIONS.get(each.name, each.licence)}")
    bad = refused(packages)
    print(f"{len(packages)} packages, {len(EXCEPTIONS)} exceptions, {len(bad)} refused")
    for line in bad:
        print(f"REFUSED {line}")
    return 1 if bad else 0


def _run(name: str, *arguments: str) -> None:
    finished = subprocess.run([_tool(name), *arguments], check=False, cwd=ROOT)
    if finished.returncode:
        sys.exit(2)


def _tool(name: str) -> str:
    path = Path(sys.executable).parent / name
    if not path.exists():
        print(f"there is no {name} here; install footnote-assistant[audit]")
        sys.exit(2)
    return str(path)


if __name__ == "__main__":
    main()
