"""Cross-encoder: how well a text answers a question."""

from collections.abc import Sequence
from pathlib import Path

from assistant.models.pinned import PairModel


class Reranker:
    """A cross-encoder opened from a folder. Safe to use from several threads."""

    def __init__(self, folder: Path, *, threads: int) -> None:
        self._model = PairModel(folder, threads=threads)

    def close(self) -> None:
        """Let the threads go."""
        self._model.close()

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return a logit for each text, in order; the higher, the better it answers."""
        return self.score_pairs([(question, text) for text in texts])

    def score_pairs(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Return a logit for each pair of question and text, in order. May raise ``Stopped``."""
        return self._model.each(self._logit, pairs)

    def _logit(self, pair: tuple[str, str]) -> float:
        (logits,) = self._model.run(None, self._model.tokenizer.pair(*pair).feeds)
        return float(logits.reshape(-1)[0])
