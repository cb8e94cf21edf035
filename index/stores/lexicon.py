"""BM25 over terms.

Owns the lexicon's files, which are those that bm25s itself saves and loads. Term ids count a sorted
vocabulary, so that the files do not depend on hash seeds; ties are broken by passage id. Knows
nothing of where the files lie: it is given bytes that were checked.
"""

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import bm25s
import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter

from index.records import Hit
from index.words import terms

_ARRAYS = ("data", "indices", "indptr")
_PARAMETERS = ("k1", "b", "delta", "method", "idf_method", "dtype", "int_dtype")
LEXICON_FILES = (
    "data.csc.index.npy",
    "indices.csc.index.npy",
    "indptr.csc.index.npy",
    "params.index.json",
    "vocab.index.json",
)


class Lexicon:
    """BM25 opened from the bytes of ``LEXICON_FILES``. Safe to search from several threads.

    Raises ``ValueError`` or ``LookupError`` for bytes that are no such files.
    """

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        parameters = TypeAdapter(dict[str, Any]).validate_json(contents["params.index.json"])
        self._vocabulary = TypeAdapter(dict[str, int]).validate_json(contents["vocab.index.json"])
        self._bm25 = bm25s.BM25(method="lucene", k1=parameters["k1"], b=parameters["b"])
        self._bm25.scores = {
            "num_docs": parameters["num_docs"],
            **{
                name: np.load(io.BytesIO(contents[f"{name}.csc.index.npy"]), allow_pickle=False)
                for name in _ARRAYS
            },
        }
        self._bm25.nonoccurrence_array = None  # only other variants of BM25 have one
        self._pointers = self._bm25.scores["indptr"]

    def search(self, text: str, depth: int) -> list[Hit]:
        """Return up to ``depth`` passages sharing a term with the text, best first."""
        ids = [self._vocabulary[term] for term in terms(text) if term in self._vocabulary]
        if not ids:
            return []
        scores = self._bm25.get_scores_from_ids(ids)
        found = np.flatnonzero(scores > 0)
        best = found[np.lexsort((found, -scores[found]))][:depth]
        return [Hit(int(row), float(scores[row])) for row in best]

    def frequency(self, term: str) -> int:
        """Return the number of passages that hold a stem."""
        row = self._vocabulary.get(term)
        if row is None:
            return 0
        return int(self._pointers[row + 1] - self._pointers[row])


def lexicon_files(texts: Sequence[str]) -> dict[str, bytes]:
    """Index texts in passage order and return the bytes of ``LEXICON_FILES``."""
    # The empty term stands for a text without words, and for no text at all: a mean length of
    # zero cannot be divided by.
    tokenized = [terms(text) or [""] for text in texts] or [[""]]
    vocabulary = {term: row for row, term in enumerate(sorted(set().union(*tokenized)))}
    ids = [[vocabulary[term] for term in text] for text in tokenized]
    bm25 = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    bm25.index((ids, vocabulary), create_empty_token=False, show_progress=False)
    arrays = {f"{name}.csc.index.npy": _saved(bm25.scores[name]) for name in _ARRAYS}
    parameters = {
        **{name: getattr(bm25, name) for name in _PARAMETERS},
        "num_docs": len(tokenized),
        "version": bm25s.__version__,
        "backend": bm25.backend,
    }
    return {
        **arrays,
        "params.index.json": json.dumps(parameters, indent=4).encode(),
        "vocab.index.json": json.dumps(vocabulary, ensure_ascii=False).encode(),
    }


def _saved(array: npt.NDArray[Any]) -> bytes:
    written = io.BytesIO()
    np.save(written, array, allow_pickle=False)
    return written.getvalue()
