"""What a server costs: start to first answer, memory, and ``/livez`` under ten askers.

    python -m tests.bench.server --index .index

Loopback only; each part is bounded by its number of requests.
"""

import argparse
import concurrent.futures
import os
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import httpx2

from tests.conftest import serving

QUESTION = "What causes enlarged pores?"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, default=Path(".index"))
    index = parser.parse_args().index
    starts = []
    for _ in range(3):
        began = time.perf_counter()
        with serving(index) as (base, process):
            _ask(base, QUESTION)
            starts.append(time.perf_counter() - began)
            first = _resident(process.pid)
    print(
        f"start to first answer: {', '.join(f'{s:.2f} s' for s in starts)}; best {min(starts):.2f}"
    )
    with serving(index) as (base, process):
        times = [_ask(base, f"{QUESTION} {number}") for number in range(30)]
        print(f"one asker: median {1000 * statistics.median(times):.0f} ms an answer")
        with concurrent.futures.ThreadPoolExecutor(10) as pool:
            asked = [pool.submit(_ask, base, f"{QUESTION} {number}") for number in range(100)]
            began, pings = time.perf_counter(), []
            # One connection: opening a client costs more than the answer that is timed.
            with httpx2.Client() as client:
                while not all(each.done() for each in asked):
                    pings.append(_timed(partial(client.get, f"{base}/livez")))
                    # Probes spread over the load: at once all would fall into one moment of it.
                    time.sleep(0.02)
        elapsed = time.perf_counter() - began
        p95 = statistics.quantiles(pings, n=20)[-1]
        print(f"ten askers: {100 / elapsed:.1f} answers/s, /livez p95 {1000 * p95:.0f} ms")
        print(
            f"resident: {first:.0f} MB after one answer, {_resident(process.pid):.0f} MB after 130"
        )
    print(f"load average {os.getloadavg()[0]:.1f}")


def _ask(base: str, question: str) -> float:
    def ask() -> None:
        httpx2.post(f"{base}/ask", json={"question": question}, timeout=60).raise_for_status()

    return _timed(ask)


def _timed(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def _resident(pid: int) -> float:
    """Return the peak resident memory in MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    main()
