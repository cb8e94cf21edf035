"""Record what is answered, and compare two recordings byte for byte.

    python -m tests.bench.same_answers record FILE
    python -m tests.bench.same_answers compare FILE FILE

Every golden question and forty questions of each of ten sites of visitors are asked with their
histories. A recording has one body of ``/ask`` a line, less ``id``, ``timing_ms`` and ``index_id``.
For changes that are to change no answer; ``compare`` names the questions whose answer differs, and
exits with 1 if there is one.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from assistant.answering import Assistant, opening
from assistant.evaluation.golden import read_golden
from assistant.settings import Settings
from tests.bench.corpora import GOLDEN, INDEXES, SEEDS, VISITORS, generation_of

SITES = (
    *("allotments", "camera-manual", "chocolate", "clock-museum", "dog-grooming"),
    *("driving-school", "heat-pump", "staff-handbook", "tea", "youth-hostel"),
)
_ASKED = 40  # questions of a site
_SHOWN = 20  # of those whose answers differ
_PASSING = ("id", "timing_ms", "index_id")


def record(file: Path) -> None:
    """Ask everything and write the recording."""
    with file.open("w", encoding="utf-8") as written:
        for corpus, questions, most in _asked():
            generation_of(corpus).close()
            source, index = VISITORS / corpus, INDEXES / corpus / "index"
            settings = Settings(source=SEEDS if corpus == "seeds" else source, index=index)
            with opening(settings) as opened, closing(opened()) as assistant:
                for body in _bodies(assistant, questions, most):
                    row = {"corpus": corpus, **body}
                    written.write(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n")
            sys.stderr.write(f"{corpus}\n")


def _asked() -> Iterator[tuple[str, Path, int | None]]:
    yield "seeds", GOLDEN, None
    for site in SITES:
        yield site, VISITORS / site / "questions.jsonl", _ASKED


def _bodies(assistant: Assistant, questions: Path, most: int | None) -> Iterator[dict[str, object]]:
    for asked in read_golden(questions)[:most]:
        body = assistant.answer(asked.question, asked.history).model_dump(mode="json")
        kept = {name: value for name, value in body.items() if name not in _PASSING}
        yield {"asked": asked.id, "question": asked.question, **kept}


def compare(before: Path, after: Path) -> int:
    """Name what differs, and return how many answers do."""
    one, other = (_recording(file) for file in (before, after))
    differing = [key for key in one | other if one.get(key) != other.get(key)]
    for corpus, asked in differing[:_SHOWN]:
        print(f"{corpus} {asked}")
    if len(differing) > _SHOWN:
        print(f"… and {len(differing) - _SHOWN} more")
    print(f"{len(differing)} of {len(one | other)} answers differ")
    return len(differing)


def _recording(file: Path) -> dict[tuple[str, str], str]:
    lines = file.read_text("utf-8").splitlines()
    return {(row["corpus"], row["asked"]): line for line in lines for row in [json.loads(line)]}


def main() -> None:
    """Record or compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("record").add_argument("file", type=Path)
    compared = commands.add_parser("compare")
    compared.add_argument("before", type=Path)
    compared.add_argument("after", type=Path)
    options = parser.parse_args()
    if options.command == "record":
        record(options.file)
    else:
        sys.exit(bool(compare(options.before, options.after)))


if __name__ == "__main__":
    main()
