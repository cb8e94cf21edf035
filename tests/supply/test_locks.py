"""The locks fit what the project asks for, and say nothing of where anything is fetched."""

import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from tests.supply.licences import OURS, required
from tests.supply.locks import LOCKS, ROOT, misfits, read_lock


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_fits_the_project(lock: Path) -> None:
    """Every requirement of its extras has a pin that meets it; a changed one says what to run."""
    assert misfits(lock, LOCKS[lock]) == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_pin_has_a_hash_and_no_line_an_address(lock: Path) -> None:
    """A file that is not one of those known is not installed, wherever it came from."""
    pins = read_lock(lock)
    assert len(pins) > 30
    assert [pin.name for pin in pins.values() if not pin.hashes] == []
    assert "://" not in lock.read_text("utf-8")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_what_a_pin_needs_is_pinned(lock: Path) -> None:
    """Nothing is left to be chosen on the day: a pin's own requirements have fitting pins too.

    Seen by the metadata of what is installed here in the version that is pinned; ``.ci/run`` lets
    pip look at all the rest.
    """
    pins = read_lock(lock)
    looked_at = 0
    for pin in pins.values():
        try:
            if version(pin.name) != pin.version:
                continue
        except PackageNotFoundError:
            continue
        looked_at += 1
        for requirement in required(pin.name, ()):
            needed = pins[canonicalize_name(requirement.name)]
            assert requirement.specifier.contains(needed.version, prereleases=True)
    assert looked_at > 0


def test_the_locks_agree_and_a_server_has_no_torch() -> None:
    """What a server runs on is what everything was tested with, less what it never imports."""
    serve, whole = (read_lock(path) for path in LOCKS)
    assert {name: pin.version for name, pin in serve.items()}.items() <= {
        name: pin.version for name, pin in whole.items()
    }.items()
    assert not {"torch", "sentence-transformers", "transformers", "pytest"} & serve.keys()
    assert OURS not in whole


def test_the_whole_lock_is_for_every_extra() -> None:
    """An extra that is added is locked too."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert set(LOCKS[ROOT / ".ci" / "requirements.lock"]) == set(project["optional-dependencies"])


def test_a_lock_that_no_longer_fits_is_named(tmp_path: Path) -> None:
    """A raised bound, a new requirement, and a line that is no pin are all told."""
    lock = tmp_path / "a.lock"
    digest = "0" * 64
    lock.write_text(f"# made\na==1.0 \\\n    --hash=sha256:{digest}\n    # via b\n")
    project = '[project]\nname = "c"\ndependencies = ["A>=1.1", "b"]\n'
    (tmp_path / "pyproject.toml").write_text(f"{project}[project.optional-dependencies]\nd = []\n")
    first, second = misfits(lock, ("d",), tmp_path)
    assert first.startswith("a.lock has 1.0 a, and pyproject.toml asks for A>=1.1; run 'python -m")
    assert second.startswith("a.lock has no b, ")
    for line in ("--index-url https://a.example", "a @ https://a.example/a.whl", "a>=1", "a==1.0"):
        lock.write_text(f"a==1.0 \\\n    --hash=sha256:{digest}\n{line}\n")
        with pytest.raises(ValueError, match=r"a\.lock, line 3: "):
            read_lock(lock)
    lock.write_text(f"a==1 \\\n    --hash=sha256:{digest}\nA==2 \\\n")
    with pytest.raises(ValueError, match="pinned twice"):
        read_lock(lock)
