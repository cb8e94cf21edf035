"""The reader: whether a passage answers a question, and which of its sentences does.

Owns the small model trained for that (``tests/training/reader``) and how a passage is put to it. It
reads a sentence where it stands, which the cross-encoder does not; the cross-encoder knows what a
text is about, which the reader has partly unlearned. So both are asked.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.models.pairs import Pair, PairTokenizer, in_context
from assistant.models.stopping import checkpoint
from index.embedding.encoder import onnx_session
from index.embedding.packaged import require_sha256, sha256_of
from index.errors import ModelError
from index.records import Passage

SHIPPED = "shipped"
_SHIPPED_SHA256 = "9e7d92936696372d5b2789f6282201f46c0b78233b4375cabb4cc65310edd6c5"
_REINSTALL = "reinstall footnote-assistant"
_OUTPUTS = {"answers", "tokens", "states"}
UNREAD = -12.0  # the logit of a sentence beyond the window; below any that the reader gives


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader makes of a passage: logits that it, and each of its sentences, answers."""

    answers: float
    sentences: tuple[float, ...]


def reader_folder(reader: str) -> Path:
    """Return the reader's folder, hash checked if shipped. Raises ``ModelError``."""
    if reader == SHIPPED:
        folder = Path(str(files("assistant").joinpath("weights")))
        require_sha256(folder / "model.onnx", _SHIPPED_SHA256, mend=_REINSTALL)
        return folder
    return Path(reader)


def reader_sha256(reader: str) -> str:
    """Return the SHA-256 of a reader that was opened, the pinned one if shipped."""
    return _SHIPPED_SHA256 if reader == SHIPPED else sha256_of(Path(reader) / "model.onnx")


class Reader:
    """The reader opened from a folder with ``model.onnx`` and ``tokenizer.json``.

    Raises ``ModelError``. Safe to use from several threads.
    """

    def __init__(self, folder: Path, *, threads: int) -> None:
        self._tokenizer = PairTokenizer(folder / "tokenizer.json")
        self._session = onnx_session(folder / "model.onnx")
        outputs = {output.name for output in self._session.get_outputs()}
        if lacking := sorted(_OUTPUTS - outputs):
            raise ModelError(
                f"{folder / 'model.onnx'} is no reader: it does not give {', '.join(lacking)}; "
                "name a folder that tests/training/reader made"
            )
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="read")

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """Return a reading of each passage, in order, each by itself. May raise ``Stopped``."""
        check = checkpoint()
        read = self._threads.map(lambda passage: self._read(check, question, passage), passages)
        return list(read)

    def states(self, question: str, text: str) -> tuple[Pair, npt.NDArray[np.float32]]:
        """Return a pair and what the lower half makes of it, shape ``(1, tokens, 384)``."""
        pair = self._tokenizer.pair(question, text)
        (states,) = self._session.run(["states"], pair.feeds)
        return pair, states

    def _read(self, check: Callable[[], None], question: str, passage: Passage) -> Reading:
        check()
        text = in_context(passage)
        pair = self._tokenizer.pair(question, text)
        answers, tokens = self._session.run(["answers", "tokens"], pair.feeds)
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
