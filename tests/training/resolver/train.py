"""The tuning: conversations -> a network that marks what a question leaves unsaid.

Owns labels, loss and schedule. The loss is binary cross-entropy over the tokens of the words that
mean something: grammar is never carried over, and so has no label.
"""

import math
import random
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

from assistant.models.reader import Reader
from assistant.models.resolver import laid_out, words_read
from index.words import terms
from tests.training.reader.train import rate
from tests.training.resolver.examples import Example
from tests.training.resolver.network import Resolver

_RATE = 1e-4  # of the layers
_HEAD_RATE = 2e-3  # of the head over tokens, which begins from nothing
_DECAY = 0.01
_LONGEST_STEP = 1.0  # norm that the gradient is cut to
_BATCH = 16
_JITTER = 12  # tokens by which lengths are blurred, so that batches differ from epoch to epoch
_TELL = 50  # steps between two lines on stderr


@dataclass(frozen=True, slots=True)
class Marked:
    """A pair as the lower half reads it, and for each token 1, 0, or nan where nothing is said."""

    states: npt.NDArray[np.float32]  # (tokens, 384)
    labels: npt.NDArray[np.float32]  # (tokens,)


def marked(example: Example, reader: Reader) -> Marked:
    """Return an example with its labels, laid out as the product lays it out."""
    text, begins = laid_out(example.history)
    pair, states = reader.states(example.question, text)
    labels = np.full(states.shape[1], np.nan, dtype=np.float32)
    for place, start, end, tokens in words_read(example.history, begins, pair.offsets):
        stems = set(terms(example.history[place].content[start:end]))
        if stems:
            labels[pair.start :][tokens] = float(not stems.isdisjoint(example.lost))
    return Marked(states[0], labels)


def train(
    resolver: Resolver, reader: Reader, epochs: Sequence[Sequence[Example]], seed: int
) -> float:
    """Tune the network in place, an epoch on each of the lists; return the last steps' mean loss.

    Progress goes to stderr.
    """
    rng = random.Random(seed)
    resolver.train()
    layers = list(resolver.layers.parameters())
    groups = [{"params": layers}, {"params": list(resolver.token.parameters())}]
    optimiser = torch.optim.AdamW(groups, weight_decay=_DECAY)
    total = sum(math.ceil(len(epoch) / _BATCH) for epoch in epochs)
    pairs = _marked(epochs, reader)
    began, losses = time.monotonic(), []
    for epoch in epochs:
        for batch in _batches([pairs[example] for example in epoch], rng):
            for group, full in zip(optimiser.param_groups, (_RATE, _HEAD_RATE), strict=True):
                group["lr"] = full * rate(len(losses), total)
            loss = loss_of(resolver, batch)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(layers, _LONGEST_STEP)
            optimiser.step()
            losses.append(loss.item())
            if len(losses) % _TELL == 0 or len(losses) == total:
                mean, seconds = float(np.mean(losses[-_TELL:])), time.monotonic() - began
                left = seconds / len(losses) * (total - len(losses))
                sys.stderr.write(
                    f"step {len(losses)}/{total}: loss {mean:.4f}; {seconds:.0f} s, "
                    f"{left:.0f} s to go\n"
                )
    return float(np.mean(losses[-_TELL:]))


def _marked(epochs: Sequence[Sequence[Example]], reader: Reader) -> dict[Example, Marked]:
    """Return every example as the lower half reads it, once: that half is never trained."""
    examples = list(dict.fromkeys(example for epoch in epochs for example in epoch))
    sys.stderr.write(f"reading {len(examples)} examples\n")
    with ThreadPoolExecutor(2) as threads:
        read = threads.map(lambda example: marked(example, reader), examples)
        return dict(zip(examples, read, strict=True))


def loss_of(resolver: Resolver, batch: Sequence[Marked]) -> torch.Tensor:
    """Return the mean loss over the labelled tokens of some pairs; one must have a label."""
    pad = torch.nn.utils.rnn.pad_sequence
    states = pad([torch.from_numpy(each.states) for each in batch], batch_first=True)
    attention = pad([torch.ones(len(each.labels)) for each in batch], batch_first=True)
    labels = pad(
        [torch.from_numpy(each.labels) for each in batch], batch_first=True, padding_value=math.nan
    )
    known = ~labels.isnan()
    return cross_entropy(resolver(states, attention)[known], labels[known])


def _batches(pairs: list[Marked], rng: random.Random) -> list[list[Marked]]:
    """Return the pairs in random order, a batch each of about one length."""
    pairs.sort(key=lambda each: len(each.labels) + rng.random() * _JITTER)
    found = [pairs[at : at + _BATCH] for at in range(0, len(pairs), _BATCH)]
    rng.shuffle(found)
    return found
