"""What the doctor sees."""

from pathlib import Path

from assistant.cli.checks.examining import examine
from assistant.settings import Settings
from tests.places import SEEDS


def test_a_whole_installation_has_nothing_wrong(seeds_index: Path) -> None:
    """Models, index and source are found to be as they should be."""
    findings = examine(Settings(source=SEEDS, index=seeds_index))
    assert [finding.name for finding in findings if not finding.ok] == []


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    """Every fault is a finding with what mends it; none stops the examination."""
    settings = Settings(
        source=tmp_path / "none",
        index=tmp_path / "none",
        reranker=str(tmp_path / "none"),
        reader=str(tmp_path / "none"),
    )
    wrong = {finding.name: finding.detail for finding in examine(settings) if not finding.ok}
    known = {"source", "index", "languages", "text to look at", "encoder", "reranker", "reader"}
    assert known == set(wrong)
    assert "footnote rebuild" in wrong["index"]
