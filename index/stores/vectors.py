"""FAISS: unit vectors -> the nearest passages by inner product.

Owns the vectors' bytes and their order: row i is passage i. Flat, hence exact; measured fit up to
about 300,000 passages. Knows nothing of files: it is given bytes that were checked.
"""

import io
from collections.abc import Sequence
from threading import Lock
from typing import Final, cast

import faiss
import numpy as np

from index.records import Hit, Matrix, Vector

_FLAT_BY_INNER_PRODUCT = b"IxFI"  # how FAISS begins such an index; it reads dozens of other kinds
_PARSING: Final = Lock()  # FAISS keeps its limits for the whole process
_LOOPS = 16  # a flat index needs none; FAISS takes 0 for no limit


class Vectors:
    """Vectors opened from their bytes. Safe to search from several threads.

    Raises ``ValueError`` for bytes that are no flat index by inner product.
    """

    def __init__(self, data: bytes) -> None:
        # One thread a search: callers run side by side, and sums keep their order.
        faiss.omp_set_num_threads(1)
        self._index = _parsed(data)

    def __len__(self) -> int:
        """Return the number of passages."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """The length of every vector."""
        return int(self._index.d)

    def search(self, query: Vector, depth: int) -> list[Hit]:
        """Return up to ``depth`` hits, best first, ties by passage id. ``query`` is ``(dim,)``."""
        if depth < 1 or not len(self):
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


def vectors_bytes(vectors: Sequence[Vector], dimension: int) -> bytes:
    """Return what ``Vectors`` opens, in passage order."""
    index = faiss.IndexFlatIP(dimension)
    index.add(np.asarray(vectors, dtype=np.float32).reshape(len(vectors), dimension))
    return faiss.serialize_index(index).tobytes()


def _parsed(data: bytes) -> faiss.IndexFlatIP:
    if not data.startswith(_FLAT_BY_INNER_PRODUCT):
        raise ValueError("not a flat index by inner product")
    with _PARSING:
        # What the bytes claim to hold cannot be larger than they are.
        faiss.set_deserialization_vector_byte_limit(len(data))
        faiss.set_deserialization_loop_limit(_LOOPS)
        try:
            # Unlike deserialize_index it reads from the bytes themselves, not from a copy of all.
            reader = faiss.PyCallbackIOReader(io.BytesIO(data).read)  # type: ignore[attr-defined]  # FAISS documents it, its type hints lack it
            return cast("faiss.IndexFlatIP", faiss.read_index(reader))  # as its first bytes said
        except RuntimeError as error:
            raise ValueError(f"FAISS cannot read it: {error}") from error
