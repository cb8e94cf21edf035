"""Examples -> token sequences, padded into batches.

Owns the shortening of passages that makes the reader know short evidence too, and which tokens a
sentence's label is of. Tokens and pairs are the product's own (``assistant.models.pairs``).
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch

from assistant.models.pairs import PairTokenizer
from tests.training.reader.examples import Example, Span

_WINDOWED = 0.3  # how often a passage is shortened
_ABOUT_ANSWER = 0.8  # of the answering ones, how often the window is put about an answer
_BARE = 0.4  # of the windows, how often the heading is left off
_JITTER = 12  # tokens by which lengths are blurred, so that batches differ from seed to seed


@dataclass(frozen=True, slots=True)
class Encoded:
    """One example as tokens. ``sentences`` are spans of token positions, as far as they are read.

    ``labels`` are theirs, None where nobody has said.
    """

    ids: tuple[int, ...]
    kinds: tuple[int, ...]
    sentences: tuple[Span, ...]
    labels: tuple[bool | None, ...]
    answers: bool


@dataclass(frozen=True, slots=True)
class Batch:
    """Encoded examples, padded to the longest: three tensors of shape ``(examples, tokens)``."""

    examples: tuple[Encoded, ...]
    ids: torch.Tensor
    attention: torch.Tensor
    kinds: torch.Tensor


def windowed(example: Example, rng: random.Random) -> Example:
    """Return the example, or now and then a run of its sentences with their labels.

    A window without an answer does not answer. Examples with unknown labels stay whole.
    """
    count = len(example.sentences)
    if None in example.labels or count < 2 or rng.random() >= _WINDOWED:
        return example
    size = rng.randint(1, count - 1)
    if example.answers and rng.random() < _ABOUT_ANSWER:
        answer = rng.choice([at for at, label in enumerate(example.labels) if label])
        first = max(0, min(answer - rng.randint(0, size - 1), count - size))
    else:
        first = rng.randint(0, count - size)
    kept = example.sentences[first : first + size]
    labels = example.labels[first : first + size]
    start, end = kept[0][0], kept[-1][1]
    return replace(
        example,
        heading="" if rng.random() < _BARE else example.heading,
        text=example.text[start:end],
        sentences=tuple((begin - start, stop - start) for begin, stop in kept),
        labels=labels,
        answers=any(labels),
    )


def encoded(example: Example, tokenizer: PairTokenizer) -> Encoded:
    """Return the tokens of an example, laid out as the product lays them out."""
    prefix = f"{example.heading}\n" if example.heading else ""
    pair = tokenizer.pair(example.question, prefix + example.text)
    sentences, labels = [], []
    for (begin, stop), label in zip(example.sentences, example.labels, strict=True):
        inside = [
            pair.start + at
            for at, (first, last) in enumerate(pair.offsets)
            if first >= begin + len(prefix) and last <= stop + len(prefix)
        ]
        if inside:  # else the sentence lies beyond the window
            sentences.append((inside[0], inside[-1] + 1))
            labels.append(label)
    return Encoded(
        ids=tuple(pair.feeds["input_ids"][0].tolist()),
        kinds=tuple(pair.feeds["token_type_ids"][0].tolist()),
        sentences=tuple(sentences),
        labels=tuple(labels),
        answers=example.answers,
    )


def batches(
    examples: Sequence[Example], tokenizer: PairTokenizer, size: int, rng: random.Random
) -> list[Batch]:
    """Return the batches of one epoch in random order, each of examples of about one length."""
    ready = [encoded(windowed(example, rng), tokenizer) for example in examples]
    ready.sort(key=lambda each: len(each.ids) + rng.random() * _JITTER)
    found = [_padded(tuple(ready[at : at + size])) for at in range(0, len(ready), size)]
    rng.shuffle(found)
    return found


def _padded(examples: tuple[Encoded, ...]) -> Batch:
    ids = [torch.tensor(each.ids) for each in examples]
    kinds = [torch.tensor(each.kinds) for each in examples]
    ones = [torch.ones_like(each) for each in ids]
    pad = torch.nn.utils.rnn.pad_sequence
    return Batch(
        examples,
        ids=pad(ids, batch_first=True),  # 0 is BERT's [PAD]
        attention=pad(ones, batch_first=True),
        kinds=pad(kinds, batch_first=True),
    )
