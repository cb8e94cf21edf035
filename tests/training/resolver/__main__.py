"""Train the resolver, and write the file that the product opens.

    FOOTNOTE_BENCH=DIR python -m tests.training.resolver [--out FILE] [--seed N] [--epochs N]

Reads ``conversations.jsonl`` and the half of canard_dev that is developed on. On two cores it takes
a quarter of an hour with ``MALLOC_MMAP_THRESHOLD_`` and ``MALLOC_TRIM_THRESHOLD_`` set to
4294967296 in the environment, and longer without. The same seed gives the same examples in the same
order; the weights also depend on the processor and the number of threads.
"""

import argparse
import random
import sys
from contextlib import closing
from pathlib import Path

import torch

from assistant.models.pinned import READER
from assistant.models.reader import Reader
from index.embedding.packaged import sha256_of
from index.errors import FootnoteError
from tests.training.resolver.examples import canard, written
from tests.training.resolver.network import export, untrained
from tests.training.resolver.train import train

_PRODUCT = Path("assistant/weights/resolver.onnx")


def main() -> None:
    """Gather, train, export, and print the last loss and the model's hash."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.training.resolver",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--out", type=Path, default=_PRODUCT)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--limit", type=int, help="examples an epoch, to try the script out")
    options = parser.parse_args()
    torch.set_num_threads(2)
    torch.manual_seed(options.seed)
    rng = random.Random(options.seed)
    conversations = list(written())
    epochs = [[*conversations, *canard(rng)][: options.limit] for _ in range(options.epochs)]
    resolver = untrained()
    with closing(Reader(READER.file().parent, threads=1)) as reader:
        loss = train(resolver, reader, epochs, options.seed)
    export(resolver, options.out)
    print(f"loss {loss:.4f} (last steps)")
    size = options.out.stat().st_size / 1e6
    print(f"{options.out}: {size:.1f} MB, SHA-256 {sha256_of(options.out)}")


if __name__ == "__main__":
    try:
        main()
    except FootnoteError as error:
        sys.exit(str(error))
