"""Pictures of an evaluation."""

from pathlib import Path

import pytest

from assistant.evaluation.metrics.abstention import ReliabilityPoint, RiskPoint
from assistant.evaluation.metrics.report import Curve, thinned
from assistant.evaluation.plots import draw
from index.errors import FootnoteError

CURVE = Curve(
    "fit & <report>",
    (RiskPoint(0.5, 0.0), RiskPoint(1.0, 0.5)),
    (ReliabilityPoint(0.2, 0.1, 0.5), ReliabilityPoint(0.9, 1.0, 0.5)),
)


def test_two_pictures(tmp_path: Path) -> None:
    """Both into the folder, which is made, and the same bytes for the same figures."""
    first = draw([CURVE, CURVE], tmp_path / "one" / "two")
    assert [path.name for path in first] == ["risk-coverage.svg", "reliability.svg"]
    again = draw([CURVE, CURVE], tmp_path / "again")
    for one, other in zip(first, again, strict=True):
        assert one.read_text("utf-8").count("<svg ") == 1
        assert one.read_bytes() == other.read_bytes()


def test_nothing_to_draw(tmp_path: Path) -> None:
    """Questions of one kind have no curve: said, and no empty picture."""
    with pytest.raises(FootnoteError, match="nothing to draw"):
        draw([], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """One line that names --plot."""
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FootnoteError, match="--plot"):
        draw([CURVE], tmp_path / "file")


def test_a_long_curve_is_thinned() -> None:
    """Evenly, and the last point, which is the share of all, stays."""
    points = [RiskPoint(rank / 1000, 0.0) for rank in range(1, 1001)]
    few = thinned(points)
    assert len(few) == 200
    assert few[-1] is points[-1]
    assert thinned(points[:3]) == tuple(points[:3])
    assert thinned([]) == ()
