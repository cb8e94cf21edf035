"""Ask all small sites as one corpus, and say how often what is quoted answers.

    FOOTNOTE_BENCH=... python -m tests.bench.answers.together [--calibrate]

Every fourth question to the sites that came last (see ``reader/split.py``), by ``footnote
evaluate`` over an index of the pages of all sites. Nothing was fitted on them. Nobody says in such
a question which site is meant. With ``--calibrate`` by ``footnote calibrate`` instead: what an
owner of such a corpus would be told to expect.
"""

import argparse
import sys

from assistant.cli.app import run
from tests.bench.corpora import INDEXES, TOGETHER, generation_of
from tests.training.refusal.examples import write_asked_together


def main() -> None:
    """Build the index, write the questions beside it, and evaluate or calibrate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calibrate", action="store_true", help="say what to expect of it")
    options = parser.parse_args()
    generation_of(TOGETHER).close()
    asked, _ = write_asked_together(later=True)
    index = ["--index", str(INDEXES / TOGETHER / "index")]
    command = "calibrate" if options.calibrate else "evaluate"
    sys.exit(run([command, "--golden", str(asked), *index]))


if __name__ == "__main__":
    main()
