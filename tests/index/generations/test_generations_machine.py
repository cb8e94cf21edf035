"""Any sequence of edits, rebuilds, rollbacks, interruptions and damage, against the plainest model.

The model: which documents a name stands for. ``python -m tests.bench.stress.generations`` goes on.
"""

import random
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from index.build import rebuild
from index.errors import FootnoteError, IndexDamaged, IndexMissing, UnknownGeneration
from index.files import DISK, Disk
from index.generations import publish
from index.generations.kept import generations
from index.generations.opening import FILES, MANIFEST, Generation, verify
from tests.index.damages import DAMAGES
from tests.index.faults import FaultyDisk
from tests.index.scenarios import Place, hand_made_export

pytestmark = pytest.mark.slow

NAMES = st.sampled_from(["a.txt", "b.md", "sub/c.md", "sub/d.txt"])
TEXTS = st.sampled_from([f"This is text {number}. It has words.\n" for number in range(5)])
Documents = frozenset[tuple[str, str]]


class Interrupted(BaseException):
    """What comes when nobody expects it."""


class Generations(RuleBasedStateMachine):
    """An owner, an index, and bad luck."""

    def __init__(self) -> None:
        super().__init__()
        self.exporter = sys.modules.get("index.embedding.export")
        sys.modules["index.embedding.export"] = hand_made_export()
        self.folder = Path(tempfile.mkdtemp())
        self.place = Place(self.folder / "place", self.folder / "models", "one sentence")
        self.place.write()
        self.documents: dict[str, str] = {"a.txt": "One sentence.\n"}
        self.names: dict[Documents, str] = {}
        self.keep = 0
        self.published: str | None = None
        self.damaged: set[str] = set()
        self.gone: set[str] = set()  # damaged, and removed by what was interrupted then
        self.pointer_damaged = False

    def teardown(self) -> None:
        """Remove what was made."""
        shutil.rmtree(self.folder)
        if self.exporter is None:
            del sys.modules["index.embedding.export"]
        else:
            sys.modules["index.embedding.export"] = self.exporter

    def _kept(self) -> list[str]:
        try:
            return [each.index_id for each in generations(self.place.index)]
        except IndexMissing:
            return []

    def _rebuild(self, keep: int, *, full: bool, disk: Disk = DISK) -> str:
        source, model = self.place.root / "docs", str(self.place.models / "model")
        return rebuild(
            source, self.place.index, model=model, full=full, keep=keep, disk=disk
        ).index_id

    @rule(name=NAMES, text=TEXTS)
    def edit(self, name: str, text: str) -> None:
        """Write a document."""
        self.place.document(name, text)
        self.documents[name] = text

    @precondition(lambda self: len(self.documents) > 1)
    @rule(name=NAMES)
    def remove(self, name: str) -> None:
        """Remove a document, but not the last."""
        if self.documents.pop(name, None):
            (self.place.root / "docs" / name).unlink()

    @rule(full=st.booleans(), keep=st.integers(1, 3))
    def rebuild(self, full: bool, keep: int) -> None:
        """Rebuild: the same documents have the same name, however that came about."""
        name = self._rebuild(keep, full=full)
        known = self.names.setdefault(frozenset(self.documents.items()), name)
        assert name == known
        self.published, self.keep, self.pointer_damaged = name, keep, False
        self.damaged.discard(name)
        self.gone.discard(name)
        assert name in self._kept()
        assert len(self._kept()) <= keep
        self.damaged &= set(self._kept())

    @precondition(lambda self: self.published)
    @rule(at=st.integers(0, 40), keep=st.integers(1, 3))
    def interrupt(self, at: int, keep: int) -> None:
        """Interrupt a rebuild at some step: what is published is the old or the new."""

        def strike() -> None:
            raise Interrupted

        with suppress(Interrupted):
            new = self._rebuild(keep, full=False, disk=FaultyDisk(at, "after", strike))
            assert self.names.setdefault(frozenset(self.documents.items()), new) == new
            self.keep = keep
        self.keep = max(self.keep, keep)  # a generation more may wait for the next to prune it
        self.keep += 1
        with suppress(IndexDamaged, IndexMissing):
            self.published = publish.current_folder(self.place.index).name
            self.pointer_damaged = False
        kept = set(self._kept())
        if self.published not in kept:
            # One that was damaged makes room for the same anew, and that came to nothing: now, or
            # when a rebuild was interrupted before.
            assert self.published in self.damaged | self.gone
            self.gone.add(self.published)
            self.pointer_damaged = True
        self.damaged = {each for each in self.damaged & kept if verify(self.place.index / each)}

    @precondition(lambda self: self._kept())
    @rule(chance=st.randoms(use_true_random=False), named=st.booleans())
    def roll_back(self, chance: random.Random, named: bool) -> None:
        """Go back: never to a damaged generation, and never to nothing."""
        wanted = chance.choice(self._kept()) if named else None
        refused: FootnoteError | None = None
        try:
            self.published = publish.rollback(self.place.index, wanted)
        except (UnknownGeneration, IndexDamaged) as error:
            refused = error
        if isinstance(refused, IndexDamaged):
            assert any(f"/{each}/" in str(refused) for each in self.damaged)
        elif refused:
            assert wanted is None
        else:
            assert self.published not in self.damaged
            assert wanted in {None, self.published}
            self.pointer_damaged = False

    @precondition(lambda self: self._kept())
    @rule(
        chance=st.randoms(use_true_random=False),
        name=st.sampled_from([*FILES, MANIFEST]),
        kind=st.sampled_from(["truncated", "flipped", "zeroed", "missing"]),
    )
    def damage(self, chance: random.Random, name: str, kind: str) -> None:
        """Damage a file of a generation: it is named."""
        index_id = chance.choice(self._kept())
        path = self.place.index / index_id / name
        if path.exists() and path.stat().st_size:
            before = verify(self.place.index / index_id)
            DAMAGES[kind](path)
            after = verify(self.place.index / index_id)
            assert name in after or before  # a bit flipped twice is whole again
            self.damaged.discard(index_id)
            self.damaged |= {index_id} if after else set()

    @precondition(lambda self: self.published)
    @rule(kind=st.sampled_from(["halved", "zeroed", "emptied", "missing"]))
    def damage_pointer(self, kind: str) -> None:
        """Damage ``CURRENT``."""
        if (self.place.index / publish.CURRENT).exists():
            DAMAGES[kind](self.place.index / publish.CURRENT)
            self.pointer_damaged = True

    @invariant()
    def opens_or_names(self) -> None:
        """A reader gets all of what is published, or a line with the file and the command."""
        said = ""
        try:
            generation = Generation(publish.current_folder(self.place.index))
        except FootnoteError as error:
            said = str(error)
        if said:
            assert "'footnote rebuild'" in said
            assert str(self.place.index) in said
            assert self.pointer_damaged or self.published is None or self.published in self.damaged
            return
        assert not self.pointer_damaged
        assert generation.index_id == self.published
        assert self.published not in self.damaged
        documents = dict(
            next((held for held, name in self.names.items() if name == self.published), ())
        )
        if documents:
            texts = [generation.text(row) for row in range(len(generation.documents))]
            paths = [each.path for each in generation.documents]
            assert dict(zip(paths, texts, strict=True)) == documents
        generation.close()

    @precondition(lambda self: self.published)
    @invariant()
    def keeps_no_more_than_told(self) -> None:
        """However it came about, no more generations lie there than are to be kept."""
        assert len(self._kept()) <= self.keep


def test_two_interruptions_after_damage_lose_nothing_more() -> None:
    """The second finds the damaged generation gone already; the next rebuild mends it all."""
    state = Generations()
    try:
        state.rebuild(full=False, keep=1)
        state.damage(chance=random.SystemRandom(), name="encoder/encoder.json", kind="truncated")
        for at in (34, 0):
            state.interrupt(at=at, keep=1)
            state.opens_or_names()
        state.rebuild(full=False, keep=1)
        state.opens_or_names()
    finally:
        state.teardown()


TestGenerations = Generations.TestCase
TestGenerations.settings = settings(
    max_examples=40, stateful_step_count=15, deadline=None, print_blob=True
)
