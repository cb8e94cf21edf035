"""Damage to what a server starts from, and rebuilds under load: a bounded share of both.

``python -m tests.bench.stress.damage`` and ``python -m tests.bench.stress.swaps`` go on longer.
"""

import shutil
from collections.abc import Iterator
from contextlib import closing
from itertools import cycle
from pathlib import Path

import pytest
import structlog

from assistant.models.opening import Models, open_models
from assistant.settings import Settings
from tests.bench.stress.damage import attack, names_of, ways
from tests.bench.stress.swaps import swaps
from tests.conftest import keep_threshold


@pytest.fixture(scope="module")
def models() -> Iterator[Models]:
    """Cross-encoder and reader, opened once."""
    with closing(open_models(Settings())) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """Undo what a server that starts does to logging."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def test_every_damaged_file_is_named(models: Models, seeds_index: Path, tmp_path: Path) -> None:
    """``verify`` exits 1 naming it, ``serve`` 2 with what mends it; a server that runs stays.

    Every file, the ways of damage in turn.
    """
    index = tmp_path / "whole"
    shutil.copytree(seeds_index, index, symlinks=True)
    keep_threshold(index, 0.5)
    # Without the first way: of CURRENT it takes only the line end, which is no damage.
    pairs = list(zip(names_of(index), cycle(ways(1)[1:]), strict=False))
    attacked = list(attack(index, tmp_path, models, pairs))
    assert len(attacked) == len(pairs) > 12
    assert [each for each in attacked if each[2]] == []


def test_rebuilds_under_load(kept_index: Path, tmp_path: Path) -> None:
    """No request fails, none mixes generations, and the server follows without a restart.

    That it does within two seconds is measured where nothing else runs; here tests do.
    """
    index = tmp_path / "index"
    index.mkdir()
    (index / "encoders").symlink_to(kept_index / "encoders")
    outcome = swaps(index, tmp_path / "docs", times=5, askers=1)
    assert outcome.wrong == []
    assert outcome.answers > 0
    assert outcome.citations > 0
    assert len(outcome.followed) == 5
    assert max(outcome.followed) < 15
