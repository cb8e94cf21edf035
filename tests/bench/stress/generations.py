"""Long runs of the state machine of generations.

    python -m tests.bench.stress.generations --times 500

Random sequences of edits, rebuilds, rollbacks, interruptions and damage; the first that breaks a
promise is made as short as it can be, and shown.
"""

import argparse
import time

from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.index.generations.test_generations_machine import Generations


def main() -> None:
    """Run as many sequences as were asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=500)
    parser.add_argument("--steps", type=int, default=30)
    options = parser.parse_args()
    began = time.monotonic()
    run_state_machine_as_test(
        Generations,
        settings=settings(
            max_examples=options.times,
            stateful_step_count=options.steps,
            deadline=None,
            phases=[Phase.generate, Phase.shrink],
            database=None,
        ),
    )
    took = time.monotonic() - began
    print(f"{options.times} sequences of up to {options.steps} steps: 0 failures, {took:.0f} s")


if __name__ == "__main__":
    main()
