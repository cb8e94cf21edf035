"""Exports of encoders are kept as long as a generation that was made with them, and no longer."""

from collections.abc import Callable
from pathlib import Path

import pytest

from index.embedding.kept import ENCODERS, damaged_exports
from tests.index.damages import DAMAGES, append
from tests.index.scenarios import KEEP, Place


def _exports(place: Place) -> set[str]:
    return {path.name for path in (place.index / ENCODERS).iterdir()}


def test_an_export_goes_with_the_last_generation_made_with_it(place: Place) -> None:
    """Until then going back to the older model costs no export."""
    (first,) = _exports(place)
    place.rebuild(model="other")
    both = _exports(place)
    assert first in both
    assert len(both) == 2
    for version in range(KEEP - 1):
        place.document("version.txt", f"Version {version}.")
        place.rebuild(model="other")
    assert _exports(place) == both - {first}
    place.tidy()


def test_what_an_interrupted_export_left_goes(place: Place) -> None:
    """A folder without checksums, and what is no folder, were never of use."""
    (whole,) = _exports(place)
    (place.index / ENCODERS / "torn").mkdir()
    (place.index / ENCODERS / "torn" / "model.onnx").write_bytes(b"half")
    (place.index / ENCODERS / "stray").write_bytes(b"")
    place.rebuild()
    assert _exports(place) == {whole}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("name", ["checksums.json", "encoder.json", "model.onnx", "tokenizer.json"])
def test_a_damaged_export_is_named(place: Place, name: str, damage: Callable[[Path], None]) -> None:
    """``verify`` tells of it, and the next rebuild makes it anew."""
    assert damaged_exports(place.index) == ()
    (export,) = _exports(place)
    damage(place.index / ENCODERS / export / name)
    for named in damaged_exports(place.index):
        assert named.startswith(f"{ENCODERS}/{export}/")
        assert name in named
    harmless = (name, damage) == ("checksums.json", append)  # white space after JSON
    assert bool(damaged_exports(place.index)) != harmless
    place.rebuild()
    assert damaged_exports(place.index) == ()
    place.tidy()


def test_exports_that_are_linked_to_are_somebody_else_s(place: Place, tmp_path: Path) -> None:
    """A folder that several indexes share loses nothing to one of them."""
    shared = tmp_path / "shared"
    (place.index / ENCODERS).rename(shared)
    (place.index / ENCODERS).symlink_to(shared)
    (shared / "of another index").mkdir()
    place.rebuild(model="other")
    assert len(_exports(place)) == 3
