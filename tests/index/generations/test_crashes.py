"""A rebuild that is killed, fails, or loses power at any step: the old or the new, whole.

All steps of a rebuild of one corpus. ``python -m tests.bench.stress.crashes`` attacks everything
that changes an index, over several.
"""

import ast
import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import IndexUnwritable
from index.files import Disk
from index.generations import publish
from tests.bench.stress.crashes import ERRORS, fail, look, steps_of
from tests.index.faults import FaultyDisk, ForgetfulDisk
from tests.index.scenarios import SCENARIOS, Stage, hand_made_export
from tests.places import ROOT

pytestmark = pytest.mark.slow

# What changes a disk, as attributes of a path, of ``os`` or of ``shutil``.
_CHANGES = """
write_bytes write_text mkdir makedirs touch rename renames replace unlink remove rmdir removedirs
rmtree copyfile copy copy2 copytree move symlink_to hardlink_to chmod truncate link symlink mkfifo
NamedTemporaryFile TemporaryFile TemporaryDirectory mkdtemp mkstemp save dump write_index fsync
"""


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """An index that keeps all it may, and a document that is new."""
    monkeypatch.setitem(sys.modules, "index.embedding.export", hand_made_export())
    return Stage(SCENARIOS["rebuild"], "clinic", tmp_path)


def test_a_rebuild_is_made_of_steps(stage: Stage) -> None:
    """What is attacked below is a whole rebuild: writing, publishing, pruning, one by one."""
    steps = steps_of(stage)
    assert len(steps) > 50
    order = [steps.index(step) for step in ("put manifest.json", "put HISTORY.new")]
    order += [steps.index(step) for step in ("rename CURRENT.new", "unlink manifest.json")]
    assert order == sorted(order)
    assert stage.old != stage.new


def test_every_step_can_fail(stage: Stage) -> None:
    """Full, broken, forbidden, each in turn: one line that names it, and nothing is lost by it."""
    for at, step in enumerate(steps_of(stage)):
        halfway = step.startswith("put") and at % 2
        fail(stage, at, "halfway" if halfway else "before", ERRORS[at % len(ERRORS)])


def test_what_is_published_already_is_said(stage: Stage) -> None:
    """If only removing what is old fails, the owner is told that the new generation is in use."""
    steps = steps_of(stage)
    place = stage.copy("pruning")

    def strike() -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    disk = FaultyDisk(steps.index("unlink manifest.json"), "before", strike)
    with pytest.raises(
        IndexUnwritable, match=r"^[0-9a-f]{64} is published, but .* check that disk"
    ):
        stage.act(place, disk)
    assert place.seen() == stage.new


def test_a_failure_gives_the_space_back(stage: Stage) -> None:
    """A disk that is full is not left with half a generation."""
    place = stage.copy("full")

    def strike() -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(IndexUnwritable, match=r"\(No space left on device\); free some space"):
        stage.act(place, FaultyDisk(steps_of(stage).index("put vectors.faiss"), "halfway", strike))
    assert place.seen() == stage.old
    place.tidy()


def test_a_folder_that_another_process_made_is_fine(tmp_path: Path) -> None:
    """Of two first rebuilds one comes later to making the index's folder, and goes on."""

    class Late(Disk):
        def mkdir(self, path: Path) -> None:
            path.mkdir()
            super().mkdir(path)

    Late().make_folder(tmp_path / "var" / "index")
    assert (tmp_path / "var" / "index").is_dir()


@pytest.mark.parametrize("name", ["first rebuild", "rebuild"])
def test_a_power_cut_after_any_step(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what was synced is sure to survive, the rest may; once it says done, it is done."""
    monkeypatch.setitem(sys.modules, "index.embedding.export", hand_made_export())
    stage = Stage(SCENARIOS[name], "one sentence", tmp_path)
    place = stage.copy("forgetful")
    disk = ForgetfulDisk(place.root, seed=1, tries=1)
    stage.act(place, disk)
    assert len(disk.states) > 30
    for _step, state in disk.states.values():
        look(stage, state, over=state == disk.worst())


def test_a_disk_that_forgets_finds_what_is_not_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The power cut is a real one: without fsync, what is published can be lost."""
    monkeypatch.setitem(sys.modules, "index.embedding.export", hand_made_export())
    stage = Stage(SCENARIOS["rebuild"], "one sentence", tmp_path)

    class Careless(ForgetfulDisk):
        def fsync(self, path: Path) -> None:
            if path.name != publish.CURRENT + ".new" and path.parent.name != "lexicon":
                super().fsync(path)

    place = stage.copy("careless")
    disk = Careless(place.root, seed=1, tries=0)
    stage.act(place, disk)
    with pytest.raises(AssertionError):
        look(stage, disk.worst(), over=True)


def test_killed_at_every_step() -> None:
    """SIGKILL after each step and halfway through each file; another process finds all whole."""
    command = [sys.executable, "-m", "tests.bench.stress.crashes", "--attack", "kill"]
    done = subprocess.run(
        [*command, "--scenario", "rebuild", "--corpus", "clinic"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    *_, last = done.stdout.splitlines()
    kind, attempts, _, failures, _ = last.split()
    assert (kind, failures) == ("kill", "0")
    assert int(attempts) > 60


def test_nothing_else_changes_the_disk() -> None:
    """All steps go through ``index/files.py``; only an export writes by itself, in its own folder.

    The folder of a ``footnote diff`` is made and removed where it is used: nobody's index.
    """
    allowed = {
        ("index/files.py", name)
        for name in ("mkdir", "replace", "unlink", "rmdir", "fsync", "rename", "remove_tree")
    }
    allowed |= {("index/embedding/kept.py", "TemporaryDirectory")}
    allowed |= {("index/build.py", "symlink_to"), ("index/generations/opening.py", "replace")}
    allowed |= {
        ("index/stores/lexicon.py", "save"),
        ("index/stores/vectors.py", "write_index"),
    }  # into memory
    files = [*(ROOT / "index").rglob("*.py"), ROOT / "assistant/refusal/kept.py"]
    found = set()
    for file in files:
        name = file.relative_to(ROOT).as_posix()
        if name == "index/embedding/export.py":
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                through_disk = ast.unparse(node.func.value) in {"disk", "self"}
                if node.func.attr in _CHANGES.split() and not through_disk:
                    found.add((name, node.func.attr))
                opens = node.func.attr == "open" and "'w" in ast.unparse(node)
                if opens and name != "index/files.py":
                    found.add((name, "open"))
    assert {each for each in found if each not in allowed} <= _harmless(found)


def _harmless(found: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return calls on strings and lists that are called as what changes a disk is."""
    return {each for each in found if each[1] in {"replace", "remove", "copy"}}
