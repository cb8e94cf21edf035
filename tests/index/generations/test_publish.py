"""Publishing: all or nothing, the old ones kept, and a way back."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import IndexDamaged, IndexMissing, IndexUnwritable, UnknownGeneration
from index.generations import publish
from index.generations.kept import generations
from index.generations.opening import MANIFEST, verify
from index.generations.short_ids import short_ids
from tests.index.conftest import DOCUMENTS, Workshop, contents
from tests.index.unprivileged import unprivileged, world_readable


def _several(workshop: Workshop, number: int, keep: int = 3) -> list[str]:
    """Publish generations that differ, and return their names."""
    names = []
    for version in range(number):
        workshop.write("version.txt", f"This is version {version}.")
        names.append(workshop.rebuild(keep=keep).index_id)
    return names


def _listed(workshop: Workshop) -> list[str]:
    return [generation.index_id for generation in generations(workshop.index)]


def _folders(workshop: Workshop) -> set[str]:
    return {path.name for path in workshop.index.iterdir() if len(path.name) == 64}


def test_the_last_three_generations_are_kept(workshop: Workshop) -> None:
    """Older ones are removed, the list is in the order of publication, one is current."""
    names = _several(workshop, 5)
    assert _listed(workshop) == names[2:]
    assert _folders(workshop) == set(names[2:])
    summaries = generations(workshop.index)
    assert [summary.current for summary in summaries] == [False, False, True]
    assert [summary.documents for summary in summaries] == [4, 4, 4]
    assert all(summary.passages == 6 and summary.damage is None for summary in summaries)
    assert publish.current_folder(workshop.index) == workshop.index / names[4]


@pytest.mark.parametrize("keep", [1, 0, -1])
def test_the_published_generation_is_always_kept(workshop: Workshop, keep: int) -> None:
    """However few are to be kept, the current one is."""
    names = _several(workshop, 2, keep=keep)
    assert _listed(workshop) == names[1:]
    assert verify(workshop.published) == ()


def test_a_content_that_comes_back_is_the_generation_it_was(workshop: Workshop) -> None:
    """Reverting the documents publishes the older generation again, as the newest."""
    names = _several(workshop, 2)
    workshop.write("version.txt", "This is version 0.")
    assert workshop.rebuild().index_id == names[0]
    assert _listed(workshop) == [names[1], names[0]]
    assert publish.current_id(workshop.index) == names[0]


def test_a_rollback_goes_back_one_by_one(workshop: Workshop) -> None:
    """Without a name the generation published before this one becomes current, until none is."""
    names = _several(workshop, 3)
    assert publish.rollback(workshop.index) == names[1]
    assert publish.rollback(workshop.index) == names[0]
    with pytest.raises(UnknownGeneration, match="no older generation"):
        publish.rollback(workshop.index)
    assert publish.current_id(workshop.index) == names[0]
    assert _listed(workshop) == names


def test_a_rollback_to_a_name(workshop: Workshop) -> None:
    """Any kept generation can be named, by the beginning of its name if that is enough."""
    names = _several(workshop, 3)
    assert publish.rollback(workshop.index, names[0]) == names[0]
    assert publish.rollback(workshop.index, names[2][:12]) == names[2]


def test_a_date_a_size_and_a_short_id(workshop: Workshop) -> None:
    """When it was built, what it takes on the disk, and an id that ``rollback`` accepts."""
    before = datetime.now(UTC).replace(microsecond=0)
    names = _several(workshop, 2)
    for name, each in zip(names, generations(workshop.index), strict=True):
        assert each.short_id == name[:12]
        assert publish.rollback(workshop.index, each.short_id) == name
        assert before <= datetime.fromisoformat(str(each.built)) <= datetime.now(UTC)
        files = [path for path in (workshop.index / name).rglob("*") if path.is_file()]
        assert each.bytes == sum(path.stat().st_size for path in files) > 1000
    (workshop.index / names[0] / MANIFEST).unlink()
    oldest = generations(workshop.index)[0]
    assert oldest.built is None
    assert "cannot be read" in str(oldest.damage)


def test_an_id_that_begins_as_another_does(workshop: Workshop) -> None:
    """Short ids tell the kept ones apart; what names two is refused, listing both."""
    (name,) = _several(workshop, 1)
    digit = "0" if name[12] != "0" else "1"
    other = name[:12] + digit * 52
    (workshop.index / other).mkdir()
    assert [each.short_id for each in generations(workshop.index)] == [
        other[:13],
        name[:13],
    ]
    for wanted in ("", name[:1], name[:12]):
        with pytest.raises(UnknownGeneration) as told:
            publish.rollback(workshop.index, wanted)
        assert (name[:13] in str(told.value)) == (other[:13] in str(told.value)) == bool(wanted)
    assert publish.rollback(workshop.index, name[:13]) == name


@given(st.lists(st.text("0123456789abcdef", min_size=64, max_size=64), unique=True, max_size=5))
def test_short_ids_tell_apart(ids: list[str]) -> None:
    """Each is the beginning of its own id and of no other, and no shorter than it has to be."""
    alike = [each[:40] + "0" * 24 for each in ids[:1]] + ids
    for names in (ids, sorted(set(alike))):
        short = short_ids(names)
        for name, each in zip(names, short, strict=True):
            assert [one for one in names if one.startswith(each)] == [name]
            assert len(each) >= 12


def test_what_others_keep_beside_the_generations_stays(workshop: Workshop) -> None:
    """Neither rebuilding, nor pruning, nor going back touches a calibration."""
    calibration = workshop.index / "calibration.json"
    calibration.write_bytes(b"fitted to these questions")
    _several(workshop, 5)
    publish.rollback(workshop.index)
    assert calibration.read_bytes() == b"fitted to these questions"
    assert verify(workshop.published) == ()


@pytest.mark.parametrize("name", ["", "no such", "../..", "f" * 64])
def test_a_rollback_to_what_is_not_kept_changes_nothing(workshop: Workshop, name: str) -> None:
    """An unknown or ambiguous name is refused with the command that lists them."""
    _several(workshop, 2)
    before = workshop.state()
    with pytest.raises(UnknownGeneration, match="'footnote generations' lists them"):
        publish.rollback(workshop.index, name)
    assert workshop.state() == before


def test_after_a_rollback_the_next_rebuild_keeps_what_was_served(workshop: Workshop) -> None:
    """What the owner went back to is what one goes back to again, and is not pruned."""
    names = _several(workshop, 3)
    publish.rollback(workshop.index, names[0])
    workshop.write("version.txt", "This is yet another version.")
    newest = workshop.rebuild().index_id
    assert _listed(workshop) == [names[2], names[0], newest]
    assert publish.rollback(workshop.index) == names[0]


def test_a_rollback_to_a_damaged_generation_is_refused(workshop: Workshop) -> None:
    """A generation that fails its hashes never becomes current."""
    names = _several(workshop, 2)
    (workshop.index / names[0] / "passages.sqlite").write_bytes(b"")
    before = workshop.state()
    with pytest.raises(IndexDamaged, match=r"passages.sqlite; name another") as caught:
        publish.rollback(workshop.index)
    assert caught.value.files == ("passages.sqlite",)
    assert workshop.state() == before


def test_a_damaged_generation_is_listed_as_such(workshop: Workshop) -> None:
    """The list tells what cannot be used, and why."""
    names = _several(workshop, 2)
    (workshop.index / names[0] / "manifest.json").unlink()
    older, newer = generations(workshop.index)
    assert older.damage is not None
    assert "manifest.json cannot be read" in older.damage
    assert (older.current, older.documents, newer.damage) == (False, 0, None)


@pytest.mark.parametrize(
    "content", [None, b"", b"\xff\xfe", b"nonsense\n", b"../../etc", b"f" * 64]
)
def test_a_damaged_current_file_is_told_and_rolled_back_from(
    workshop: Workshop, content: bytes | None
) -> None:
    """Without a good ``CURRENT`` nothing is served by guess; a rollback publishes the newest."""
    names = _several(workshop, 2)
    current = workshop.index / "CURRENT"
    if content is None:
        current.unlink()
    else:
        current.write_bytes(content)
    with pytest.raises((IndexDamaged, IndexMissing), match="footnote rebuild"):
        publish.current_folder(workshop.index)
    assert [summary.current for summary in generations(workshop.index)] == [False, False]
    assert publish.rollback(workshop.index) == names[1]
    assert publish.current_folder(workshop.index).name == names[1]


@pytest.mark.parametrize("lost", ["missing", "nonsense", "a folder"])
def test_without_its_history_an_index_still_works(workshop: Workshop, lost: str) -> None:
    """Losing the order of publication loses no generation."""
    names = _several(workshop, 2)
    history = workshop.index / "HISTORY"
    history.unlink()
    if lost == "nonsense":
        history.write_bytes(b"\xff nonsense " + b"0" * 64)
    if lost == "a folder":
        history.mkdir()
    assert set(_listed(workshop)) == set(names)
    assert publish.rollback(workshop.index, names[0]) == names[0]


def test_leftovers_of_an_interrupted_rebuild_are_swept(workshop: Workshop) -> None:
    """What a killed rebuild left behind is removed by the next, and never looked at."""
    names = _several(workshop, 2)
    shutil.copytree(workshop.published, workshop.index / ".building")
    (workshop.index / names[0]).rename(workshop.index / f".discarded-{names[0]}-1")
    (workshop.index / "CURRENT.new").write_bytes(b"torn")
    (workshop.index / "HISTORY.new").write_bytes(b"torn")
    assert _listed(workshop) == names[1:]
    workshop.rebuild()
    visible = {path.name for path in workshop.index.iterdir()}
    assert visible == {".lock", "CURRENT", "HISTORY", "encoders", names[1]}


def test_a_generation_that_was_never_published_is_the_oldest(workshop: Workshop) -> None:
    """A rebuild killed before the swap leaves a whole generation that nobody was told of."""
    names = _several(workshop, 3)
    (workshop.index / "HISTORY").write_text(f"{names[0]}\n{names[1]}\n")
    (workshop.index / "CURRENT").write_text(f"{names[1]}\n")
    assert _listed(workshop) == [names[2], names[0], names[1]]
    assert publish.rollback(workshop.index) == names[0]


def test_a_missing_index_names_the_command_that_builds_it(tmp_path: Path) -> None:
    """Looking at an index that is not there creates nothing."""
    index = tmp_path / "index"
    for look in (publish.current_id, publish.current_folder, generations, publish.rollback):
        with pytest.raises(IndexMissing, match="build one with 'footnote rebuild'"):
            look(index)
    assert not index.exists()


def test_an_index_that_may_not_be_read_or_written_says_so(workshop: Workshop) -> None:
    """Without permission the error names the folder and the setting, and nothing changes."""
    workshop.rebuild()
    before = workshop.state()
    with world_readable() as folder:
        index = folder / "index"
        shutil.copytree(workshop.index, index, symlinks=True)
        (index / "CURRENT").chmod(0)
        with (
            unprivileged(),
            pytest.raises(IndexMissing, match=r"CURRENT cannot be read \(Permission"),
        ):
            publish.current_id(index)
        index.chmod(0o555)
        with (
            unprivileged(),
            pytest.raises(IndexUnwritable, match=r"cannot be written \(Permission"),
        ):
            publish.rollback(index)
        index.chmod(0o755)
        seen = contents(index)
        del seen[".lock"]
        assert seen == before


def test_an_index_below_a_file_cannot_be_written(workshop: Workshop) -> None:
    """A path that can never be a folder is told with the setting to change."""
    workshop.index = workshop.source / "pores.md" / "index"
    with pytest.raises(IndexUnwritable, match="name another with --index"):
        workshop.rebuild()
    assert (workshop.source / "pores.md").read_text() == DOCUMENTS["pores.md"]
