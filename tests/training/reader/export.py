"""The trained network -> the two files that the product opens.

Owns their form: ``model.onnx`` with the outputs ``answers`` and ``tokens`` for one pair at a time
(and ``states``, which the resolver reads on from), int8 weights scaled per channel (one scale for a
whole matrix rounds the tuning away), and the
cross-encoder's ``tokenizer.json``, without the cutting and padding that is written into it.
"""

import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer

from index.embedding.export import quantise
from tests.training.reader.network import Network

_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_OUTPUTS = ("answers", "tokens", "states")


def export(network: Network, tokenizer: Path, target: Path) -> None:
    """Write ``model.onnx`` and ``tokenizer.json`` to a folder. Raises ``OSError``."""
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        exported = Path(work) / "fp32.onnx"
        _to_onnx(network, exported)
        quantise(exported, target / "model.onnx", "int8")
    plain = Tokenizer.from_file(str(tokenizer))
    plain.no_truncation()
    plain.no_padding()
    plain.save(str(target / "tokenizer.json"))


def _to_onnx(network: Network, target: Path) -> None:
    # Eager attention is the form that traces to plain ONNX operators.
    network.bert.set_attn_implementation("eager")
    network.eval()
    ids = torch.tensor([[101, 2054, 102, 2003, 2023, 102]])  # any pair will do
    kinds = torch.tensor([[0, 0, 0, 1, 1, 1]])
    pair = (ids, torch.ones_like(ids), kinds)
    exported(network, pair, target, _INPUTS, _OUTPUTS)


def exported(
    network: torch.nn.Module,
    example: tuple[torch.Tensor, ...],
    target: Path,
    inputs: Sequence[str],
    outputs: Sequence[str],
) -> None:
    """Write a network as ONNX whose inputs and outputs have any number of tokens."""
    with warnings.catch_warnings(), torch.no_grad():
        # Without onnxscript the older exporter is the one there is; it says that it is old, and
        # warns of shapes that are the same for every pair.
        warnings.filterwarnings("ignore", category=DeprecationWarning, module=r"torch\..*")
        warnings.filterwarnings("ignore", message=r"(?s).*legacy TorchScript-based ONNX export.*")
        warnings.filterwarnings("ignore", message=r"The feature will be removed\..*")
        warnings.filterwarnings("ignore", category=torch.jit.TracerWarning)
        warnings.filterwarnings("ignore", message=r"Exporting aten::index operator.*")
        torch.onnx.export(
            network,
            example,
            str(target),
            dynamo=False,
            opset_version=17,
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes={name: {1: "tokens"} for name in (*inputs, *outputs) if name != "answers"},
        )
