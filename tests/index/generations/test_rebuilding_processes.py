"""Rebuilds as processes of their own: two at once, and on a disk that takes no more."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.build import rebuild
from index.generations import publish
from tests.index.scenarios import Place, hand_made_export
from tests.places import ROOT

pytestmark = pytest.mark.slow

_LIMITED = """
import resource, sys
from tests.index.scenarios import hand_made_export
sys.modules["index.embedding.export"] = hand_made_export()
from assistant.cli.app import run
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
sys.exit(run(sys.argv[2:]))
"""
_RIVAL = """
import sys
from pathlib import Path
from index.errors import IndexBusy
from tests.index.scenarios import Place, hand_made_export
sys.modules["index.embedding.export"] = hand_made_export()
place = Place(Path(sys.argv[1]), Path(sys.argv[2]), "clinic")
for number in range(8):
    place.document(f"{sys.argv[3]}.txt", f"This is {sys.argv[3]}, version {number}.")
    try:
        print(place.rebuild())
    except IndexBusy:
        print("told")
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A small corpus without an index."""
    monkeypatch.setitem(sys.modules, "index.embedding.export", hand_made_export())
    made = Place(tmp_path / "place", tmp_path / "models", "clinic")
    made.write()
    return made


@pytest.mark.parametrize("limit", [20, 3000, 20000])
def test_a_disk_that_takes_no_more_is_one_line(place: Place, limit: int) -> None:
    """Whoever would have written, an exporter, FAISS, SQLite or we: exit 2, with what to do.

    The kernel itself refuses every byte beyond the limit.
    """
    command = [sys.executable, "-c", _LIMITED, str(limit), "rebuild"]
    done = subprocess.run(
        [*command, "--source", str(place.root / "docs"), "--index", str(place.index)],
        cwd=ROOT,
        env={
            "FOOTNOTE_MODEL": str(place.models / "model"),
            "PATH": "",
            # Python would keep what the kernel cuts off a compiled module, for others to import.
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert done.stderr.count("\n") == 1
    assert "cannot be written (File too large); allow larger files there" in done.stderr
    assert not list(place.index.rglob(".building*"))
    place.rebuild()
    place.tidy()


def test_two_rebuilds_at_once(place: Place) -> None:
    """Each is published whole or told to wait; neither sees, or leaves, half of the other."""
    rivals = [
        subprocess.Popen(
            [sys.executable, "-c", _RIVAL, str(place.root), str(place.models), name],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "other")
    ]
    said = [rival.communicate(timeout=120) for rival in rivals]
    assert [(rival.returncode, err) for rival, (_, err) in zip(rivals, said, strict=True)] == [
        (0, ""),
        (0, ""),
    ]
    outcomes = [line for out, _ in said for line in out.split()]
    assert len(outcomes) == 16
    published = [outcome for outcome in outcomes if outcome != "told"]
    assert publish.current_id(place.index) in published
    place.rebuild()
    place.tidy()


def test_a_reader_never_finds_what_is_being_replaced(place: Place) -> None:
    """With one generation kept, each is removed as soon as the next is published: no open fails."""
    source, model = place.root / "docs", str(place.models / "model")
    over = threading.Event()

    def keep_replacing() -> None:
        number = 0
        while not over.is_set():
            number += 1
            place.document("version.txt", f"This is version {number}.")
            rebuild(source, place.index, model=model, keep=1)

    place.rebuild()
    with ThreadPoolExecutor(1) as pool:
        replacing = pool.submit(keep_replacing)
        seen = set()
        try:
            for _ in range(60):
                generation = publish.open_published(place.index)
                seen.add(generation.index_id)
                generation.close()
        finally:
            over.set()
        replacing.result()
    assert len(seen) > 1
