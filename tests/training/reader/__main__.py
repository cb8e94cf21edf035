"""Train the reader, and write the files that the product opens.

    FOOTNOTE_BENCH=DIR python -m tests.training.reader [--out DIR] [--seed N] [--limit N]

Reads squad2_dev_half, medquad, the golden questions and the visitors'; ``split.py`` says which of
them it leaves alone. Learns twice from 12,200 examples, in 1,522 steps, three quarters of an hour
and 7 GB of memory on two cores.

Set ``MALLOC_MMAP_THRESHOLD_`` and ``MALLOC_TRIM_THRESHOLD_`` to 4294967296 in the environment, and
training is 1.5 times as fast: tensors then reuse memory instead of faulting in fresh pages at every
step. On a processor without bfloat16 arithmetic ``--fp32`` is faster. The same seed gives the same
examples in the same order; the weights also depend on the processor and the number of threads.
"""

import argparse
import sys
from pathlib import Path

import torch

from assistant.models.opening import open_models
from assistant.models.pairs import PairTokenizer
from assistant.models.pinned import RERANKER
from assistant.settings import Settings
from index.embedding.packaged import sha256_of
from index.errors import FootnoteError
from tests.training.reader.examples import collect
from tests.training.reader.export import export
from tests.training.reader.medquad import medquad
from tests.training.reader.network import from_quantised
from tests.training.reader.owned import golden, visitors
from tests.training.reader.squad2 import squad2
from tests.training.reader.train import Schedule, train

_PRODUCT = Path("assistant/weights")


def main() -> None:
    """Gather, train, export, and print the last losses and the model's hash."""
    options = _options()
    folder = RERANKER.file().parent
    models = open_models(Settings(workers=options.threads))
    sources = {
        "squad2": squad2,
        "medquad": medquad,
        "golden": golden(models),
        "visitors": visitors(models, options.replay),
    }
    examples = collect(sources, options.seed, options.limit, options.replay)
    models.close()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    network = from_quantised(options.start or folder)
    schedule = Schedule(
        seed=options.seed, epochs=options.epochs, half=not options.fp32, pace=options.pace
    )
    loss = train(network, PairTokenizer(folder / "tokenizer.json"), examples, schedule)
    export(network, folder / "tokenizer.json", options.out)
    model = options.out / "model.onnx"
    print(f"loss of passages {loss.passage:.3f}, of sentences {loss.sentence:.3f} (last steps)")
    print(f"{model}: {model.stat().st_size / 1e6:.1f} MB, SHA-256 {sha256_of(model)}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.training.reader",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--out", type=Path, default=_PRODUCT, help="folder for the two files")
    parser.add_argument("--start", type=Path, help="a reader to go on from: a folder")
    parser.add_argument("--replay", type=float, default=1.0, help="share of all but the last sites")
    parser.add_argument("--pace", type=float, default=1.0, help="scales the learning rates")
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--limit", type=int, help="examples a corpus, to try the script out")
    parser.add_argument("--fp32", action="store_true", help="no bfloat16")
    return parser.parse_args()


if __name__ == "__main__":
    try:
        main()
    except FootnoteError as error:
        sys.exit(str(error))
