"""Rebuild under load, many times: ``python -m tests.bench.stress.swaps --times 200``.

A real server in a process of its own, askers that never stop, and a document that says something
else in every generation. No request may fail, no answer may cite a file that its generation does
not hold, the server must follow within two seconds, and its memory must not grow.
"""

import argparse
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from assistant.quoting.quotable import Suppressed
from index.build import rebuild
from index.embedding.kept import PACKAGED
from index.generations.opening import read_manifest
from tests.conftest import serving

FOLLOWED_SECONDS = 2.0  # from the end of a rebuild until the server answers from it
QUESTIONS = ("When does the clinic open?", "What does a visit cost?", "What is the weather like?")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Outcome:
    """What became of the requests, and of the server."""

    wrong: list[str] = field(default_factory=list)
    answers: int = 0
    citations: int = 0
    generations: set[str] = field(default_factory=set)
    followed: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)  # MiB, after each swap
    handles: list[int] = field(default_factory=list)
    threads: list[int] = field(default_factory=list)

    @property
    def growth(self) -> float:
        """MiB from the tenth of the swaps that warm up to the end, by the medians of a tenth."""
        tenth = max(len(self.memory) // 10, 1)
        first, last = sorted(self.memory[tenth : 2 * tenth + 1]), sorted(self.memory[-tenth:])
        return last[len(last) // 2] - first[len(first) // 2]


def write(source: Path, number: int) -> None:
    """Write documents, of which one says something that no generation before said."""
    source.mkdir(exist_ok=True)
    (source / "opening.md").write_text(
        f"# Opening hours\n\nThe clinic opens at nine. This is version {number} of the page.\n"
    )
    (source / "prices.md").write_text(
        f"# Prices\n\nA visit costs forty euros and {number} cents.\n"
    )


def swaps(index: Path, source: Path, *, times: int, askers: int = 2) -> Outcome:
    """Rebuild ``times`` times under load, and tell what was seen."""
    outcome = Outcome()
    made: dict[str, dict[str, str]] = {}  # of each generation: the SHA-256 of every path

    def publish(number: int) -> str:
        write(source, number)
        index_id = rebuild(*(source, index), model=PACKAGED, keep=2, withhold=Suppressed()).index_id
        documents = read_manifest(index / index_id).documents
        made[index_id] = {each.path: each.sha256 for each in documents}
        return index_id

    publish(0)
    bodies: list[dict[str, object]] = []
    with serving(index) as (base, process), _asking(base, askers, bodies, outcome):
        for number in range(1, times + 1):
            index_id = publish(number)
            outcome.followed.append(_until_ready(base, index_id))
            outcome.memory.append(_resident(process.pid))
            outcome.handles.append(len(list(Path(f"/proc/{process.pid}/fd").iterdir())))
            outcome.threads.append(len(list(Path(f"/proc/{process.pid}/task").iterdir())))
    for body in bodies:
        _check(body, made, outcome)
    return outcome


@contextmanager
def _asking(
    base: str, askers: int, bodies: list[dict[str, object]], outcome: Outcome
) -> Iterator[None]:
    """Ask without a pause until the block ends."""
    over = threading.Event()

    def ask(first: int) -> None:
        with httpx2.Client(base_url=base, timeout=60) as client:
            number = first
            while not over.is_set():
                number += 1
                asked = {"question": QUESTIONS[number % len(QUESTIONS)]}
                response = client.post("/ask", json=asked)
                if response.status_code == 200:
                    bodies.append(response.json())
                else:
                    outcome.wrong.append(f"{response.status_code}: {response.text[:200]}")

    with ThreadPoolExecutor(askers) as pool:
        asking = [pool.submit(ask, number) for number in range(askers)]
        try:
            yield
        finally:
            over.set()
        for each in asking:
            each.result()


def _until_ready(base: str, index_id: str) -> float:
    began = time.monotonic()
    with httpx2.Client(base_url=base, timeout=60) as client:
        while client.get("/readyz").json()["index_id"] != index_id:
            if time.monotonic() - began > 60:
                break
            # A server elsewhere cannot be waited on, only asked again; so finely is it timed.
            time.sleep(0.02)
    return time.monotonic() - began


def _resident(process: int) -> float:
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE / 2**20


def _check(body: dict[str, Any], made: dict[str, dict[str, str]], outcome: Outcome) -> None:
    """Note an answer that cites what its generation does not hold."""
    outcome.answers += 1
    index_id = str(body["index_id"])
    outcome.generations.add(index_id)
    cited = [*body["citations"], *body["closest"]]
    for citation in cited:
        outcome.citations += 1
        if made[index_id].get(citation["path"]) != citation["document_sha256"]:
            outcome.wrong.append(f"mixed: {index_id[:12]} cites {citation}")


def main() -> int:
    """Swap as often as was asked for, and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--askers", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="footnote-swaps-") as folder:
        outcome = swaps(
            Path(folder) / "index",
            Path(folder) / "docs",
            times=options.times,
            askers=options.askers,
        )
    slow = sum(each > FOLLOWED_SECONDS for each in outcome.followed)
    followed = sorted(outcome.followed)
    print(f"rebuilds under load          {options.times}")
    print(f"answers / citations          {outcome.answers} / {outcome.citations}")
    print(f"generations answered from    {len(outcome.generations)}")
    print(f"failed or mixed              {len(outcome.wrong)}")
    print(f"followed: median / slowest   {followed[len(followed) // 2]:.2f} / {followed[-1]:.2f} s")
    print(f"followed later than {FOLLOWED_SECONDS:.0f} s     {slow}")
    print(f"memory: first / last         {outcome.memory[0]:.0f} / {outcome.memory[-1]:.0f} MiB")
    print(f"memory: growth after warm-up {outcome.growth:+.1f} MiB")
    print(f"file handles                 {outcome.handles[0]} / {outcome.handles[-1]}")
    print(f"threads                      {outcome.threads[0]} / {outcome.threads[-1]}")
    for each in outcome.wrong[:10]:
        print(each)
    return 1 if outcome.wrong or slow else 0


if __name__ == "__main__":
    sys.exit(main())
