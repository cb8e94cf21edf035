"""The reader as a PyTorch module: a BERT cross-encoder with a logit for each token beside its own.

Owns its shape and where its first weights come from.
"""

from pathlib import Path

import torch
from transformers import BertConfig, BertModel

from index.errors import ModelError
from tests.training.reader.dequantise import dequantised

# Layers that are never trained: the lower ones know the language, and training costs less. From
# what they make of a pair the resolver reads on.
STATES_AFTER = 6
_HEAD = "token."  # the part that the cross-encoder does not have
_HEAD_SPREAD = 0.02  # standard deviation of its first weights, as BERT's own layers begin with


def minilm() -> BertConfig:
    """Return the shape of ms-marco-MiniLM-L-12-v2."""
    return BertConfig(
        vocab_size=30522,
        hidden_size=384,
        num_hidden_layers=12,
        num_attention_heads=12,
        intermediate_size=1536,
        max_position_embeddings=512,
    )


class Network(torch.nn.Module):
    """BERT, the cross-encoder's classifier, and a linear head over every token."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.bert = BertModel(config, add_pooling_layer=True)
        self.classifier = torch.nn.Linear(config.hidden_size, 1)
        self.token = torch.nn.Linear(config.hidden_size, 1)

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return the logits that the passage answers, ``(batch,)``, and of tokens, ``(batch, n)``.

        The third are the lower half's states, ``(batch, n, 384)``.
        """
        read = self.bert(
            input_ids=input_ids,
            attention_mask=attention_mask,
            token_type_ids=token_type_ids,
            output_hidden_states=True,
        )
        answers = self.classifier(read.pooler_output)[:, 0]
        states: torch.Tensor = read.hidden_states[STATES_AFTER]
        return answers, self.token(read.last_hidden_state)[:, :, 0], states

    def freeze(self, layers: int) -> None:
        """Keep the embeddings and the first layers as they are: what words mean is known."""
        for part in self._frozen(layers):
            part.requires_grad_(requires_grad=False)

    def start_training(self, layers: int) -> None:
        """Turn dropout on, but not in what is frozen."""
        self.train()
        for part in self._frozen(layers):
            part.eval()

    def _frozen(self, layers: int) -> list[torch.nn.Module]:
        return [self.bert.embeddings, *list(self.bert.encoder.layer)[:layers]]


def from_quantised(folder: Path) -> Network:
    """Return the network with the weights of a reader, or of the packaged cross-encoder.

    The latter has no head over tokens: the head's first weights are drawn from torch's generator.
    Raises ``ModelError`` if a weight is missing or unknown.
    """
    network = Network(minilm())
    weights = {
        name: torch.tensor(each) for name, each in dequantised(folder / "model.onnx").items()
    }
    network.load_state_dict(_whole(network, weights, folder))
    return network


def _whole(
    network: Network, weights: dict[str, torch.Tensor], folder: Path
) -> dict[str, torch.Tensor]:
    head = {name for name in network.state_dict() if name.startswith(_HEAD)}
    missing = network.state_dict().keys() - weights.keys()
    if missing == head:
        torch.nn.init.normal_(network.token.weight, std=_HEAD_SPREAD)
        torch.nn.init.zeros_(network.token.bias)
        weights = weights | {name: network.state_dict()[name] for name in head}
    if strange := sorted(network.state_dict().keys() ^ weights.keys()):
        raise ModelError(f"{folder} is not ms-marco-MiniLM-L-12-v2: see its weights {strange[:3]}")
    return weights
