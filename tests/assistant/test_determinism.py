"""Same question, same input, same bytes: in another process, with another hash seed and index."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.places import SEEDS

QUESTIONS = (
    "What causes enlarged pores?",
    "What are the benefits of facial acupuncture?",
    "What does it cost?",
)
SCRIPT = """
import json, sys
from pathlib import Path
from assistant.answering import open_assistant
from assistant.quoting.quotable import Suppressed
from assistant.settings import Settings
from index.build import rebuild
from index.embedding.kept import PACKAGED

source, index, *questions = sys.argv[1:]
rebuild(Path(source), Path(index), model=PACKAGED, full=True, withhold=Suppressed())
assistant = open_assistant(Settings(source=Path(source), index=Path(index)))
for question in questions:
    body = assistant.answer(question).model_dump(mode="json", exclude={"id", "timing_ms"})
    print(json.dumps(body))
assistant.close()
"""


def _answers(kept_index: Path, folder: Path, seed: str) -> list[str]:
    """Build an index of its own in a process of its own, and return the answers' bytes."""
    shutil.copytree(SEEDS, folder / "docs")
    shutil.copytree(kept_index, folder / "index")
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder / "docs"), str(folder / "index"), *QUESTIONS],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.splitlines()


def test_two_builds_in_two_processes_answer_alike(kept_index: Path, tmp_path: Path) -> None:
    """A body's bytes depend on question, sources and libraries only."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first = _answers(kept_index, tmp_path / "a", "1")
    assert first == _answers(kept_index, tmp_path / "b", "4242")
    statuses = [json.loads(line)["status"] for line in first]
    assert statuses == ["answered", "answered", "refused"]
