"""What is damaged, or made to be read wrongly, goes no further than its hash."""

import ast
import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.errors import FootnoteError, IndexDamaged, IndexMissing, IndexUnwritable
from index.generations import publish
from index.generations.opening import (
    FILES,
    LEXICON,
    MANIFEST,
    PASSAGES,
    VECTORS,
    Generation,
    read_manifest,
)
from index.stores.vectors import Vectors, vectors_bytes
from tests.index.damages import DAMAGES, link, pipe
from tests.index.scenarios import Place
from tests.places import ROOT

_FEW = np.eye(3, 4, dtype=np.float32)
_WHOLE = vectors_bytes(list(_FEW), 4)


def _answers(generation: Generation) -> list[object]:
    """Return something of every file of a generation."""
    vector = generation.encoder.encode_query("what enlarges pores?")
    return [
        vector.tobytes(),
        generation.vectors.search(vector, 3),
        generation.lexicon.search("the pores", 3),
        [generation.passage(number) for number in range(len(generation.vectors))],
        [generation.text(row) for row in range(len(generation.documents))],
    ]


@pytest.mark.parametrize("damage", [*DAMAGES, "a pipe"])
def test_an_open_generation_needs_its_files_no_more(place: Place, damage: str) -> None:
    """Whatever happens to the files of a generation in use, it answers as before: no mapping."""
    folder = publish.current_folder(place.index)
    generation = Generation(folder)
    before = _answers(generation)
    for name in (*FILES, MANIFEST):
        {**DAMAGES, "a pipe": pipe}[damage](folder / name)
    assert _answers(generation) == before
    generation.close()
    with pytest.raises(IndexDamaged, match="'footnote rebuild'"):
        Generation(folder)


@pytest.mark.parametrize("damage", [*DAMAGES.values(), pipe, link], ids=[*DAMAGES, "pipe", "link"])
@pytest.mark.parametrize("name", [publish.CURRENT, publish.HISTORY])
def test_a_damaged_pointer_is_named_and_mended(place: Place, name: str, damage: object) -> None:
    """``CURRENT`` is named with the command that mends it; of ``HISTORY`` only order is lost."""
    assert callable(damage)
    before = place.seen()
    damage(place.index / name)
    if name == publish.CURRENT:
        try:
            # A line end was lost or won.
            assert publish.current_folder(place.index).name == before[0]
        except (IndexDamaged, IndexMissing) as error:
            said = str(error)
            assert str(place.index) in said
            assert "'footnote rebuild'" in said
    else:
        assert place.seen() == before
    if (place.index / name).is_dir():
        (place.index / name).rmdir()  # the one thing that no command does: its contents are unknown
    place.rebuild()
    assert place.seen() == before
    place.tidy()


@pytest.mark.parametrize(
    "content", [b"", b"0" * 63, b"nonsense\n", b"\xff\xfe", b"../../etc", None], ids=repr
)
@pytest.mark.parametrize("command", ["rebuild", "rollback"])
def test_each_command_that_is_named_mends_a_current_that_leads_nowhere(
    place: Place, content: bytes | None, command: str
) -> None:
    """Whether it names nothing or (``None``) a generation that is not there, as is said."""
    older = place.seen()
    place.document("version.txt", "Version 2.\n")
    newest = place.rebuild()
    if content is None:
        shutil.rmtree(place.index / newest)
        why, back = f"names {newest}, which is not there", older
    else:
        (place.index / publish.CURRENT).write_bytes(content)
        why, back = "does not name a generation", (newest, None)
    with pytest.raises(IndexDamaged) as caught:
        publish.current_folder(place.index)
    assert caught.value.files == (publish.CURRENT,)
    said = str(caught.value)
    assert said.startswith(f"{place.index / publish.CURRENT} {why}; run 'footnote rebuild'")
    assert "'footnote rollback'" in said
    if command == "rollback":
        publish.rollback(place.index)
        assert place.seen() == back
    else:
        assert place.rebuild() == newest
        assert place.seen() == (newest, None)
    place.tidy()


def test_no_command_is_named_that_would_not_help(place: Place) -> None:
    """Without a generation to go back to there is a rebuild; a folder has to be removed before."""
    before = place.seen()
    shutil.rmtree(publish.current_folder(place.index))
    with pytest.raises(IndexDamaged, match="which is not there; run 'footnote rebuild'") as caught:
        publish.current_folder(place.index)
    assert "rollback" not in str(caught.value)
    with pytest.raises(IndexMissing):
        publish.rollback(place.index)
    place.rebuild()
    assert place.seen() == before
    DAMAGES["a folder"](place.index / publish.CURRENT)
    with pytest.raises(IndexDamaged, match="; remove that folder, then run 'footnote rebuild'"):
        publish.current_folder(place.index)
    for command in (place.rebuild, partial(publish.rollback, place.index)):
        with pytest.raises(IndexUnwritable):
            command()
    (place.index / publish.CURRENT).rmdir()
    publish.rollback(place.index)
    assert place.seen() == before


def _forged(place: Place, name: str, data: bytes) -> Path:
    """Return a generation whose hashes all match, and one of whose files is not ours."""
    folder = publish.current_folder(place.index)
    (folder / name).write_bytes(data)
    manifest = read_manifest(folder)
    files = {**manifest.files, name: hashlib.sha256(data).hexdigest()}
    forged = replace(manifest, files=files).named()
    (folder / MANIFEST).write_bytes(forged.to_json())
    return folder.rename(folder.with_name(forged.index_id))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        (VECTORS, b""),
        (VECTORS, b"IxFI"),
        (VECTORS, _WHOLE),
        (VECTORS, _WHOLE[:-1]),
        (VECTORS, b"IHNf" + _WHOLE[4:]),
        (PASSAGES, b"not a database"),
        (PASSAGES, b"SQLite format 3\x00" + bytes(4080)),
        (f"{LEXICON}/params.index.json", b"{}"),
        (f"{LEXICON}/params.index.json", b"[" * 10_000),
        (f"{LEXICON}/vocab.index.json", b"null"),
        (f"{LEXICON}/data.csc.index.npy", b"\x80\x04K\x01."),
        ("encoder/model.onnx", b"nonsense"),
        ("encoder/tokenizer.json", b"{}"),
    ],
)
def test_a_forgery_with_the_right_hash_is_refused(place: Place, name: str, data: bytes) -> None:
    """What parses as nothing of ours ends in one line, whatever its hash; never in a crash."""
    folder = _forged(place, name, data)
    with pytest.raises(FootnoteError, match=r"footnote rebuild|put back the file") as caught:
        Generation(folder)
    assert folder.name in str(caught.value)


@given(st.integers(0, len(_WHOLE) - 1), st.binary(min_size=1, max_size=12))
@settings(max_examples=200, deadline=None)
@example(20, b"\xff" * 8)
@example(len(_WHOLE) - 56, b"\xff" * 8)
def test_faiss_is_never_made_to_claim_more_than_there_is(at: int, bytes_: bytes) -> None:
    """Its limits are set: a header that lies is a ``ValueError``, neither a crash nor gigabytes."""
    data = (_WHOLE[:at] + bytes_ + _WHOLE[at + len(bytes_) :])[: len(_WHOLE)]
    try:
        vectors = Vectors(data)
    except ValueError:
        return
    assert len(vectors) <= 3


@pytest.mark.parametrize("kind", ["IxF2", "IHNf", "IwFl", "IxPT", "Ix64", ""])
def test_faiss_is_given_no_other_kind_of_index(kind: str) -> None:
    """Of dozens of kinds that FAISS would read, only the one that we write gets that far."""
    with pytest.raises(ValueError, match="not a flat index by inner product"):
        Vectors(kind.encode() + _WHOLE[4:])


def _calls(node: ast.AST) -> Iterator[tuple[str, object]]:
    for each in ast.walk(node):
        if isinstance(each, ast.keyword) and isinstance(each.value, ast.Constant):
            yield str(each.arg), each.value.value


def test_nothing_is_unpickled_and_no_remote_code_is_trusted(place: Place) -> None:
    """No import that runs what a file says; no flag that would allow it; none in a generation."""
    modules = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"}
    flags: set[tuple[str, object]] = set()
    for package in ("assistant", "index", "prompts"):
        for file in (ROOT / package).rglob("*.py"):
            tree = ast.parse(file.read_text())
            for node in ast.walk(tree):
                names = [each.name for each in getattr(node, "names", []) if hasattr(each, "name")]
                names += [str(getattr(node, "module", "") or "")]
                assert not modules & {name.split(".")[0] for name in names}, file
                assert not (isinstance(node, ast.Name) and node.id in {"eval", "exec"}), file
                assert ast.unparse(node) not in {"torch.load", "builtins.eval"}, file
            flags |= {
                each for each in _calls(tree) if each[0] in {"allow_pickle", "trust_remote_code"}
            }
        suffixes = {path.suffix for path in (ROOT / package).rglob("*") if path.is_file()}
        assert not suffixes & {".pkl", ".pickle", ".pt", ".pth", ".bin", ".ckpt", ".h5", ".joblib"}
    assert flags == {("allow_pickle", False), ("trust_remote_code", False)}
    assert '"use_safetensors": True' in (ROOT / "index" / "embedding" / "export.py").read_text()
    folder = publish.current_folder(place.index)
    for path in folder.rglob("*.npy"):
        assert not np.load(path, allow_pickle=False).dtype.hasobject
    for path in folder.rglob("*.json"):
        json.loads(path.read_bytes())
    kinds = {path.suffix for path in folder.rglob("*") if path.is_file()}
    assert kinds == {".json", ".onnx", ".npy", ".sqlite", ".faiss"}
