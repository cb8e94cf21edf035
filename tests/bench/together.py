"""Ask all small sites as one corpus, and say how often what is quoted answers.

    FOOTNOTE_BENCH=... python -m tests.bench.together

Every fourth question to the sites that came last (see ``reader/split.py``), by ``footnote
evaluate`` over an index of the pages of all sites. Nothing was fitted on them. Nobody says in such
a question which site is meant.
"""

import json
import sys

from assistant.cli import run
from assistant.cli_steps import Steps
from tests.bench.corpora import INDEXES, TOGETHER, generation_of
from tests.bench.refusal_examples import asked_together


def main() -> None:
    """Build the index, write the questions beside it, and evaluate."""
    generation_of(TOGETHER).close()
    asked = INDEXES / TOGETHER / "questions.jsonl"
    with asked.open("w", encoding="utf-8") as file:
        for site, row in asked_together():
            for span in row.get("spans", ()):
                span["document_id"] = f"{site}-{span['document_id']}"
            file.write(json.dumps(row) + "\n")
    index = INDEXES / TOGETHER / "index"
    sys.exit(run(["evaluate", "--golden", str(asked), "--index", str(index)], Steps()))


if __name__ == "__main__":
    main()
