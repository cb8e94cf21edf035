"""The real work of the commands, as far as it goes where there is nothing to work on."""

import pytest

from assistant.answering import open_assistant
from assistant.api.server import serve
from assistant.cli.checks.examining import examine
from assistant.cli.rebuild import rebuilt
from assistant.quoting.citing import check_answer_file
from assistant.refusal import kept as kept_calibration
from assistant.settings import Settings
from index.errors import IndexMissing, SourceError
from index.generations.kept import generations
from index.generations.opening import verify
from index.generations.publish import current_folder, rollback


@pytest.fixture
def nowhere(tmp_path):
    """Return settings whose source and index do not exist."""
    return Settings(source=tmp_path / "source", index=tmp_path / "index")


@pytest.mark.parametrize(
    "step",
    [
        lambda settings: current_folder(settings.index),
        lambda settings: generations(settings.index),
        open_assistant,
        lambda settings: serve(settings, host="127.0.0.1", port=0),
    ],
)
def test_steps_that_need_an_index(nowhere, step):
    """Each says that there is no index, and how to build one."""
    with pytest.raises(IndexMissing, match="footnote rebuild"):
        step(nowhere)


def test_steps_that_need_a_source(nowhere):
    """A rebuild without a source folder, and answers that cannot be read, are errors of input."""
    with pytest.raises(SourceError, match="--source"):
        rebuilt(nowhere, full=False, skip_bad=False, progress=lambda *_: None)
    with pytest.raises(SourceError):
        check_answer_file(nowhere.source / "answers.json", nowhere.source)


def test_steps_that_report(nowhere):
    """Verifying and examining say what is wrong instead of failing."""
    assert verify(nowhere.index / "a")
    assert kept_calibration.verify(nowhere.index) == ()
    assert not all(finding.ok for finding in examine(nowhere))


def test_rollback_of_nothing(nowhere):
    """Going back needs something to go back to."""
    nowhere.index.mkdir()
    with pytest.raises(IndexMissing):
        rollback(nowhere.index, None)
