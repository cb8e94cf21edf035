"""How much a server can do, and what becomes of it when it is asked more, for minutes.

    python -m tests.bench.stress.load --index .index --minutes 10

It asks with 1, 2, 4 … askers until more bring no more answers (the knee), then holds as many, with
clients that leave or never read among them, and three times a minute asks with far more than queue
and workers hold. Loopback only; it ends by itself after ``--minutes`` and a little. Exit code 1 if
anything was lost: a request that got neither the answer that an idle server gives, byte for byte
but for ``id`` and ``timing_ms``, nor 503 or 429; a slow ``/livez``; or memory, file handles or
threads that grew.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx2

from tests.bench.stress.load_askers import Askers, Tally, body_of
from tests.conftest import serving

QUESTIONS = (
    "What causes enlarged pores?",
    "Does facial acupuncture hurt?",
    "How much does a session of facial acupuncture cost?",
    "What damages collagen?",
    "How do I treat acne at home?",
    "Who invented the microscope?",
    "Which foods are good for the skin?",
    "Thanks!",
)
LEVELS = (1, 2, 4, 8, 16)
ENOUGH = 0.95  # of the most answers a second that any level brings
QUEUE = 8
CROWD = 3 * (QUEUE + 2)
LIVEZ_SECONDS = 0.5  # at the 95th percentile; the machine is often shared
GROWTH = 1.05  # resident memory, last fifth against second
SETTLE_SECONDS = 8  # longer than an idle connection is kept


@dataclass(frozen=True)
class Sample:
    """A look at the process: MB, file handles, threads, and seconds that ``/livez`` took."""

    resident: float
    handles: int
    threads: int
    livez: float


Look = Callable[[], Sample]


def main() -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, default=Path(".index"))
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--level-seconds", type=float, default=10.0)
    asked = parser.parse_args()
    with (
        serving(asked.index, FOOTNOTE_QUEUE=str(QUEUE)) as (base, process),
        # One connection: opening a client costs more than the answer that is timed.
        httpx2.Client(base_url=base, timeout=30) as client,
    ):
        look = partial(_look, client, process.pid)
        expected = {question: _alone(base, question) for question in QUESTIONS}
        knee = _knee(base, expected, asked.level_seconds)
        time.sleep(SETTLE_SECONDS)  # until what the search for the knee left behind is gone
        before = look()
        held, crowds, samples = _hold(base, look, expected, knee, asked.minutes)
        time.sleep(SETTLE_SECONDS)  # so that what grew is told from what is still under way
        after = look()
    print(f"load average {os.getloadavg()[0]:.1f}")
    return _report(asked.minutes, held, crowds, [before, *samples, after])


def _alone(base: str, question: str) -> str:
    response = httpx2.post(f"{base}/ask", json={"question": question}, timeout=60)
    return body_of(response.raise_for_status().content)


def _knee(base: str, expected: dict[str, str], seconds: float) -> int:
    """Return the fewest askers that get nearly as many answers a second as any number does."""
    rates = {}
    for level in LEVELS:
        with Askers(base, expected, count=level).asking() as tally:
            began = time.perf_counter()
            time.sleep(seconds)  # in which the askers ask: the length of the measurement
        rates[level] = len(tally.seconds) / (time.perf_counter() - began)
        print(
            f"{level:3} askers: {rates[level]:5.1f} answers/s, median "
            f"{1000 * tally.quantile(0.5):.0f} ms, p95 {1000 * tally.quantile(0.95):.0f} ms, "
            f"turned away {sum(tally.turned_away.values())}, lost {len(tally.lost)}"
        )
    return min(level for level in LEVELS if rates[level] >= ENOUGH * max(rates.values()))


def _hold(
    base: str, look: Look, expected: dict[str, str], knee: int, minutes: float
) -> tuple[Tally, list[Tally], list[Sample]]:
    samples, crowds = [], []
    with Askers(base, expected, count=knee, rude=2).asking() as held:
        end = time.monotonic() + 60 * minutes
        while time.monotonic() < end:
            calm = min(15.0, max(0.0, end - time.monotonic()))
            samples += _watch(look, calm)
            with Askers(base, expected, count=CROWD).asking() as crowd:
                samples += _watch(look, 5.0)
            crowds.append(crowd)
    print(
        f"held {knee} askers and 2 rude ones for {minutes:g} min, {len(crowds)} crowds of {CROWD}"
    )
    return held, crowds, samples


def _watch(look: Look, seconds: float) -> list[Sample]:
    end, samples = time.monotonic() + seconds, []
    while time.monotonic() < end:
        samples.append(look())
        time.sleep(0.5)  # between two samples of memory, handles and threads
    return samples


def _look(client: httpx2.Client, pid: int) -> Sample:
    began = time.perf_counter()
    client.get("/livez").raise_for_status()
    livez = time.perf_counter() - began
    status = dict(
        line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines()
    )
    return Sample(
        resident=int(status["VmRSS"].split()[0]) / 1024,
        handles=len(list(Path(f"/proc/{pid}/fd").iterdir())),
        threads=int(status["Threads"]),
        livez=livez,
    )


def _report(minutes: float, held: Tally, crowds: list[Tally], samples: list[Sample]) -> int:
    before, *during, after = samples
    fifth = max(1, len(during) // 5)
    early = statistics.median(each.resident for each in during[fifth : 2 * fifth] or during)
    late = statistics.median(each.resident for each in during[-fifth:])
    livez = sorted(each.livez for each in during)[int(0.95 * (len(during) - 1))]
    tallies = [held, *crowds]
    answered = sum(len(each.seconds) for each in tallies)
    turned_away = sum(sum(each.turned_away.values()) for each in tallies)
    lost = [what for each in tallies for what in each.lost]
    print(
        f"requests {answered + turned_away + held.left + len(lost)}: answered {answered} "
        f"({answered / 60 / minutes:.1f}/s), turned away {turned_away}, left {held.left}, "
        f"lost {len(lost)}"
    )
    print(
        f"at the knee: median {1000 * held.quantile(0.5):.0f} ms, p95 "
        f"{1000 * held.quantile(0.95):.0f} ms; /livez p95 {1000 * livez:.0f} ms"
    )
    print(f"resident: {early:.0f} MB in the second fifth, {late:.0f} MB in the last")
    print(
        f"at rest before and after: {before.resident:.0f} and {after.resident:.0f} MB, "
        f"{before.handles} and {after.handles} file handles, "
        f"{before.threads} and {after.threads} threads"
    )
    wrong = [
        *lost[:5],
        *(["/livez was slow"] if livez > LIVEZ_SECONDS else []),
        *(["resident memory grew"] if late > GROWTH * early else []),
        *(["file handles grew"] if after.handles > before.handles else []),
        *(["threads grew"] if after.threads > before.threads else []),
        *(["nobody was turned away: no overload"] if not turned_away else []),
    ]
    for what in wrong:
        print(f"NOT SO: {what}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
