"""Who embeds the passages of a new generation: this process, or whoever takes its place.

Owns the protocol, and the threads of this process.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from index.embedding.encoder import Encoder
from index.records import Vector

_THREADS = 2  # onnxruntime releases the interpreter; more than the machine's cores gain nothing


class Embedder(Protocol):
    """Embeds many texts with the encoder of a generation."""

    def embed(self, encoder: Encoder, texts: Iterable[str]) -> Iterator[Vector]:
        """Yield the vector of each text, in order: the same bytes as ``encoder.encode`` gives."""
        ...


class Threads:
    """Embeds in threads of this process, each text by itself."""

    def embed(self, encoder: Encoder, texts: Iterable[str]) -> Iterator[Vector]:
        """Yield the vector of each text, in order."""
        with ThreadPoolExecutor(_THREADS) as pool:
            yield from pool.map(encoder.encode, texts)
