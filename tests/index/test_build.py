"""A rebuild: what it reports, that it is reproducible, and what it never imports or prints."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from index.build import rebuild
from index.build_report import Changes
from index.embedding.encoder import Encoder
from index.embedding.kept import PACKAGED
from index.errors import IndexBusy, ModelError
from index.generations import publish
from index.generations.opening import Generation, verify
from index.records import Vector

from .conftest import DOCUMENTS, Workshop, contents, write_documents

_REBUILD = """
import json, sys
from pathlib import Path
from index.build import rebuild
from index.generations.opening import Generation
from index.generations.publish import current_folder
source, index, model = sys.argv[1:]
report = rebuild(Path(source), Path(index), model=model)
generation = Generation(current_folder(Path(index)))
generation.encoder.encode_query("What enlarges pores?")
generation.close()
heavy = {"torch", "sentence_transformers", "transformers", "onnx"} & sys.modules.keys()
Path(index, "report.json").write_text(json.dumps([report.index_id, sorted(heavy)]))
"""


def _rebuild_elsewhere(source: Path, index: Path, **environment: str) -> tuple[str, list[str]]:
    """Rebuild in a process of its own; return the ``index_id`` and the heavy modules imported."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _REBUILD, str(source), str(index), PACKAGED],
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    index_id, heavy = json.loads((index / "report.json").read_text())
    (index / "report.json").unlink()
    return index_id, heavy


def _index(folder: Path, kept: Path) -> Path:
    folder.mkdir()
    (folder / "encoders").symlink_to(kept / "encoders")
    return folder


def _edited(texts: dict[str, str]) -> dict[str, str]:
    changed = {**texts, "new.txt": "A new document. It stands at the end."}
    changed["opening.txt"] = texts["opening.txt"].replace("nine", "ten")
    return changed


def test_full_and_incremental_and_elsewhere_give_the_same_bytes(
    kept_index: Path, tmp_path: Path
) -> None:
    """The same input gives the same generation, byte for byte, however it came about.

    Built at once, built over another generation, built in another process with another hash seed
    from files that were created in another order, without torch and without a word.
    """
    final = _edited(DOCUMENTS)
    shuffled = list(final.items())
    random.Random(3).shuffle(shuffled)  # noqa: S311 - an order, not a secret
    first = write_documents(tmp_path / "first", DOCUMENTS)
    at_once, over, elsewhere = (
        _index(tmp_path / name, kept_index) for name in ("at once", "over", "elsewhere")
    )
    rebuild(first, over, model=PACKAGED)
    write_documents(first, final)
    incremental = rebuild(first, over, model=PACKAGED)
    full = rebuild(first, at_once, model=PACKAGED, full=True)
    second = write_documents(tmp_path / "second", dict(shuffled))
    index_id, heavy = _rebuild_elsewhere(
        second, elsewhere, PYTHONHASHSEED="4711", TZ="Asia/Tokyo", LC_ALL="C"
    )
    assert index_id == full.index_id == incremental.index_id
    assert heavy == []
    assert incremental.passages.reused > 0
    folders = [index / index_id for index in (at_once, over, elsewhere)]
    assert contents(folders[0]) == contents(folders[1]) == contents(folders[2])
    assert verify(folders[0]) == ()


def test_importing_the_build_imports_nothing_heavy() -> None:
    """Torch and its kind are imported only where there is no export of the encoder."""
    script = (
        "import sys, index.build\n"
        "heavy = {'torch', 'sentence_transformers', 'transformers', 'onnx'}\n"
        "sys.exit(repr(heavy & sys.modules.keys()) if heavy & sys.modules.keys() else 0)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_a_first_rebuild_adds_everything(workshop: Workshop) -> None:
    """Nothing was there before: all is added, the report names the generation and the encoder."""
    report = workshop.rebuild()
    assert report.documents == Changes(added=3, changed=0, removed=0, reused=0)
    assert report.passages == Changes(added=5, changed=0, removed=0, reused=0)
    assert report.index_id == publish.current_id(workshop.index)
    assert report.encoder.startswith(f"{workshop.model} as int8 (mean cosine 0.99")


def test_a_rebuild_of_the_same_reuses_everything(workshop: Workshop) -> None:
    """Without a change the generation is the same, and nothing is embedded again."""
    first = workshop.rebuild()
    before = workshop.state()
    second = workshop.rebuild()
    assert second.index_id == first.index_id
    assert second.documents == Changes(added=0, changed=0, removed=0, reused=3)
    assert second.passages == Changes(added=0, changed=0, removed=0, reused=5)
    assert workshop.state() == before


def test_a_full_rebuild_embeds_everything_anew(workshop: Workshop) -> None:
    """``full`` trusts no vector, and comes to the same generation."""
    first = workshop.rebuild()
    second = workshop.rebuild(full=True)
    assert second.index_id == first.index_id
    assert second.documents.reused == 3
    assert second.passages == Changes(added=0, changed=5, removed=0, reused=0)


def test_changes_are_counted_by_document_and_by_passage(workshop: Workshop) -> None:
    """Added, changed, removed and reused are told apart; only what changed is embedded."""
    workshop.rebuild()
    (workshop.source / "sub" / "prices.md").unlink()
    workshop.write("opening.txt", DOCUMENTS["opening.txt"].replace("nine", "ten"))
    workshop.write("more.txt", "One more.")
    (workshop.source / "pores.md").rename(workshop.source / "moved.md")
    report = workshop.rebuild()
    assert report.documents == Changes(added=1, changed=2, removed=1, reused=0)
    assert report.passages == Changes(added=2, changed=0, removed=2, reused=3)


def test_a_passage_that_stands_twice_is_embedded_once(workshop: Workshop) -> None:
    """Repeated text is counted as often as it stands there, and embedded once."""
    workshop.write("twice.txt", "The same.")
    workshop.rebuild()
    workshop.write("again.txt", "The same.")
    steps: list[tuple[str, int, int]] = []
    report = rebuild(
        workshop.source,
        workshop.index,
        model=workshop.model,
        progress=lambda *step: steps.append(step),
    )
    assert report.passages == Changes(added=1, changed=0, removed=0, reused=6)
    assert [step for step in steps if step[0] == "embedding"] == [("embedding", 0, 0)]
    assert [step for step in steps if step[0] == "reading"][-1] == ("reading", 5, 5)
    assert {step[0] for step in steps} == {
        *("reading", "encoder", "embedding"),
        *("suggestions", "writing"),
    }


def test_another_encoder_reuses_no_vector(workshop: Workshop, kept_index: Path) -> None:
    """Vectors of two encoders are never mixed."""
    workshop.rebuild()
    (workshop.index / "encoders").unlink()
    (workshop.index / "encoders").symlink_to(kept_index / "encoders")
    workshop.model = PACKAGED
    report = workshop.rebuild()
    assert report.passages == Changes(added=0, changed=5, removed=0, reused=0)
    assert report.documents.reused == 3


def test_a_damaged_generation_is_replaced(workshop: Workshop) -> None:
    """A rebuild takes nothing from a generation that fails its hashes, and puts it right."""
    workshop.rebuild()
    before = workshop.state()
    vectors = workshop.published / "vectors.faiss"
    vectors.write_bytes(vectors.read_bytes()[:-1] + b"\x00")
    assert verify(workshop.published) == ("vectors.faiss",)
    report = workshop.rebuild()
    assert report.passages.reused == 0
    assert verify(workshop.published) == ()
    assert workshop.state() == before


def test_a_damaged_current_file_is_put_right(workshop: Workshop) -> None:
    """A rebuild needs nothing of what it replaces."""
    report = workshop.rebuild()
    (workshop.index / "CURRENT").write_bytes(b"\xff\x00")
    assert workshop.rebuild().index_id == report.index_id
    assert publish.current_id(workshop.index) == report.index_id


def test_two_rebuilds_at_once_one_is_told(workshop: Workshop) -> None:
    """While one writer holds the index another is told at once, and changes nothing."""
    workshop.rebuild()
    before = workshop.state()
    workshop.write("more.txt", "One more.")
    with publish.locked(workshop.index), pytest.raises(IndexBusy, match="wait until it has ended"):
        workshop.rebuild()
    assert workshop.state() == before
    assert workshop.rebuild().documents.added == 1


def test_a_writer_that_was_killed_holds_nothing(workshop: Workshop) -> None:
    """The lock ends with its process, however that ends; what it left behind is swept."""
    script = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom index.generations import publish\n"
        "with publish.locked(Path(sys.argv[1])):\n"
        "    (Path(sys.argv[1]) / '.building').mkdir()\n"
        "    (Path(sys.argv[1]) / '.building' / 'torn').write_bytes(b'x')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(workshop.index)], check=False)
    assert done.returncode == -9
    assert (workshop.index / ".building" / "torn").exists()
    workshop.rebuild()
    assert not (workshop.index / ".building").exists()


def test_a_missing_model_leaves_the_index_as_it_was(workshop: Workshop) -> None:
    """A wrong model is told, and what is published stays."""
    workshop.rebuild()
    before = workshop.state()
    workshop.model = str(workshop.source)
    with pytest.raises(ModelError):
        workshop.rebuild()
    assert workshop.state() == before


def test_a_generation_tells_what_its_documents_say(workshop: Workshop, encoder: Encoder) -> None:
    """Documents, texts, passages, sections and searches agree with the source files."""
    del encoder
    workshop.rebuild()
    generation = Generation(workshop.published)
    pores = next(d for d in generation.documents if d.id == "pores")
    row = generation.documents.index(pores)
    assert pores.questions == ("What enlarges pores?", "Do pores close?")
    assert pores.url == "https://clinic.example/pores"
    text = generation.text(row)
    assert text == DOCUMENTS["pores.md"]
    found = generation.lexicon.search("sun cream", 5)
    passage = generation.passage(found[0].passage)
    assert text[passage.start : passage.end] == passage.text
    assert [passage.quote(sentence) for sentence in passage.sentences] == [
        "Washing twice a day.",
        "Sun cream.",
    ]
    assert generation.section(row, passage.section) == (passage,)
    assert (row, ("Enlarged pores", "What helps")) in generation.headings()
    assert len(generation.vectors) == generation.manifest.counts.passages == 5
    assert generation.index_id == generation.manifest.index_id == workshop.published.name
    assert generation.manifest.counts.sentences == 8
    generation.close()


def test_every_kept_passage_is_searchable_by_its_own_vector(workshop: Workshop) -> None:
    """Row i of the vectors is passage i, also after an incremental rebuild."""
    workshop.rebuild()
    workshop.write("a first.txt", "This document comes before all the others.")
    workshop.rebuild()
    generation = Generation(workshop.published)
    vectors = generation.vectors.all()
    digests = generation.digests()
    assert len(vectors) == len(digests) == 6
    for number in range(6):
        passage = generation.passage(number)
        path = " > ".join(passage.headings)
        retrieved = f"{path}\n{passage.text}" if path else passage.text
        assert vectors[number].tobytes() == generation.encoder.encode(retrieved).tobytes()
    generation.close()


def test_whoever_embeds_the_generation_is_the_same(workshop: Workshop) -> None:
    """What is new is asked of the embedder, in order; where it runs leaves no trace."""
    asked: list[str] = []

    class Elsewhere:
        def embed(self, encoder: Encoder, texts: Iterable[str]) -> Iterator[Vector]:
            for text in texts:
                asked.append(text)
                yield encoder.encode(text)

    here = rebuild(workshop.source, workshop.index, model=workshop.model)
    there = rebuild(
        *(workshop.source, workshop.index),
        model=workshop.model,
        full=True,
        embedder=Elsewhere(),
    )
    assert there.index_id == here.index_id
    assert len(asked) == len(set(asked)) == here.passages.added
