"""A damaged file is refused by name and never served."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import IndexDamaged
from index.generations.opening import (
    FILES,
    MANIFEST,
    SCHEMA_VERSION,
    Generation,
    Manifest,
    read_manifest,
    verify,
)
from tests.index.conftest import Workshop, contents
from tests.index.damages import DAMAGES, flip, link, pipe
from tests.index.unprivileged import unprivileged, world_readable

_ALL = (*FILES, MANIFEST)


@pytest.mark.parametrize("name", _ALL)
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_every_damage_to_every_file_is_named(
    workshop: Workshop, name: str, damage: Callable[[Path], None]
) -> None:
    """Truncated, flipped, zeroed, emptied, longer or missing: the file is named, nothing opened."""
    workshop.rebuild()
    folder = workshop.published
    assert verify(folder) == ()
    damage(folder / name)
    assert verify(folder) == (name,)
    with pytest.raises(IndexDamaged, match="footnote rebuild") as caught:
        Generation(folder)
    assert caught.value.files == (name,)
    assert str(folder / name) in str(caught.value)


@pytest.mark.parametrize("damage", [link, pipe])
def test_what_is_no_plain_file_is_never_opened(
    workshop: Workshop, damage: Callable[[Path], None]
) -> None:
    """A link could change behind the hash, a pipe would wait for ever."""
    workshop.rebuild()
    damage(workshop.published / "vectors.faiss")
    assert verify(workshop.published) == ("vectors.faiss",)


@pytest.mark.parametrize("name", ["extra", "encoder/extra.py", "other/extra", ".hidden"])
def test_a_foreign_file_is_named(workshop: Workshop, name: str) -> None:
    """Nothing may lie in a generation that its manifest does not name."""
    workshop.rebuild()
    (workshop.published / name).parent.mkdir(exist_ok=True)
    (workshop.published / name).write_text("")
    assert verify(workshop.published) == (name,)


def test_several_damaged_files_are_all_named(workshop: Workshop) -> None:
    """One look tells everything that is wrong."""
    workshop.rebuild()
    (workshop.published / "vectors.faiss").unlink()
    flip(workshop.published / "passages.sqlite")
    assert verify(workshop.published) == ("passages.sqlite", "vectors.faiss")


def test_a_file_that_may_not_be_read_is_named(workshop: Workshop) -> None:
    """What cannot be read cannot be whole."""
    workshop.rebuild()
    with world_readable() as folder:
        copied = folder / workshop.published.name
        shutil.copytree(workshop.published, copied)
        (copied / "vectors.faiss").chmod(0)
        with unprivileged():
            assert verify(copied) == ("vectors.faiss",)


def test_a_generation_that_is_not_there_is_named_by_its_manifest(tmp_path: Path) -> None:
    """A missing folder is a missing manifest."""
    assert verify(tmp_path / "none") == (MANIFEST,)


@given(st.sampled_from(_ALL), st.floats(0, 1, exclude_max=True), st.integers(1, 255))
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_changed_byte_is_named(
    workshop: Workshop, name: str, place: float, change: int
) -> None:
    """No byte of a generation, of its manifest least of all, can change unnoticed."""
    path = (
        workshop.published if (workshop.index / "CURRENT").exists() else _built(workshop)
    ) / name
    whole = path.read_bytes()
    data = bytearray(whole)
    data[int(place * len(data))] ^= change
    path.write_bytes(data)
    try:
        assert verify(workshop.published) == (name,)
    finally:
        path.write_bytes(whole)


def _built(workshop: Workshop) -> Path:
    workshop.rebuild()
    return workshop.published


def _edited(workshop: Workshop, **fields: object) -> Path:
    """Give the generation a manifest with other fields, under the name that it calls for."""
    workshop.rebuild()
    manifest = json.loads((workshop.published / MANIFEST).read_text())
    (workshop.published / MANIFEST).write_text(json.dumps({**manifest, **fields}))
    return workshop.published


@pytest.mark.parametrize(
    "fields",
    [
        {"index_id": "0" * 64},
        {"files": {}},
        {"counts": {"documents": 1, "passages": 1, "sentences": 1}},
        {"counts": None},
        {"surplus": 1},
        {},
    ],
)
def test_a_manifest_that_was_edited_is_damaged(
    workshop: Workshop, fields: dict[str, object]
) -> None:
    """The name of a generation is the hash of its manifest, and its form is fixed to the byte."""
    folder = _edited(workshop, **fields)
    with pytest.raises(IndexDamaged) as caught:
        read_manifest(folder)
    assert caught.value.files == (MANIFEST,)


def test_another_schema_version_is_told(workshop: Workshop) -> None:
    """A generation of another program version is refused with both versions and the command."""
    folder = _edited(workshop, schema_version=SCHEMA_VERSION + 1)
    versions = f"schema version {SCHEMA_VERSION + 1}, this program reads {SCHEMA_VERSION}"
    with pytest.raises(IndexDamaged, match=f"{versions}; run 'footnote rebuild' to build it anew$"):
        Generation(folder)


def test_a_manifest_that_names_other_files_is_damaged(workshop: Workshop) -> None:
    """A manifest is whole only if it names each file of a generation and no other."""
    workshop.rebuild()
    manifest = read_manifest(workshop.published)
    surplus = {**manifest.files, "../outside": "0" * 64}
    del surplus["vectors.faiss"]
    forged = Manifest(
        **{
            **{name: getattr(manifest, name) for name in Manifest.__dataclass_fields__},
            "files": surplus,
        }
    ).named()
    folder = workshop.index / forged.index_id
    shutil.copytree(workshop.published, folder)
    (folder / MANIFEST).write_bytes(forged.to_json())
    assert verify(folder) == ("../outside", "vectors.faiss")


@pytest.mark.parametrize("manifest", [b"", b"[]", b"{", b"[" * 100_000, b"\xff", b"null"])
def test_a_manifest_that_is_none_is_damaged(workshop: Workshop, manifest: bytes) -> None:
    """Nonsense in place of a manifest is told like any other damage."""
    workshop.rebuild()
    (workshop.published / MANIFEST).write_bytes(manifest)
    assert verify(workshop.published) == (MANIFEST,)


def test_the_manifest_says_what_the_contract_promises(workshop: Workshop) -> None:
    """Encoder, chunking, counts, the hash of every file, every document, and no time stamp."""
    report = workshop.rebuild()
    manifest = json.loads((workshop.published / MANIFEST).read_text())
    assert manifest["index_id"] == report.index_id == workshop.published.name
    assert set(manifest["encoder"]) >= {
        *("name", "sha256", "dimension", "precision", "pooling", "query_prefix")
    }
    assert manifest["chunking"]["limit"] == 256
    assert manifest["counts"] == {"documents": 3, "passages": 5, "sentences": 8}
    assert manifest["files"] == {
        name: digest for name, digest in contents(workshop.published).items() if name != MANIFEST
    }
    assert manifest["documents"] == [
        {
            "id": document["id"],
            "path": document["path"],
            "sha256": contents(workshop.source)[document["path"]],
            "size": (workshop.source / document["path"]).stat().st_size,
        }
        for document in manifest["documents"]
    ]
    assert [document["path"] for document in manifest["documents"]] == [
        *("opening.txt", "pores.md", "sub/prices.md")
    ]
    assert set(manifest) == {
        *("schema_version", "index_id", "encoder", "chunking", "withholds", "counts"),
        *("versions", "files", "documents"),
    }


def test_opening_writes_nothing(workshop: Workshop) -> None:
    """A generation that was opened, searched and closed is the generation it was."""
    workshop.rebuild()
    before = {path: path.stat().st_mtime_ns for path in workshop.index.rglob("*")}
    generation = Generation(workshop.published)
    generation.vectors.search(generation.encoder.encode_query("pores"), 3)
    generation.lexicon.search("pores", 3)
    generation.close()
    assert {path: path.stat().st_mtime_ns for path in workshop.index.rglob("*")} == before
