"""A sentence-transformers model -> the encoder's files. The only file that imports torch.

Owns the export to ONNX, its quantisation, and the gate: a quantised model is kept only if it agrees
with the original on the probe set (``probes.txt``). What the recipe
reached in a trial stands in ``tests/bench/README.md``.
"""

import logging
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors import SafetensorError
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling
from transformers.utils.logging import disable_progress_bar

from index.embedding.encoder import Encoder, EncoderSpec
from index.embedding.packaged import sha256_of
from index.errors import ModelError
from index.records import Vector

Precision = Literal["int8", "fp32"]
_PRECISIONS: tuple[Precision, ...] = ("int8", "fp32")
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_SMALLEST_WINDOW = 128  # tokens; below it the heading path would crowd out the passage


@dataclass(frozen=True, slots=True)
class Gate:
    """How far an export must agree with the original on the probe set."""

    mean_cosine: float = 0.99
    top10_overlap: float = 0.90

    def admits(self, spec: EncoderSpec) -> bool:
        """Say whether a measured export may be used."""
        return spec.mean_cosine >= self.mean_cosine and spec.top10_overlap >= self.top10_overlap


PUBLISHED_GATE = Gate()


class _TokenStates(torch.nn.Module):
    """The transformer alone: pooling is numpy's work, so that its mode stays a setting."""

    def __init__(self, transformer: torch.nn.Module) -> None:
        super().__init__()
        self.transformer = transformer

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> torch.Tensor:
        states: torch.Tensor = self.transformer(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        return states


def export_encoder(model: str, name: str, target: Path, gate: Gate = PUBLISHED_GATE) -> EncoderSpec:
    """Write ``ENCODER_FILES`` of a model (a folder or a hub id) to ``target``.

    The smallest precision that passes the gate wins. Raises ``ModelError`` if none does, or if the
    model is not one that we can run: a BERT-like transformer, mean or CLS pooling, cosine
    similarity, a window of at least 128 tokens.
    """
    original = _load(model)
    spec = _spec(original, model, name)
    probes = tuple(files("index").joinpath("probes.txt").read_text("utf-8").splitlines())
    expected = np.asarray(
        [original.encode(probe, normalize_embeddings=True) for probe in probes], dtype=np.float32
    )
    with tempfile.TemporaryDirectory(dir=target) as work:
        exported = Path(work) / "fp32.onnx"
        _to_onnx(original, exported)
        original.tokenizer.backend_tokenizer.save(str(target / "tokenizer.json"))
        for precision in _PRECISIONS:
            quantise(exported, target / "model.onnx", precision)
            spec = _measured(target, replace(spec, precision=precision), probes, expected)
            if gate.admits(spec):
                return spec
    raise ModelError(
        f"the export of {name} does not agree with the original (mean cosine "
        f"{spec.mean_cosine:.4f}, top-10 overlap {spec.top10_overlap:.3f}); choose another model"
    )


def _load(model: str) -> SentenceTransformer:
    disable_progress_bar()
    try:
        # Eager attention is the form that traces to plain ONNX operators.
        return SentenceTransformer(
            model,
            device="cpu",
            trust_remote_code=False,
            model_kwargs={"attn_implementation": "eager", "use_safetensors": True},
        )
    except (OSError, ValueError, SafetensorError) as error:
        raise ModelError(
            f"the model {model} cannot be loaded ({str(error).partition(chr(10))[0]}); name the "
            "folder or hub id of a sentence-transformers model"
        ) from error


def _spec(original: SentenceTransformer, model: str, name: str) -> EncoderSpec:
    modes: list[Any] = [module.pooling_mode for module in original if isinstance(module, Pooling)]
    pooling: Any = modes[0] if modes else "nothing"
    if pooling not in {"mean", "cls"}:
        raise ModelError(f"{name} pools by {pooling}; choose a model with mean or cls pooling")
    if original.similarity_fn_name != "cosine":
        raise ModelError(
            f"{name} compares by {original.similarity_fn_name}; choose a model made for cosine "
            "similarity"
        )
    window = original.max_seq_length or 0
    if window < _SMALLEST_WINDOW:
        raise ModelError(
            f"{name} reads {window} tokens; choose a model that reads {_SMALLEST_WINDOW} or more"
        )
    weights = Path(model) / "model.safetensors"
    return EncoderSpec(
        name=name,
        sha256=sha256_of(weights) if weights.is_file() else "",
        dimension=original.get_embedding_dimension() or 0,
        precision="fp32",
        pooling=pooling,
        window=window,
        query_prefix=original.prompts.get("query") or "",
        mean_cosine=0.0,
        top10_overlap=0.0,
    )


def _to_onnx(original: SentenceTransformer, target: Path) -> None:
    encoded = original.tokenizer("A sentence to trace the graph with.", return_tensors="pt")
    missing = [key for key in _INPUTS if key not in encoded]
    if missing:
        raise ModelError(f"the tokenizer gives no {missing[0]}; choose a BERT-like model")
    with warnings.catch_warnings(), torch.no_grad():
        # Without onnxscript the older exporter is the one there is; it says that it is old.
        warnings.filterwarnings("ignore", category=DeprecationWarning, module=r"torch\..*")
        warnings.filterwarnings("ignore", message=r"(?s).*legacy TorchScript-based ONNX export.*")
        warnings.filterwarnings("ignore", message=r"The feature will be removed\..*")
        warnings.filterwarnings("ignore", message=r"Converting a tensor to a Python boolean.*")
        warnings.filterwarnings("ignore", message=r"Exporting aten::index operator.*")
        torch.onnx.export(
            _TokenStates(original[0].get_submodule("auto_model").eval()),
            tuple(encoded[key] for key in _INPUTS),
            str(target),
            dynamo=False,
            opset_version=17,
            input_names=list(_INPUTS),
            output_names=["token_states"],
            dynamic_axes={key: {0: "batch", 1: "sequence"} for key in (*_INPUTS, "token_states")},
        )


def quantise(exported: Path, target: Path, precision: Precision) -> None:
    """Per-channel weights: per-tensor ones reach a mean cosine of .95 only."""
    if precision == "fp32":
        shutil.copyfile(exported, target)
        return
    with _without_advice():
        quantize_dynamic(
            exported,
            target,
            weight_type=QuantType.QInt8,
            per_channel=True,
        )


@contextmanager
def _without_advice() -> Iterator[None]:
    """Drop the quantiser's advice on pre-processing, which it gives through the root logger.

    A logger without a handler would be given one that prints, and would keep it.
    """
    root = logging.getLogger()
    silence = logging.NullHandler()
    level = root.level
    root.addHandler(silence)
    root.setLevel(logging.ERROR)
    try:
        yield
    finally:
        root.setLevel(level)
        root.removeHandler(silence)


def _measured(
    folder: Path, spec: EncoderSpec, probes: tuple[str, ...], expected: Vector
) -> EncoderSpec:
    """Write the spec, with how far the exported model agrees with the original's vectors.

    Four digits: the sixth depends on how many threads torch happened to use.
    """
    (folder / "encoder.json").write_bytes(spec.to_json())
    encoder = Encoder(folder)
    found = np.asarray([encoder.encode(probe) for probe in probes])
    measured = replace(
        spec,
        mean_cosine=round(float((found * expected).sum(axis=1).mean()), 4),
        top10_overlap=round(_overlap(found, expected), 4),
    )
    (folder / "encoder.json").write_bytes(measured.to_json())
    return measured


def _overlap(found: Vector, expected: Vector, depth: int = 10) -> float:
    """Return the mean share of nearest neighbours (of each probe, among the others) in common."""
    nearest = []
    for vectors in (found, expected):
        similarity = vectors @ vectors.T
        np.fill_diagonal(similarity, -np.inf)
        nearest.append(np.argsort(-similarity, axis=1, kind="stable")[:, :depth])
    shared = [len(set(a) & set(b)) / depth for a, b in zip(*nearest, strict=True)]
    return float(np.mean(shared))
