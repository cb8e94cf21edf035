"""Question -> candidate passages: lexical and dense search, fused.

Owns the fusion and its depth. Knows nothing of reranking or answers.
"""

from collections.abc import Sequence

from assistant.evidence.weights import WEIGHTS
from index.generations.opening import Generation
from index.records import Hit
from index.words import stem, words


def convex_combination(dense: Sequence[Hit], lexical: Sequence[Hit]) -> list[Hit]:
    """Return every passage of both rankings by the mean of its two shares, ties by id.

    A share is 1 for a method's best passage and 0 for one it does not name. Between them it is
    linear in the method's score: BM25's from nought, a cosine from that of the last passage named,
    since nothing is at nought. Keeps what ranks throw away, by how much the best is better: Bruch,
    Gai and Ingber, TOIS 2023. Scores are finite, best first.
    """
    shares: dict[int, float] = {}
    for ranking, weight, floor in (
        (dense, WEIGHTS.dense, dense[-1].score if dense else 0.0),
        (lexical, 1 - WEIGHTS.dense, 0.0),
    ):
        for hit in ranking:
            whole = ranking[0].score - floor
            share = (hit.score - floor) / whole if whole > 0 else 1.0
            shares[hit.passage] = shares.get(hit.passage, 0.0) + weight * share
    return sorted(
        (Hit(passage, share) for passage, share in shares.items()),
        key=lambda hit: (-hit.score, hit.passage),
    )


def retrieve(generation: Generation, question: str, *, depth: int) -> list[Hit]:
    """Return up to ``depth`` candidate passages, best first, scores between 0 and 1."""
    dense = generation.vectors.search(generation.encoder.encode_query(question), WEIGHTS.depth)
    lexical = generation.lexicon.search(question, WEIGHTS.depth)
    return convex_combination(dense, lexical)[:depth]


def uses(generation: Generation, phrase: str) -> bool:
    """Say whether the sources use a phrase: its words, by their stems, side by side."""
    wanted = [stem(word) for word in words(phrase)]
    for hit in generation.lexicon.search(phrase, WEIGHTS.depth):
        passage = generation.passage(hit.passage)
        found = [stem(word) for word in words(" . ".join([*passage.headings, passage.text]))]
        if any(found[at : at + len(wanted)] == wanted for at in range(len(found))):
            return True
    return False
