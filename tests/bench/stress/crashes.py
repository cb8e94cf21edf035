"""Kill, fail and forget at every step of what changes an index.

    python -m tests.bench.stress.crashes

For each scenario and corpus: SIGKILL before and after each step and halfway through each file, in a
process of its own; ENOSPC, EIO, EACCES at each step; and a power cut after each step, in the ways
that it could end. After each, a new process must find the old or the new state, whole, and the next
rebuild must work and tidy up. ``--attack``, ``--scenario`` and ``--corpus`` choose among them.
"""

import argparse
import errno
import os
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from index.errors import IndexUnwritable
from tests.index.faults import CountingDisk, FaultyDisk, ForgetfulDisk, lay_out
from tests.index.scenarios import CORPORA, SCENARIOS, Stage, hand_made_export

ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES)
Outcome = tuple[str, str]  # what was attacked, and what went wrong, if anything


def in_a_process(work: Callable[[], object]) -> str:
    """Do something in a process of its own; return how that ended, nothing if well."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        code = 1
        try:
            work()
            code = 0
        except BaseException:  # noqa: BLE001 - whatever it is, the parent is told
            os.write(writing, traceback.format_exc().encode()[-8000:])
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode(errors="replace")
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return signal.Signals(os.WTERMSIG(status)).name
    return said if os.WEXITSTATUS(status) else ""


def steps_of(stage: Stage) -> list[str]:
    """Return every step of the act, by name."""
    counting = CountingDisk()
    stage.act(stage.copy("counted"), counting)
    return counting.steps


def kills(stage: Stage) -> Iterator[Outcome]:
    """Kill a process at each step; look in another.

    Before a step the disk is as it was after the one before it, so that only the first needs both.
    """
    points = [(0, "before")]
    for at, step in enumerate(steps_of(stage)):
        points += [(at, "halfway")] if step.startswith("put") else []
        points += [(at, "after")]
    for at, when in points:
        place = stage.copy("killed")
        disk = FaultyDisk(at, when, lambda: os.kill(os.getpid(), signal.SIGKILL))
        ended = in_a_process(lambda place=place, disk=disk: stage.act(place, disk))
        wrong = "" if ended == "SIGKILL" else f"was not killed: {ended}"
        yield f"{when} {at}", wrong or in_a_process(lambda place=place: stage.recovers(place))


def failures(stage: Stage) -> Iterator[Outcome]:
    """Fail each step with each error, at once or halfway through a file."""
    for at, step in enumerate(steps_of(stage)):
        for error in ERRORS:
            for when in ("before", "halfway") if step.startswith("put") else ("before",):
                yield (
                    f"{step}, {when}: {errno.errorcode[error]}",
                    in_a_process(
                        lambda at=at, error=error, when=when: fail(stage, at, when, error)
                    ),
                )


def fail(stage: Stage, at: int, when: str, error: int) -> None:
    """Fail one step: it must be told in one line, and nothing else must come of it."""

    def strike() -> None:
        raise OSError(error, os.strerror(error))

    place = stage.copy("failed")
    said = ""
    try:
        stage.act(place, FaultyDisk(at, when, strike))
    except IndexUnwritable as told:
        said = str(told)
    assert os.strerror(error) in said, said
    stage.recovers(place)


def power_cuts(stage: Stage, tries: int) -> Iterator[Outcome]:
    """Cut the power after each step; ``tries`` random survivals beside the best and the worst."""
    place = stage.copy("forgetful")
    disk = ForgetfulDisk(place.root, seed=len(place.corpus), tries=tries)
    stage.act(place, disk)
    for step, state in disk.states.values():
        over = state == disk.worst()
        yield step, in_a_process(lambda state=state, over=over: look(stage, state, over=over))


def look(stage: Stage, state: dict[str, bytes | None], *, over: bool) -> None:
    """Lay out what a power cut left, and look at it as a new process would."""
    with tempfile.TemporaryDirectory(dir=stage.work) as folder:
        place = replace(stage.before, root=Path(folder))
        lay_out(state, place.root)
        stage.recovers(place, over=over)


ATTACKS: dict[str, Callable[[Stage], Iterator[Outcome]]] = {
    "kill": kills,
    "error": failures,
    "power cut": lambda stage: power_cuts(stage, tries=12),
}


def main() -> int:
    """Run the attacks that were asked for, and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--attack", choices=ATTACKS, action="append")
    parser.add_argument("--scenario", choices=SCENARIOS, action="append")
    parser.add_argument("--corpus", choices=CORPORA, action="append")
    options = parser.parse_args()
    sys.modules["index.embedding.export"] = hand_made_export()
    tried: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    began = time.monotonic()
    for corpus in options.corpus or CORPORA:
        for name in options.scenario or SCENARIOS:
            with tempfile.TemporaryDirectory(prefix="footnote-crashes-") as work:
                stage = Stage(SCENARIOS[name], corpus, Path(work))
                for attack in options.attack or ATTACKS:
                    for where, wrong in ATTACKS[attack](stage):
                        tried[attack] += 1
                        failed[attack] += bool(wrong)
                        if wrong:
                            print(f"FAILED {corpus} / {name} / {attack} / {where}\n{wrong}")
                print(
                    f"{corpus} / {name}: {dict(tried)}, {time.monotonic() - began:.0f} s",
                    flush=True,
                )
    for attack in tried:
        print(f"{attack:<10} {tried[attack]:>6} attempts {failed[attack]:>4} failures")
    return 1 if failed.total() else 0


if __name__ == "__main__":
    sys.exit(main())
