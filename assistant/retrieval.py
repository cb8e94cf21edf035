"""Question -> candidate passages: lexical and dense search, fused.

Owns the fusion and its depth. Knows nothing of reranking or answers.
"""

from collections.abc import Sequence

from index.generation import Generation
from index.lexicon import stem, words
from index.records import Hit

DEPTH = 50  # passages taken from each method
# Reciprocal rank fusion's constant: Cormack, Clarke, Büttcher, SIGIR 2009.
RRF_CONSTANT = 60


def reciprocal_rank_fusion(rankings: Sequence[Sequence[Hit]]) -> list[Hit]:
    """Return every passage of the rankings by the sum of ``1 / (60 + rank)``, ties by id."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, hit in enumerate(ranking, start=1):
            scores[hit.passage] = scores.get(hit.passage, 0.0) + 1 / (RRF_CONSTANT + rank)
    return sorted(
        (Hit(passage, score) for passage, score in scores.items()),
        key=lambda hit: (-hit.score, hit.passage),
    )


def retrieve(generation: Generation, question: str, *, depth: int) -> list[Hit]:
    """Return up to ``depth`` candidate passages, best first."""
    dense = generation.vectors.search(generation.encoder.encode_query(question), DEPTH)
    lexical = generation.lexicon.search(question, DEPTH)
    return reciprocal_rank_fusion([dense, lexical])[:depth]


def uses(generation: Generation, phrase: str) -> bool:
    """Say whether the sources use a phrase: its words, by their stems, side by side."""
    wanted = [stem(word) for word in words(phrase)]
    for hit in generation.lexicon.search(phrase, DEPTH):
        passage = generation.passage(hit.passage)
        found = [stem(word) for word in words(" . ".join([*passage.headings, passage.text]))]
        if any(found[at : at + len(wanted)] == wanted for at in range(len(found))):
            return True
    return False
