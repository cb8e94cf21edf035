"""The packaged int8 cross-encoder, or a reader tuned from it -> floating-point weights.

Owns the reading of the quantised graph, and names weights as BERT does. The cross-encoder's
original is cross-encoder/ms-marco-MiniLM-L-12-v2 (Apache-2.0); what quantisation rounded off is not
brought back, and its logits stay within .5.
"""

import re
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx

from index.errors import ModelError

Array = npt.NDArray[np.float32]
_QUANTISED = "_quantized"
# Nodes whose name is not the path of their weights.
_NAMED = {
    "/bert/pooler/dense/Gemm_MatMul_quant": "bert.pooler.dense.weight",
    "/classifier/Gemm_MatMul_quant": "classifier.weight",
    "/token/MatMul_quant": "token.weight",
}
_PRODUCT = re.compile(r"/(bert/.*)/MatMul(?:_\d+)?_quant")


def dequantised(model: Path) -> dict[str, Array]:
    """Return every weight of the quantised model by its name in PyTorch.

    A linear layer's has the shape ``(outputs, inputs)``. Raises ``ModelError`` if the graph is not
    one that dynamic quantisation makes of a BERT cross-encoder.
    """
    graph = onnx.load(model).graph
    held = {entry.name: onnx.numpy_helper.to_array(entry) for entry in graph.initializer}
    weights: dict[str, Array] = {
        name: array
        for name, array in held.items()
        if array.dtype == np.float32
        and name.startswith(("bert.", "classifier.", "token."))
        and not name.endswith("_scale")
    }
    for node in graph.node:
        if node.op_type == "Gather" and node.input[0].endswith(_QUANTISED):
            name = node.input[0].removesuffix(_QUANTISED)
            weights[name] = _floats(held, node.input[0])
        elif node.op_type == "MatMulInteger":
            name = _weight_of(node.name)
            weights[name] = _floats(held, node.input[1]).T
    if not weights:
        raise ModelError(f"{model} holds no quantised BERT; name the folder of one that does")
    return weights


def _floats(held: dict[str, npt.NDArray[np.generic]], name: str) -> Array:
    base = name.removesuffix(_QUANTISED)
    zero = held[f"{base}_zero_point"].astype(np.float32)
    floats: Array = (held[name].astype(np.float32) - zero) * held[f"{base}_scale"]
    return floats


def _weight_of(node: str) -> str:
    if node in _NAMED:
        return _NAMED[node]
    product = _PRODUCT.fullmatch(node)
    if not product:
        raise ModelError(f"the graph multiplies by weights in '{node}', which no BERT layer does")
    return f"{product[1].replace('/', '.')}.weight"
