"""FAISS: unit vectors -> the nearest passages by inner product.

Owns the vectors' file and their order: row i is passage i. Flat, hence exact; measured fit up to
about 300,000 passages.
"""

from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from index.encoder import Vector
from index.records import Hit

Matrix = npt.NDArray[np.float32]


class Vectors:
    """Vectors opened from their file. Safe to search from several threads."""

    def __init__(self, path: Path) -> None:
        # One thread a search: callers run side by side, and sums keep their order.
        faiss.omp_set_num_threads(1)
        self._index = faiss.read_index(str(path))

    def __len__(self) -> int:
        """Return the number of passages."""
        return int(self._index.ntotal)

    def search(self, query: Vector, depth: int) -> list[Hit]:
        """Return up to ``depth`` hits, best first, ties by passage id. ``query`` is ``(dim,)``."""
        if depth < 1:
            return []
        # Of passages that tie with the last one FAISS keeps any: look on until they are all in.
        wanted = min(depth + 1, len(self))
        scores, rows = self._index.search(query[np.newaxis], wanted)
        while wanted < len(self) and scores[0, -1] == scores[0, depth - 1]:
            wanted = min(2 * wanted, len(self))
            scores, rows = self._index.search(query[np.newaxis], wanted)
        best = np.lexsort((rows[0], -scores[0]))[:depth]
        return [Hit(int(rows[0, rank]), float(scores[0, rank])) for rank in best]

    def all(self) -> Matrix:
        """Return every vector, shape ``(passages, dim)``."""
        vectors: Matrix = self._index.reconstruct_n(0, len(self))
        return vectors


def write_vectors(path: Path, vectors: Sequence[Vector], dimension: int) -> None:
    """Write vectors in passage order."""
    index = faiss.IndexFlatIP(dimension)
    index.add(np.asarray(vectors, dtype=np.float32).reshape(len(vectors), dimension))
    faiss.write_index(index, str(path))
