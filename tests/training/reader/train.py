"""The tuning: examples -> a network that reads.

Owns the losses, the schedule and what is learnt how fast. The passage's loss is binary
cross-entropy on the pooled logit. The sentences' takes the mean of each sentence's token logits:
every silent sentence shall be low, and of the answering ones at least one shall be high.
"""

import math
import random
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

from assistant.models.pairs import PairTokenizer
from tests.training.reader.examples import Example
from tests.training.reader.network import STATES_AFTER, Network
from tests.training.reader.windows import Batch, batches

_RATE = 4e-5  # of BERT's layers and the classifier
_HEAD_RATE = 2e-3  # of the head over tokens, which begins from nothing
_DECAY = 0.01
_WARM_UP = 0.06  # of the steps; from there the rates fall to nought in a straight line
_LONGEST_STEP = 1.0  # norm that the gradient is cut to
_ANSWER_WEIGHT = 2.0  # of an answering sentence in the loss: there are several silent ones to one
_TELL = 50  # steps between two lines on stderr


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how to train. ``half`` lets the forward pass compute in bfloat16.

    ``pace`` scales the learning rates: what goes on from a trained reader takes smaller steps.
    """

    seed: int = 20
    epochs: int = 1
    batch: int = 16
    half: bool = True
    pace: float = 1.0


@dataclass(frozen=True, slots=True)
class Loss:
    """Mean losses over some steps: of whole passages and of sentences."""

    passage: float
    sentence: float


def train(
    network: Network, tokenizer: PairTokenizer, examples: Sequence[Example], schedule: Schedule
) -> Loss:
    """Tune the network in place; return the mean losses of the last steps. Progress on stderr."""
    rng = random.Random(schedule.seed)
    network.freeze(STATES_AFTER)
    network.start_training(STATES_AFTER)
    body = [
        weights
        for name, weights in network.named_parameters()
        if weights.requires_grad and not name.startswith("token.")
    ]
    head = list(network.token.parameters())
    groups = [{"params": body}, {"params": head}]
    optimiser = torch.optim.AdamW(groups, weight_decay=_DECAY)
    total = math.ceil(len(examples) / schedule.batch) * schedule.epochs
    sys.stderr.write(f"{len(examples)} examples, {total} steps\n")
    began, losses = time.monotonic(), []
    for _ in range(schedule.epochs):
        for batch in batches(examples, tokenizer, schedule.batch, rng):
            pace = schedule.pace * rate(len(losses), total)
            for group, full in zip(optimiser.param_groups, (_RATE, _HEAD_RATE), strict=True):
                group["lr"] = full * pace
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=schedule.half):
                answers, tokens, _ = network(batch.ids, batch.attention, batch.kinds)
            passage, sentence = passage_loss(answers.float(), batch), sentence_loss(tokens, batch)
            optimiser.zero_grad()
            (passage + sentence).backward()
            torch.nn.utils.clip_grad_norm_(body, _LONGEST_STEP)
            optimiser.step()
            losses.append((passage.item(), sentence.item()))
            if len(losses) % _TELL == 0 or len(losses) == total:
                _tell(len(losses), total, _mean(losses[-_TELL:]), time.monotonic() - began)
    network.eval()
    return _mean(losses[-_TELL:])


def rate(step: int, total: int) -> float:
    """Return the share of the full learning rate in a step, steps counted from 0."""
    return min(1.0, (step + 1) / (_WARM_UP * total)) * (1 - step / total)


def passage_loss(answers: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Return the mean loss of the logits that the passages answer, shape ``(batch,)``."""
    labels = torch.tensor([float(each.answers) for each in batch.examples])
    return cross_entropy(answers, labels)


def sentence_loss(tokens: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Return the mean loss over sentences of token logits, shape ``(batch, n)``.

    Nought if none has a label. Of the answering sentences of a passage the best one counts: each
    of them would do.
    """
    logits, labels = [], []
    for each, own in zip(batch.examples, tokens.float(), strict=True):
        answering = []
        for (start, end), label in zip(each.sentences, each.labels, strict=True):
            if label is not None:
                (answering if label else logits).append(own[start:end].mean())
        labels += [0.0] * (len(logits) - len(labels))
        if answering:
            logits.append(torch.stack(answering).max())
            labels.append(1.0)
    if not logits:
        return tokens.sum() * 0.0
    weight = torch.tensor(_ANSWER_WEIGHT)
    return cross_entropy(torch.stack(logits), torch.tensor(labels), pos_weight=weight)


def _mean(losses: Iterable[tuple[float, float]]) -> Loss:
    passage, sentence = np.mean(list(losses), axis=0)
    return Loss(float(passage), float(sentence))


def _tell(step: int, total: int, loss: Loss, seconds: float) -> None:
    left = seconds / step * (total - step)
    sys.stderr.write(
        f"step {step}/{total}: loss of passages {loss.passage:.3f}, of sentences "
        f"{loss.sentence:.3f}; {seconds:.0f} s, {left:.0f} s to go\n"
    )
