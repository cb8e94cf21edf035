"""Every weight, margin and limit of finding, reading and quoting, and where each was chosen.

The trials are commands of ``tests/bench/answers``; figures stand in ``tests/bench/README.md``.
Logits are the cross-encoder's or the reader's; shares are of retrieval, from 0 to 1.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Weights:
    """What an answer is found, read and quoted with."""

    # Finding: chosen on the develop halves of the retrieval sets and on squad2 (``retrieval``).
    depth: int = 100  # passages taken from each method
    dense: float = 0.5  # weight of the dense share; the lexical one has the rest
    # What a passage that retrieval is sure of has ahead of the cross-encoder's logit: alone that
    # ranks consumers' and scientists' questions worse than retrieval does.
    fused: float = 4.0

    # Reading: chosen on the same, and on golden questions and written sites (``sentences``).
    passages: int = 12  # read by the cross-encoder at most
    opened: int = 4  # of which the best are read, sentence by sentence, by the reader at most
    near: float = 0.4  # of the best passage's share: less is not read beyond the first ``opened``
    within: float = 8.0  # logits below the best passage: one further down is not opened

    # Which sentence is the best: golden questions and sites (``sentences``).
    context_of_best: float = 0.8  # what a sentence has of its passage's logit
    context: float = 0.3  # the same, where it is about whether the sources answer
    # What it has of the logarithm of its words: in a few words there is seldom an answer that
    # stands alone, and the reader likes them too well.
    length: float = 0.5

    # What is quoted beside it: fitting questions that the reader never saw (``sentences``).
    quotes: int = 4  # of an answer that is no list and no run
    margin: float = 3.5  # logits below the best sentence's support
    support: float = -3.0  # the reader's logit that a sentence must have itself
    # How far below the best sentence another document may contradict it. Set by hand: of 75
    # sentences that were put into another document of their site with another number or denial, and
    # read, none was more than 4.2 away.
    rival_margin: float = 5.0
    alike: float = 0.8  # share of terms in common from which two sentences may say the same

    # Lists and runs: the sites that the reader was trained on (``lists``).
    items: int = 12  # of a list, or sentences with a run among them
    item_margin: float = 5.0  # logits below the best sentence; most of a list's items are within
    list_passages: int = 3  # in whose sections a list is looked for
    run_margin: float = 6.0  # logits below the best sentence's support, one after the other
    run: int = 3  # sentences from which on they are more than one thing and what is said of it


WEIGHTS: Final = Weights()
