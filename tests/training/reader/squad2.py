"""Examples from squad2_dev_half: encyclopaedia paragraphs, questions with and without an answer.

The kinds, and what the reader learns from each:

- ``answering``: a passage that holds one of the answers; its sentences that do are marked.
- ``beside``: another passage of the same paragraph, which does not hold it.
- ``gold removed``: what retrieval finds in place of the paragraph: near, and mostly no answer.
  Nobody has looked through them, and a few will be one.
- ``adversarial``: the paragraph that an unanswerable question was written against.
- ``easy``: a passage about something else altogether, so that relevance is not unlearned.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence

from assistant.evaluation.benchmark import document_id
from assistant.evidence.retrieval import retrieve
from index.generations.opening import Generation
from index.records import Passage
from tests.bench.corpora import bench, generation_of, rows
from tests.training.reader.examples import Example, from_passage, no_answer
from tests.training.reader.split import held_out

_BESIDE, _REMOVED, _EASY = 0.3, 0.4, 0.08  # how often a question gives an example of the kind
_NEAR = 3  # passages of other paragraphs, of which one is taken


def squad2(rng: random.Random) -> Iterator[Example]:
    """Yield the examples of every article that is not held out."""
    folder = bench("squad2_dev_half")
    article = {row["id"]: row["title"] for row in rows(folder / "corpus.jsonl")}
    generation = generation_of("squad2_dev_half")
    everything = [generation.passage(number) for number in range(len(generation.vectors))]
    paragraphs: dict[str, list[Passage]] = defaultdict(list)
    for passage in everything:
        paragraphs[generation.documents[passage.document].id].append(passage)
    for row in rows(folder / "queries.jsonl"):
        question, group = row["text"], article[row["doc"]]
        if held_out("squad2", group):
            continue
        own = paragraphs[document_id(row["doc"])]
        if row["answerable"]:
            yield from _beside(rng, question, group, own, row["answers"])
            if rng.random() < _REMOVED and (near := _elsewhere(generation, question, own)):
                yield no_answer(("squad2", "gold removed", group), question, rng.choice(near))
        else:
            for passage in own:
                yield no_answer(("squad2", "adversarial", group), question, passage)
        if rng.random() < _EASY:
            other = rng.choice(everything)
            if other.document != own[0].document:
                yield no_answer(("squad2", "easy", group), question, other)


def _beside(
    rng: random.Random, question: str, group: str, own: Sequence[Passage], answers: Sequence[str]
) -> Iterator[Example]:
    for passage in own:
        labels = holding(passage, answers)
        if any(labels):
            origin = ("squad2", "answering", group)
            yield from_passage(origin, question, passage, labels, answers=True)
        elif len(own) > 1 and rng.random() < _BESIDE:
            yield no_answer(("squad2", "beside", group), question, passage)


def holding(passage: Passage, answers: Sequence[str]) -> tuple[bool, ...]:
    """Say of each sentence whether one of the answers stands in it."""
    wanted = [answer.lower() for answer in answers]
    quotes = [passage.quote(sentence).lower() for sentence in passage.sentences]
    return tuple(any(answer in quote for answer in wanted) for quote in quotes)


def _elsewhere(generation: Generation, question: str, own: Sequence[Passage]) -> list[Passage]:
    hits = retrieve(generation, question, depth=2 * _NEAR)
    found = [generation.passage(hit.passage) for hit in hits]
    return [passage for passage in found if passage.document != own[0].document][:_NEAR]
