"""The real steps, as far as they go where there is nothing to work on."""

import pytest

from assistant.cli.steps import Steps
from assistant.settings import Settings
from index.errors import IndexMissing, SourceError


@pytest.fixture
def nowhere(tmp_path):
    """Return settings whose source and index do not exist."""
    return Settings(source=tmp_path / "source", index=tmp_path / "index")


@pytest.mark.parametrize(
    "step",
    [
        lambda steps, settings: steps.current_folder(settings.index),
        lambda steps, settings: steps.generations(settings.index),
        lambda steps, settings: steps.open_assistant(settings),
        lambda steps, settings: steps.serve(settings, host="127.0.0.1", port=0),
    ],
)
def test_steps_that_need_an_index(nowhere, step):
    """Each step reaches the real function, which says that there is no index."""
    with pytest.raises(IndexMissing, match="footnote rebuild"):
        step(Steps(), nowhere)


def test_steps_that_need_a_source(nowhere):
    """A rebuild without a source folder, and answers that cannot be read, are errors of input."""
    with pytest.raises(SourceError, match="--source"):
        Steps().rebuild(nowhere, full=False, skip_bad=False, progress=lambda *_: None)
    with pytest.raises(SourceError):
        Steps().check_answer_file(nowhere.source / "answers.json", nowhere.source)


def test_steps_that_report(nowhere):
    """Verifying and examining say what is wrong instead of failing."""
    assert Steps().verify(nowhere.index / "a")
    assert Steps().verify_calibration(nowhere.index) == ()
    assert not all(finding.ok for finding in Steps().examine(nowhere))


def test_rollback_of_nothing(nowhere):
    """Going back needs something to go back to."""
    nowhere.index.mkdir()
    with pytest.raises(IndexMissing):
        Steps().rollback(nowhere.index, None)
