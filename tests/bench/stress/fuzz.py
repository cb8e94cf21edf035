"""Fuzz for as long as one likes: files by atheris, the HTTP interface and the command line besides.

    python -m tests.bench.stress.fuzz [--minutes N] [--index .index] [--only files|http|commands]
    python -m tests.bench.stress.fuzz --replay TARGET FILE

Needs ``footnote-assistant[audit]`` beside the other extras, and an index. The minutes are shared
out: half to the files, each target alike, guided by which lines it reaches; the rest to a real
server, by schemathesis, and to the command line and raw requests, by hypothesis. Whatever breaks a
promise is left in the working folder, or printed, and makes the command end with 1.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.conftest import serving
from tests.fuzz.targets import TARGETS

_PARTS = ("files", "http", "commands")
_SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"


def main() -> None:
    """Fuzz, print a line for each part, and end with 1 if one broke."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--index", type=Path, default=Path(".index"))
    parser.add_argument("--only", choices=_PARTS)
    parser.add_argument("--replay", nargs=2, metavar=("TARGET", "FILE"))
    options = parser.parse_args()
    if options.replay:
        replay(*options.replay)
    else:
        parts = (options.only,) if options.only else _PARTS
        share = 60 * options.minutes / (4 if len(parts) > 1 else 1)
        broken = [part for part in parts if not _DO[part](share, options.index)]
        print(f"broken: {', '.join(broken) or 'nothing'}")
        sys.exit(bool(broken))


def files(share: float, _index: Path) -> bool:
    """Fuzz each target in a process of its own, which atheris ends when its time is up."""
    seconds = max(2, round(2 * share / len(TARGETS)))
    whole = True
    for name in TARGETS:
        began = time.monotonic()
        finished = subprocess.run(
            [sys.executable, "-m", "tests.bench.stress.guided", name, str(seconds)],
            check=False,
            capture_output=True,
            text=True,
        )
        lines = finished.stderr.splitlines()
        done = next((line for line in reversed(lines) if line.startswith("Done ")), "broken")
        print(f"{name:<20} {time.monotonic() - began:5.0f} s  {done}")
        if finished.returncode:
            whole = False
            print(f"{finished.stdout[-2000:]}\n{finished.stderr[-3000:]}")
    return whole


def replay(name: str, file: str) -> None:
    """Run one target on the bytes of a file, such as one that atheris left behind."""
    with tempfile.TemporaryDirectory() as folder:
        TARGETS[name](Path(folder), Path(file).read_bytes())
    print("as promised")


def http(share: float, index: Path) -> bool:
    """Let schemathesis test a real server, at random, until its time is up."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(index, FOOTNOTE_FEEDBACK=f"{folder}/feedback.jsonl") as (base, process),
    ):
        finished = subprocess.run(
            [
                *(_SCHEMATHESIS, "run", f"{base}/openapi.json", "--checks", "all", "--no-color"),
                *("--max-time", str(max(5, round(share))), "--continue-on-failure"),
                *("--generation-database", "none", "--request-timeout", "60"),
            ],
            check=False,
            cwd=folder,
            capture_output=True,
            text=True,
        )
        alive = process.poll() is None
    said = finished.stdout.partition("Test cases:")[2].split("\n\n")[0]
    print(f"schemathesis         {' '.join(said.split()) or finished.stdout + finished.stderr}")
    if finished.returncode:
        print(finished.stdout)
    return finished.returncode == 0 and alive


def commands(share: float, _index: Path) -> bool:
    """Let hypothesis go on with the tests of the command line and of raw requests, at random."""
    until = time.monotonic() + share
    rounds = 0
    while True:
        rounds += 1
        tests = ("tests/fuzz/test_command_line.py", "tests/fuzz/test_http.py::test_any_request")
        finished = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests],
            check=False,
            env={**os.environ, "FUZZ_EXAMPLES": "2000"},
            capture_output=True,
            text=True,
        )
        if finished.returncode:
            print(finished.stdout[-6000:])
            return False
        if time.monotonic() >= until:
            print(f"commands, requests   {rounds} rounds of 2,000 examples each")
            return True


_DO = {"files": files, "http": http, "commands": commands}


if __name__ == "__main__":
    main()
