"""The resolver: which words of a conversation a question leaves unsaid.

Owns the small model trained for that (``tests/training/resolver``) and how a conversation is put to
it. It takes every word of the conversation for itself and says whether it belongs in the question
(Voskarides et al., "Query Resolution for Conversational Search with Limited Supervision", SIGIR
2020). Its lower half is the reader's.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.models.reader import Reader
from assistant.schemas import Turn
from index.embedding.encoder import onnx_session

# Who speaks, as the model has learnt it.
_SPEAKER = {"user": "Q: ", "assistant": "A: "}
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a conversation: its message, its code points there, and the logit that it is meant.

    ``place`` counts the messages before the word's own.
    """

    place: int
    start: int
    end: int
    logit: float


class Resolver:
    """The resolver, opened upon the reader that it shares its lower half with.

    Raises ``ModelError``. Safe to use from several threads.
    """

    def __init__(self, file: Path, reader: Reader) -> None:
        self._session = onnx_session(file)
        self._reader = reader

    def unsaid(self, question: str, messages: Sequence[Turn]) -> list[Word]:
        """Return the words of a conversation with a logit each, as far as they fit the window.

        The latest message is read first: what does not fit is the oldest.
        """
        text, begins = laid_out(messages)
        pair, states = self._reader.states(question, text)
        (logits,) = self._session.run(["tokens"], {"states": states})
        read = logits.reshape(-1)[pair.start : pair.start + len(pair.offsets)]
        return [
            Word(place, start, end, float(read[tokens].mean()))
            for place, start, end, tokens in words_read(messages, begins, pair.offsets)
        ]


def laid_out(messages: Sequence[Turn]) -> tuple[str, list[int]]:
    """Return a conversation as the model reads it, and where in that text each message begins."""
    text, begins = "", [0] * len(messages)
    for place in reversed(range(len(messages))):
        turn = messages[place]
        begins[place] = len(text) + len(_SPEAKER[turn.role])
        text += f"{_SPEAKER[turn.role]}{turn.content}\n"
    return text.rstrip("\n"), begins


def words_read(
    messages: Sequence[Turn], begins: Sequence[int], offsets: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, int, slice]]:
    """Yield the words that a window holds: message, start and end there, and which tokens they are.

    ``offsets`` are those of the tokens in the text that ``laid_out`` made.
    """
    starts, ends = [start for start, _ in offsets], [end for _, end in offsets]
    for place, (turn, begin) in enumerate(zip(messages, begins, strict=True)):
        for word in _WORD.finditer(turn.content):
            start, end = begin + word.start(), begin + word.end()
            tokens = slice(bisect_right(ends, start), bisect_left(starts, end))
            if tokens.start < tokens.stop:
                yield place, word.start(), word.end(), tokens
