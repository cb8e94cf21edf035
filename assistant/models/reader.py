"""The reader: whether a passage answers a question, and which of its sentences does.

Owns the small model trained for that (``tests/training/reader``) and how a passage is put to it. It
reads a sentence where it stands, which the cross-encoder does not; the cross-encoder knows what a
text is about, which the reader has partly unlearned. So both are asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.models.pairs import Pair, in_context
from assistant.models.pinned import PairModel
from index.errors import ModelError
from index.records import Passage

_OUTPUTS = {"answers", "tokens", "states"}
UNREAD = -12.0  # the logit of a sentence beyond the window; below any that the reader gives


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader makes of a passage: logits that it, and each of its sentences, answers."""

    answers: float
    sentences: tuple[float, ...]


class Reader:
    """The reader opened from a folder with ``model.onnx`` and ``tokenizer.json``.

    Raises ``ModelError``. Safe to use from several threads.
    """

    def __init__(self, folder: Path, *, threads: int) -> None:
        self._model = PairModel(folder, threads=threads)
        if lacking := sorted(_OUTPUTS - self._model.outputs):
            self.close()
            raise ModelError(
                f"{folder / 'model.onnx'} is no reader: it does not give {', '.join(lacking)}; "
                "name a folder that tests/training/reader made"
            )

    def close(self) -> None:
        """Let the threads go."""
        self._model.close()

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """Return a reading of each passage, in order, each by itself. May raise ``Stopped``."""
        return self._model.each(partial(self._read, question), passages)

    def states(self, question: str, text: str) -> tuple[Pair, npt.NDArray[np.float32]]:
        """Return a pair and what the lower half makes of it, shape ``(1, tokens, 384)``."""
        pair = self._model.tokenizer.pair(question, text)
        (states,) = self._model.run(["states"], pair.feeds)
        return pair, states

    def _read(self, question: str, passage: Passage) -> Reading:
        text = in_context(passage)
        pair = self._model.tokenizer.pair(question, text)
        answers, tokens = self._model.run(["answers", "tokens"], pair.feeds)
        logits = tokens.reshape(-1)[pair.start : pair.start + len(pair.offsets)]
        starts = np.asarray([start for start, _ in pair.offsets])
        ends = np.asarray([end for _, end in pair.offsets])
        # Where the passage's own text begins behind its headings.
        shift = len(text) - len(passage.text) - passage.start
        sentences = []
        for sentence in passage.sentences:
            inside = (starts >= sentence.start + shift) & (ends <= sentence.end + shift)
            sentences.append(float(logits[inside].mean()) if inside.any() else UNREAD)
        return Reading(float(answers.reshape(-1)[0]), tuple(sentences))
