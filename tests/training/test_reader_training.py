"""How the reader is trained: nothing is lost on the way in, in a window, or on the way out."""

import random
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import BertConfig

from assistant.models.pairs import PairTokenizer
from assistant.models.pinned import READER, RERANKER
from assistant.models.reader import Reader
from assistant.models.reranker import Reranker
from index.embedding.encoder import onnx_session
from index.errors import ModelError
from index.records import Passage, Sentence
from tests.training.reader.dequantise import dequantised
from tests.training.reader.examples import Example
from tests.training.reader.export import export
from tests.training.reader.network import Network, from_quantised
from tests.training.reader.train import Schedule, passage_loss, rate, sentence_loss, train
from tests.training.reader.windows import Batch, Encoded, batches, encoded, windowed

pytestmark = pytest.mark.slow

_TINY = {"hidden_size": 32, "num_hidden_layers": 8, "num_attention_heads": 2}
_PAIRS = (
    ("what causes enlarged pores?", "Pores look larger when oil and dead skin stretch them."),
    ("who invented it", "The sky is blue."),
    ("where is Normandy", "Normandy is a region in France."),
)


@pytest.fixture(scope="module")
def tokenizer() -> PairTokenizer:
    """Open the packaged cross-encoder's tokenizer."""
    return PairTokenizer(RERANKER.file().parent / "tokenizer.json")


@pytest.fixture
def tiny() -> Network:
    """Make a network of the reader's form with random weights."""
    torch.manual_seed(7)
    return Network(BertConfig(vocab_size=30522, intermediate_size=64, **_TINY))


def _rng(seed: int) -> random.Random:
    return random.Random(seed)  # no secret


def _example(labels: tuple[bool | None, ...] = (False, True, False), **changed: object) -> Example:
    sentences = [f"Sentence {number} says this." for number in range(len(labels))]
    spans, start = [], 0
    for sentence in sentences:
        spans.append((start, start + len(sentence)))
        start += len(sentence) + 1
    fields = {
        "heading": "A heading",
        "text": " ".join(sentences),
        "sentences": tuple(spans),
        "labels": labels,
        "answers": True in labels,
        **changed,
    }
    return Example("squad2", "answering", "article", "what does it say?", **fields)


def test_the_dequantised_weights_say_what_the_packaged_model_says(
    tokenizer: PairTokenizer,
) -> None:
    """Training starts from the cross-encoder, not from something near it."""
    folder = RERANKER.file().parent
    network = from_quantised(folder).eval()
    reranker = Reranker(folder, threads=1)
    for question, text in _PAIRS:
        feeds = {name: torch.tensor(f) for name, f in tokenizer.pair(question, text).feeds.items()}
        with torch.no_grad():
            answers, tokens, _ = network(**feeds)
        assert answers.item() == pytest.approx(reranker.score(question, [text])[0], abs=0.5)
        assert tokens.shape == feeds["input_ids"].shape
    reranker.close()


def test_a_reader_can_be_trained_further_from_where_it_is(tokenizer: PairTokenizer) -> None:
    """The shipped reader's weights come back with its head, and give its logits."""
    folder = READER.file().parent
    network, session = from_quantised(folder).eval(), onnx_session(folder / "model.onnx")
    for question, text in _PAIRS:
        feeds = tokenizer.pair(question, text).feeds
        with torch.no_grad():
            found = network(**{name: torch.tensor(feed) for name, feed in feeds.items()})
        outputs = session.run(["answers", "tokens", "states"], feeds)
        for logits, expected in zip(found, outputs, strict=True):
            assert logits.numpy().reshape(-1) == pytest.approx(expected.reshape(-1), abs=1.0)


@pytest.mark.parametrize("nodes", [[], ["/another/layer_quant"]])
def test_a_graph_that_is_no_cross_encoder_is_refused(nodes: list[str], tmp_path: Path) -> None:
    """A foreign model is named, not half read."""
    products = [
        onnx.helper.make_node("MatMulInteger", ["x", "w_quantized"], [name], name=name)
        for name in nodes
    ]
    graph = onnx.helper.make_graph(products, "graph", [], [])
    onnx.save(onnx.helper.make_model(graph), tmp_path / "model.onnx")
    with pytest.raises(ModelError, match=r"no BERT layer|no quantised BERT"):
        dequantised(tmp_path / "model.onnx")


@given(st.lists(st.booleans(), min_size=1, max_size=6), st.integers(0, 1000))
def test_a_window_keeps_its_sentences_and_their_labels(labels: list[bool], seed: int) -> None:
    """A sentence that answers is marked so wherever it is cut out, and a window without is not."""
    whole = _example(tuple(labels))
    window = windowed(whole, _rng(seed))
    before = dict(zip(_quotes(whole), whole.labels, strict=True))
    after = dict(zip(_quotes(window), window.labels, strict=True))
    assert after.items() <= before.items()
    assert after
    assert window.answers == any(after.values())
    assert window.heading in {whole.heading, ""}


def _quotes(example: Example) -> list[str]:
    return [example.text[start:end] for start, end in example.sentences]


def test_a_passage_with_unknown_labels_is_never_cut() -> None:
    """What remained might not answer any more."""
    whole = _example((None, None, None), answers=True)
    assert all(windowed(whole, _rng(seed)) is whole for seed in range(50))


def test_sentences_are_found_among_the_tokens(tokenizer: PairTokenizer) -> None:
    """A sentence's span holds its own tokens and no other's; the heading's are none of them."""
    found = encoded(_example(), tokenizer)
    sizes = {end - start for start, end in found.sentences}
    assert sizes == {5}  # "Sentence", a number, "says", "this", "."
    assert found.labels == (False, True, False)
    starts = [start for start, _ in found.sentences]
    assert len({found.ids[start] for start in starts}) == 1
    assert found.sentences[-1][1] == len(found.ids) - 1
    assert {found.kinds[start] for start in starts} == {1}


def test_a_sentence_beyond_the_window_has_no_label(tokenizer: PairTokenizer) -> None:
    """What is not read is not learnt from."""
    found = encoded(_example((False,) * 200), tokenizer)
    assert len(found.ids) == 512
    assert len(found.sentences) == len(found.labels) < 200


def test_a_batch_is_padded_to_its_longest(tokenizer: PairTokenizer) -> None:
    """Padding is masked, and every example comes once."""
    examples = [_example((True,) * size) for size in (1, 2, 5)]
    (batch,) = batches(examples, tokenizer, 16, _rng(3))
    lengths = [len(each.ids) for each in batch.examples]
    assert batch.attention.sum(dim=1).tolist() == lengths
    assert batch.ids.shape == batch.kinds.shape == (3, max(lengths))


def _batch(*examples: Encoded) -> Batch:
    nothing = torch.zeros(0)
    return Batch(examples, nothing, nothing, nothing)


def _read(labels: tuple[bool | None, ...], *, answers: bool = True) -> Encoded:
    spans = tuple((2 * at, 2 * at + 2) for at in range(len(labels)))
    return Encoded((), (), spans, labels, answers)


def test_the_sentence_loss_by_hand() -> None:
    """Silent sentences count each, of the answering ones the best, unknown ones not at all."""
    tokens = torch.tensor([[1.0, 3.0, -1.0, -1.0, 0.0, 4.0, 9.0, 9.0]])
    # Means 2 (silent), -1 and 2 (answering: the better counts, twice), 9 (unknown).
    loss = sentence_loss(tokens, _batch(_read((False, True, True, None))))
    silent, answering = np.log1p(np.exp(2)), 2 * np.log1p(np.exp(-2))
    assert loss.item() == pytest.approx((silent + answering) / 2, rel=1e-5)


def test_without_labels_the_sentences_teach_nothing() -> None:
    """A batch of unknown sentences leaves the loss finite and nought."""
    tokens = torch.ones((1, 2), requires_grad=True)
    assert sentence_loss(tokens, _batch(_read((None,)))).item() == 0


def test_the_passage_loss_by_hand() -> None:
    """The mean over examples, answering and silent."""
    batch = _batch(_read(()), _read((), answers=False))
    loss = passage_loss(torch.tensor([2.0, 0.0]), batch)
    expected = (np.log1p(np.exp(-2)) + np.log(2)) / 2
    assert loss.item() == pytest.approx(expected, rel=1e-5)


def test_the_rate_rises_and_falls() -> None:
    """Warm-up, then a straight line to nought."""
    assert rate(0, 100) == pytest.approx(1 / 6)
    assert rate(49, 100) == pytest.approx(0.51)
    assert rate(99, 100) == pytest.approx(0.01)


def test_training_moves_the_upper_layers_alone(
    tiny: Network, tokenizer: PairTokenizer, capsys: pytest.CaptureFixture[str]
) -> None:
    """Embeddings and the lower six layers stay as they are; progress and losses are told."""
    before = {name: weights.clone() for name, weights in tiny.state_dict().items()}
    train(tiny, tokenizer, [_example(), _example((False, False))], Schedule(half=False))
    moved = {name for name, now in tiny.state_dict().items() if not torch.equal(now, before[name])}
    assert {"token.weight", "classifier.weight", "bert.pooler.dense.weight"} <= moved
    frozen = ("bert.embeddings.", *(f"bert.encoder.layer.{layer}." for layer in range(6)))
    assert not any(name.startswith(frozen) for name in moved)
    assert any(name.startswith("bert.encoder.layer.6.") for name in moved)
    assert "step 1/1: loss of passages" in capsys.readouterr().err


def test_the_product_reads_what_is_exported_as_the_network_does(
    tiny: Network, tokenizer: PairTokenizer, tmp_path: Path
) -> None:
    """Weights have a scale a channel, and question, heading and sentences lie as in training."""
    export(tiny, RERANKER.file().parent / "tokenizer.json", tmp_path)
    graph = onnx.load(tmp_path / "model.onnx").graph
    held = {entry.name: onnx.numpy_helper.to_array(entry) for entry in graph.initializer}
    products = {node.input[1] for node in graph.node if node.op_type == "MatMulInteger"}
    layers = [name for name in products & held.keys() if held[name].shape[1] > 1]
    assert len(layers) == 6 * 8 + 1  # of each layer six matrices, and the pooler's
    for name in layers:
        scale = held[name.removesuffix("_quantized") + "_scale"]
        assert scale.shape == (held[name].shape[1],)

    example = _example()
    sentences = tuple(Sentence(start, end, 0, "paragraph") for start, end in example.sentences)
    passage = Passage(0, 0, 0, 0, len(example.text), example.text, ("A heading",), sentences)
    reader = Reader(tmp_path, threads=1)
    (reading,) = reader.read(example.question, [passage])
    reader.close()
    found = encoded(example, tokenizer)
    ids, kinds = torch.tensor([found.ids]), torch.tensor([found.kinds])
    with torch.no_grad():
        answers, tokens, _ = tiny(ids, torch.ones_like(ids), kinds)
    means = [tokens[0, start:end].mean().item() for start, end in found.sentences]
    assert reading.answers == pytest.approx(answers.item(), abs=0.05)
    assert reading.sentences == pytest.approx(means, abs=0.05)
