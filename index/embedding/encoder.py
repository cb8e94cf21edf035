"""Text -> unit vectors, by onnxruntime. No torch.

Owns tokenizing, pooling and normalising, from the three files that an export leaves behind. Texts
are encoded one by one: dynamic int8 quantisation scales activations over the whole batch, so a
vector would otherwise depend on its batch-mates; alone it is deterministic, and also fastest.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as onnx_errors
from pydantic import TypeAdapter
from tokenizers import Tokenizer

from index.errors import ModelError
from index.records import Span, Vector

MODEL_FILE = "model.onnx"
SMALL_FILES = ("encoder.json", "tokenizer.json")
ENCODER_FILES = tuple(sorted((*SMALL_FILES, MODEL_FILE)))
_UNKNOWN = ("[UNK]", "<unk>")
_LETTER = re.compile(r"(?:##)?[^\W\d_\x00-\x7f]")  # a piece of one letter, as WordPiece marks it
_UNLOADABLE = (
    *(onnx_errors.NoSuchFile, onnx_errors.NoModel, onnx_errors.InvalidProtobuf),
    *(onnx_errors.InvalidGraph, onnx_errors.InvalidArgument, onnx_errors.NotImplemented),
    *(onnx_errors.RuntimeException, onnx_errors.Fail),
)


@dataclass(frozen=True, slots=True)
class EncoderSpec:
    """What ``encoder.json`` says of a model.

    ``sha256`` is of the original weights, ``window`` counts tokens with the special ones,
    ``query_prefix`` goes before a question and never before a passage.
    """

    name: str
    sha256: str
    dimension: int
    precision: Literal["int8", "fp32"]
    pooling: Literal["mean", "cls"]
    window: int
    query_prefix: str
    mean_cosine: float
    top10_overlap: float

    def to_json(self) -> bytes:
        """Return the bytes of ``encoder.json``."""
        return TypeAdapter(EncoderSpec).dump_json(self, indent=2) + b"\n"

    def told(self) -> str:
        """Return what an owner is told of it."""
        return (
            f"{self.name} as {self.precision} (mean cosine {self.mean_cosine:.4f}, "
            f"top-10 overlap {self.top10_overlap:.3f} against the original)"
        )


class Encoder:
    """An encoder opened from a folder of ``ENCODER_FILES``. Safe to use from several threads.

    Whoever has read and checked the files gives the bytes of the small ones as ``contents``, and as
    ``model`` a path to those of the model: then the folder is only named.
    """

    def __init__(
        self,
        folder: Path,
        contents: Mapping[str, bytes] | None = None,
        model: Path | None = None,
    ) -> None:
        try:
            if contents is None:
                contents = {name: (folder / name).read_bytes() for name in SMALL_FILES}
            self.spec = TypeAdapter(EncoderSpec).validate_json(contents["encoder.json"])
            self._tokenizer = Tokenizer.from_buffer(contents["tokenizer.json"])
        except (OSError, ValueError) as error:
            raise ModelError(
                f"the encoder's files in {folder} cannot be read; remove that folder and run "
                "'footnote rebuild'"
            ) from error
        # The file's own settings cut at 128 tokens and pad to it; both would falsify vectors.
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._session = onnx_session(model or folder / MODEL_FILE)

    def count(self, text: str) -> int:
        """Return the number of tokens of a text, without special ones."""
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def unknown(self, text: str) -> list[Span]:
        """Return the spans of which the model knows no more than a single letter, or nothing.

        Letters of ASCII are never unknown: what is written in them is cut into longer pieces.
        """
        encoded = self._tokenizer.encode(text, add_special_tokens=False)
        return [
            span
            for span, token in zip(encoded.offsets, encoded.tokens, strict=True)
            if token in _UNKNOWN or _LETTER.fullmatch(token)
        ]

    def encode(self, text: str) -> Vector:
        """Return the unit vector of a passage, shape ``(dimension,)``.

        Raises ``ValueError`` if the passage exceeds the window: passages are never cut.
        """
        ids = self._tokenizer.encode(text).ids
        if len(ids) > self.spec.window:
            raise ValueError(f"{len(ids)} tokens exceed the window of {self.spec.window}")
        return self._embed(ids)

    def encode_query(self, question: str) -> Vector:
        """Return the unit vector of a question, shape ``(dimension,)``; a long one is cut."""
        ids = self._tokenizer.encode(self.spec.query_prefix + question).ids
        if len(ids) > self.spec.window:
            ids = [*ids[: self.spec.window - 1], ids[-1]]
        return self._embed(ids)

    def _embed(self, ids: list[int]) -> Vector:
        tokens = np.asarray([ids], dtype=np.int64)
        (hidden,) = self._session.run(
            None,
            {
                "input_ids": tokens,
                "attention_mask": np.ones_like(tokens),
                "token_type_ids": np.zeros_like(tokens),
            },
        )
        states: Vector = hidden[0]
        pooled = states[0] if self.spec.pooling == "cls" else states.mean(axis=0)
        vector: Vector = pooled / np.linalg.norm(pooled)
        return vector


def onnx_session(model: Path) -> onnxruntime.InferenceSession:
    """Open an ONNX model for one thread a call: callers run side by side instead.

    Raises ``ModelError`` if the file is missing or no model that can be run.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Without VNNI, x86 multiplies unsigned by signed bytes into sixteen bits, which overflow: on
    # such a processor the same int8 weights would give other vectors, logits and answers.
    options.add_session_config_entry("session.x64quantprecision", "1")
    try:
        return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    except _UNLOADABLE as error:
        raise ModelError(
            f"{model} cannot be loaded ({error}); put back the file that its hash names"
        ) from error
