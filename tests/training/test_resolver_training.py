"""How the resolver is trained: what is marked, what is lost, and what is written."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertConfig

from assistant.models.pinned import RERANKER
from assistant.models.reader import Reader
from assistant.models.resolver import Resolver as Opened
from assistant.schemas import Turn
from index.words import terms
from tests.training.reader.export import export as export_reader
from tests.training.reader.network import STATES_AFTER, Network
from tests.training.resolver.examples import Example, written
from tests.training.resolver.network import Resolver, export
from tests.training.resolver.train import loss_of, marked, train

pytestmark = pytest.mark.slow

_HISTORY = (
    Turn(role="user", content="What is inserted?"),
    Turn(role="assistant", content="Thin needles are inserted into the skin."),
)
_EXAMPLE = Example("Are they clean?", _HISTORY, frozenset(terms("needles")))
_ALONE = Example("Is there a lift?", _HISTORY, frozenset())


@pytest.fixture
def network() -> Network:
    """Make a network of the reader's form with random weights, two layers above the lower half."""
    torch.manual_seed(7)
    shape = {"hidden_size": 32, "num_hidden_layers": STATES_AFTER + 2, "num_attention_heads": 2}
    return Network(BertConfig(vocab_size=30522, intermediate_size=64, **shape))


@pytest.fixture
def reader(network: Network, tmp_path: Path) -> Iterator[Reader]:
    """Export the network as a reader and open it."""
    export_reader(network, RERANKER.file().parent / "tokenizer.json", tmp_path)
    opened = Reader(tmp_path, threads=1)
    yield opened
    opened.close()


def test_the_words_left_unsaid_are_marked_and_grammar_is_not(reader: Reader) -> None:
    """Of the visitor's words and the answer's; the question itself has no label."""
    found = marked(_EXAMPLE, reader)
    # Each of these words is one token; "what", "is", "are", "into" and "the" are grammar.
    assert np.nansum(found.labels) == 1
    assert np.sum(found.labels == 0) == len(["inserted", "Thin", "inserted", "skin"])
    assert len(found.states) == len(found.labels)
    assert np.isnan(found.labels[: len(["[CLS]", "are", "they", "clean", "?", "[SEP]"])]).all()


def test_padding_teaches_nothing(network: Network, reader: Reader) -> None:
    """The loss of a batch is the mean over the labelled tokens of its pairs, each by itself."""
    resolver = Resolver(network).eval()
    longer = Example("And?", (*_HISTORY, *_HISTORY), frozenset())
    pairs = [marked(_EXAMPLE, reader), marked(longer, reader)]
    sizes = [int(np.sum(~np.isnan(pair.labels))) for pair in pairs]
    alone = [loss_of(resolver, [pair]).item() for pair in pairs]
    together = loss_of(resolver, pairs).item()
    assert together == pytest.approx(np.average(alone, weights=sizes), rel=1e-4)


def test_training_learns_and_what_is_exported_says_the_same(
    network: Network, reader: Reader, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file that the product opens gives the network's logits, and the right word the best."""
    torch.manual_seed(7)
    resolver = Resolver(network)
    first = loss_of(resolver.eval(), [marked(_EXAMPLE, reader)]).item()
    assert train(resolver, reader, [[_EXAMPLE, _ALONE]] * 30, seed=1) < first
    assert "step 30/30: loss" in capsys.readouterr().err
    export(resolver, tmp_path / "resolver.onnx")
    opened = Opened(tmp_path / "resolver.onnx", reader)
    words = opened.unsaid(_EXAMPLE.question, _HISTORY)
    found = marked(_EXAMPLE, reader)
    with torch.no_grad():
        logits = resolver(torch.from_numpy(found.states[None])).numpy()[0]
    expected = [float(logit) for logit in logits[6:-1]]  # behind the question, before the end
    read = {
        word.start: word.logit
        for word in words
        if word.place == 1 and terms(_HISTORY[1].content[word.start : word.end])
    }
    needles = len("Thin ")
    assert len(read) == len(["Thin", "needles", "inserted", "skin"])
    assert read[needles] == max(read.values())
    # "A: Thin needles are inserted into the skin." comes first: "needles" is its fourth token.
    assert read[needles] == pytest.approx(expected[3], abs=0.1)


def test_every_conversation_lacks_what_its_kind_says() -> None:
    """A question that stands alone lacks nothing; what others lack stands in the conversation."""
    examples = list(written())
    assert len(examples) == len({(each.question, each.history) for each in examples}) == 2400
    assert all(each.history[-1].role == "assistant" for each in examples)
    lost = sum(len(each.lost) for each in examples)
    said = [frozenset(terms(" . ".join(t.content for t in each.history))) for each in examples]
    reach = sum(len(each.lost & stems) for each, stems in zip(examples, said, strict=True))
    assert reach / lost > 0.99
