"""The resolver as a PyTorch module: the upper half of the reader, with a logit for each token.

Owns its shape, where its first weights come from, and its export.
"""

import tempfile
from pathlib import Path

import torch

from assistant.models.pinned import READER
from index.embedding.export import quantise
from tests.training.reader.export import exported
from tests.training.reader.network import STATES_AFTER, Network, from_quantised


class Resolver(torch.nn.Module):
    """What reads the states that the reader's lower half has made of a question and a history."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        # Eager attention is the form that traces to plain ONNX operators.
        network.bert.set_attn_implementation("eager")
        self.layers = torch.nn.ModuleList(list(network.bert.encoder.layer)[STATES_AFTER:])
        self.token = torch.nn.Linear(network.bert.config.hidden_size, 1)

    def forward(self, states: torch.Tensor, attention: torch.Tensor | None = None) -> torch.Tensor:
        """Return the logits of tokens, shape ``(batch, n)``.

        ``states`` has the shape ``(batch, n, 384)``; ``attention``, ``(batch, n)``, is 0 where a
        shorter pair is padded, and None if none is.
        """
        mask = None
        if attention is not None:
            mask = (1.0 - attention[:, None, None, :]) * torch.finfo(states.dtype).min
        for layer in self.layers:
            states = layer(states, mask)
        logits: torch.Tensor = self.token(states)[:, :, 0]
        return logits


def untrained() -> Resolver:
    """Return a resolver that begins as the shipped reader. Raises ``ModelError``."""
    return Resolver(from_quantised(READER.file().parent))


def export(resolver: Resolver, target: Path) -> None:
    """Write the model for one pair at a time, int8 with a scale a channel. Raises ``OSError``."""
    resolver.eval()
    with tempfile.TemporaryDirectory() as work:
        whole = Path(work) / "fp32.onnx"
        states = torch.zeros(1, 6, resolver.token.in_features)
        exported(resolver, (states,), whole, ["states"], ["tokens"])
        quantise(whole, target, "int8")
