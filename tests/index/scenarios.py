"""What an owner does to an index, from a known state to another, over small corpora.

Owns the states that may be seen when it is cut short: the one before and the one after, whole. Fast
and without torch: the encoder is made by hand, and its export is what an export would leave.
"""

import shutil
import types
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from assistant.refusal import kept as kept_calibration
from assistant.refusal.kept import Calibration
from assistant.refusal.model import shipped_model
from index.build import rebuild
from index.embedding.encoder import EncoderSpec
from index.embedding.kept import ENCODERS
from index.errors import IndexDamaged, IndexMissing
from index.files import DISK, Disk
from index.generations import publish
from index.generations.kept import generations
from index.generations.opening import Generation, verify

KEEP = 2
CORPORA: dict[str, dict[str, str]] = {
    "clinic": {
        "pores.md": "# Pores\n\nPores are a matter of genes. Oil makes them look larger.\n",
        "opening.txt": "Opening hours\n\nThe clinic opens at nine. It rests on Sunday.\n",
        "sub/prices.md": "# Prices\n\nA visit costs forty euros.\n",
    },
    "one sentence": {"a.txt": "One sentence.\n"},
    "many scripts": {
        f"{number}/größe {number}.md": f"# Über {number}\n\nСтрока {number} — 日本語。 And more.\n"
        for number in range(8)
    },
    "no words": {"marks.txt": "… — !\n", "the.txt": "It is as it was.\n"},
}
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_DIMENSION = 16


@dataclass(frozen=True)
class Place:
    """A folder with documents and an index to come, which can be copied; models stay in theirs."""

    root: Path
    models: Path
    corpus: str

    @property
    def index(self) -> Path:
        """The index, two folders deep, neither of which is there at first."""
        return self.root / "var" / "index"

    def write(self) -> None:
        """Write the documents and two models."""
        for name, text in CORPORA[self.corpus].items():
            self.document(name, text)
        for model in ("model", "other"):
            (self.models / model).mkdir(parents=True)
            (self.models / model / "config.json").write_text(f'{{"model": "{model}"}}')

    def document(self, name: str, text: str) -> None:
        """Write one document, at once: a rebuild may be reading."""
        path = self.root / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        hidden = path.with_name(f".{path.name}")
        hidden.write_bytes(text.encode())
        hidden.replace(path)

    def rebuild(self, disk: Disk = DISK, *, model: str = "model", full: bool = False) -> str:
        """Rebuild the index and return its name."""
        source, folder = self.root / "docs", str(self.models / model)
        report = rebuild(source, self.index, model=folder, full=full, keep=KEEP, disk=disk)
        return report.index_id

    def seen(self) -> tuple[str, str | None]:
        """Return what is published, whole, or how that is missing; and the calibration's name."""
        try:
            generation = Generation(publish.current_folder(self.index))
        except (IndexMissing, IndexDamaged) as error:
            published = type(error).__name__
            if "'footnote rebuild'" not in str(error):
                published = f"the command that mends it is not named: {error}"
        else:
            generation.close()
            published = generation.index_id
            assert verify(self.index / published) == ()
        kept = kept_calibration.read(self.index) if self.index.is_dir() else None
        return published, kept and kept.golden_sha256[:4]

    def tidy(self) -> None:
        """Assert that nothing lies about after a rebuild, and that all that is kept is whole."""
        kept = {each.index_id for each in generations(self.index)}
        assert len(kept) <= KEEP
        assert all(verify(self.index / each) == () for each in kept)
        names = {path.name for path in self.index.iterdir()}
        allowed = {publish.LOCK, publish.CURRENT, publish.HISTORY, ENCODERS, kept_calibration.STATE}
        assert kept <= names <= kept | allowed, names
        for export in (self.index / ENCODERS).iterdir():
            files = {path.name for path in export.iterdir()}
            assert files == {"checksums.json", "encoder.json", "model.onnx", "tokenizer.json"}


@dataclass(frozen=True)
class Scenario:
    """What is there before, and what is then done; done twice it comes to the same."""

    prepare: Callable[[Place], object]
    act: Callable[[Place, Disk], object]


def _edit(place: Place, version: int = 1) -> None:
    place.document("version.txt", f"This is version {version}.\n")


def _several(place: Place) -> None:
    """Publish as many generations as are kept, and change something: the oldest has to go."""
    for version in range(KEEP):
        _edit(place, version)
        place.rebuild()
    _edit(place, KEEP)


def _damaged(place: Place) -> None:
    place.rebuild()
    (publish.current_folder(place.index) / "vectors.faiss").write_bytes(b"damaged")


def _oldest(place: Place) -> str:
    return generations(place.index)[0].index_id


def calibration(golden: str) -> Calibration:
    """Return a calibration of that name."""
    return Calibration(shipped_model(), golden * 64, 40, "0" * 64, {})


def _calibrated(place: Place) -> None:
    place.rebuild()
    kept_calibration.keep(place.index, calibration("a"))


def _roll_back(place: Place, disk: Disk) -> None:
    # By its name, so that doing it again goes no further.
    publish.rollback(place.index, (place.root / "oldest").read_text(), disk)


def _two(place: Place) -> None:
    place.rebuild()
    _edit(place)
    place.rebuild()
    (place.root / "oldest").write_text(_oldest(place))


SCENARIOS: dict[str, Scenario] = {
    "first rebuild": Scenario(lambda _: None, lambda place, disk: place.rebuild(disk)),
    "rebuild": Scenario(_several, lambda place, disk: place.rebuild(disk)),
    "rebuild of the same": Scenario(Place.rebuild, lambda place, disk: place.rebuild(disk)),
    "full rebuild": Scenario(_several, lambda place, disk: place.rebuild(disk, full=True)),
    "rebuild of what is damaged": Scenario(_damaged, lambda place, disk: place.rebuild(disk)),
    "rebuild with another model": Scenario(
        _several, lambda place, disk: place.rebuild(disk, model="other")
    ),
    "rollback": Scenario(_two, _roll_back),
    "calibrate": Scenario(
        _calibrated, lambda place, disk: kept_calibration.keep(place.index, calibration("b"), disk)
    ),
    "calibrate --reset": Scenario(
        _calibrated, lambda place, disk: kept_calibration.remove(place.index, disk)
    ),
}


class Stage:
    """A scenario made ready: what is there before, and what may be seen afterwards."""

    def __init__(self, scenario: Scenario, corpus: str, work: Path) -> None:
        self.act, self.work = scenario.act, work
        self.before = Place(work / "before", work / "models", corpus)
        self.before.write()
        scenario.prepare(self.before)
        self.old = self.before.seen()
        done = self.copy("done")
        self.act(done, DISK)
        self.new = done.seen()

    def copy(self, name: str) -> Place:
        """Return a place of its own, in the state before."""
        place = replace(self.before, root=self.work / name)
        shutil.rmtree(place.root, ignore_errors=True)
        shutil.copytree(self.before.root, place.root)
        return place

    def recovers(self, place: Place, *, over: bool = False) -> None:
        """Assert that the old or the new state is there, and that all works from there on.

        If the act came to its end (``over``), it is the new one.
        """
        assert place.seen() in ({self.new} if over else {self.old, self.new}), place.seen()
        self.act(place, DISK)
        assert place.seen() == self.new
        place.rebuild()
        place.tidy()


def hand_made_export() -> types.ModuleType:
    """Return a stand-in for ``index.embedding.export``; what writes an export is the product."""
    module = types.ModuleType("index.embedding.export")
    vars(module)["export_encoder"] = _export
    return module


def _export(model: str, name: str, target: Path) -> None:
    """Write an encoder that gives every letter a vector of its own."""
    rows = len(_LETTERS) * 2 + 4
    seed = len(Path(model).name)
    table = np.random.default_rng(seed).normal(size=(rows, _DIMENSION)).astype(np.float32)
    ids = ("input_ids", "attention_mask", "token_type_ids")
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["table", "input_ids"], ["gathered"]),
            # The inputs that do not count have to be used all the same.
            helper.make_node("Add", ["attention_mask", "token_type_ids"], ["both"]),
            helper.make_node("Sub", ["both", "both"], ["nought"]),
            helper.make_node("Cast", ["nought"], ["zero"], to=TensorProto.FLOAT),
            helper.make_node("Unsqueeze", ["zero", "last"], ["column"]),
            helper.make_node("Add", ["gathered", "column"], ["token_states"]),
        ],
        "letters",
        [helper.make_tensor_value_info(each, TensorProto.INT64, ["b", "s"]) for each in ids],
        [helper.make_tensor_value_info("token_states", TensorProto.FLOAT, None)],
        [
            numpy_helper.from_array(table, "table"),
            numpy_helper.from_array(np.array([2], dtype=np.int64), "last"),
        ],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    (target / "model.onnx").write_bytes(made.SerializeToString())
    entries = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *_LETTERS, *(f"##{each}" for each in _LETTERS)]
    vocabulary = {entry: number for number, entry in enumerate(entries)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token=entries[1]))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer.save(str(target / "tokenizer.json"))
    spec = EncoderSpec(name, "0" * 64, _DIMENSION, "fp32", "mean", 256, "", 1.0, 1.0)
    (target / "encoder.json").write_bytes(spec.to_json())
