"""One target of ``tests.fuzz``, fed by atheris, which keeps what reaches new lines.

    python -m tests.bench.stress.guided TARGET SECONDS

``tests.bench.stress.fuzz`` runs this for every target. What breaks a promise is left in the working
folder as ``crash-…``; ``python -m tests.bench.stress.fuzz --replay TARGET FILE`` runs it again.
"""

import sys
import tempfile
from pathlib import Path

import atheris

# Watched: our own lines and those of the parsers in Python that hostile bytes reach through them.
with atheris.instrument_imports(include=["index", "assistant", "yaml", "markdown_it", "tomllib"]):
    from tests.fuzz.inputs import SEEDS, SPOILS
    from tests.fuzz.targets import TARGETS


def main() -> None:
    """Let atheris call the target until its time is up; it ends the process."""
    name, seconds = sys.argv[1], sys.argv[2]
    with tempfile.TemporaryDirectory() as folder:
        home, corpus, words = (Path(folder) / each for each in ("home", "corpus", "words"))
        home.mkdir()
        corpus.mkdir()
        for number, seed in enumerate(SEEDS[name]):
            (corpus / f"seed-{number}").write_bytes(seed)
        lines = (_escaped(word) for word in SPOILS if 0 < len(word) < 60)
        words.write_text("".join(f'"{line}"\n' for line in lines))
        limits = [f"-max_total_time={seconds}", "-max_len=8192", "-timeout=30"]
        atheris.Setup(
            [sys.argv[0], *limits, f"-dict={words}", str(corpus)],
            lambda data: TARGETS[name](home, data),
        )
        atheris.Fuzz()


def _escaped(word: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word)


if __name__ == "__main__":
    main()
