"""A question and a text as one sequence of tokens, the way a cross-encoder reads them.

Owns the window, how much of a question goes into it, and which token of the text stands where.
"""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from index.errors import ModelError
from index.records import Passage

_WINDOW = 512  # tokens of a pair, with the three special ones
# A question beyond this says the rest in other words; each token of it is paid for in every pair.
_QUESTION = 128

Feeds = dict[str, npt.NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair, ready for a model.

    ``feeds`` holds arrays of shape ``(1, tokens)``; the text's first token stands at ``start``,
    and ``offsets`` are the code points ``(start, end)`` of each of its tokens in the text.
    """

    feeds: Feeds
    start: int
    offsets: tuple[tuple[int, int], ...]


class PairTokenizer:
    """A BERT tokenizer opened from its file. Raises ``ModelError``. Safe from several threads."""

    def __init__(self, file: Path) -> None:
        try:
            definition = file.read_text("utf-8")
            json.loads(definition)  # for what is not even JSON the library raises bare exceptions
            self._tokenizer = Tokenizer.from_str(definition)
        except (OSError, ValueError) as error:
            raise ModelError(f"the tokenizer {file} cannot be read: {error}") from error
        # The file's own settings cut and pad, and padding changes a quantised model's scores.
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def pair(self, question: str, text: str) -> Pair:
        """Put a question and a text together; a long question is cut, then a long text."""
        first = self._tokenizer.encode(question, add_special_tokens=False).ids[:_QUESTION]
        second = self._tokenizer.encode(text, add_special_tokens=False)
        room = _WINDOW - 3 - len(first)
        begin, separator = self._special
        ids = [begin, *first, separator, *second.ids[:room], separator]
        start = len(first) + 2
        kinds = [0] * start + [1] * (len(ids) - start)
        tokens = np.asarray([ids], dtype=np.int64)
        return Pair(
            feeds={
                "input_ids": tokens,
                "attention_mask": np.ones_like(tokens),
                "token_type_ids": np.asarray([kinds], dtype=np.int64),
            },
            start=start,
            offsets=tuple(second.offsets[:room]),
        )

    @cached_property
    def _special(self) -> tuple[int, int]:
        ids = self._tokenizer.encode("").ids
        return ids[0], ids[-1]


def in_context(passage: Passage) -> str:
    """Return a passage as models read it: the heading path, then the text."""
    return "\n".join(part for part in (" > ".join(passage.headings), passage.text) if part)
