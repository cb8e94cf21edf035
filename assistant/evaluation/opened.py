"""The product, opened to be measured: as it answers, and as it ranks.

Owns looking at the pipeline from outside and taking documents away from it. Answers come from the
same ``Assistant`` that serves, so that what is measured is what visitors get.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.answering import Assistant
from assistant.evidence.reading import PASSAGES, read_passages
from assistant.evidence.retrieval import DEPTH, retrieve
from assistant.models.opening import open_models
from assistant.refusal.kept import RefusalInUse, in_use
from assistant.schemas import AskResponse, Citation, Turn
from assistant.settings import Settings
from index.embedding.encoder import Vector
from index.generations.opening import Generation
from index.generations.publish import current_folder
from index.records import Hit, Passage
from index.stores.lexicon import Lexicon
from index.stores.vectors import Vectors

Numbers = frozenset[int]  # of passages


@dataclass(frozen=True, slots=True)
class Rankings:
    """Passages for one question, best first: as retrieval fused them, and reread at the top."""

    fused: tuple[int, ...]
    reranked: tuple[int, ...]


class Opened:
    """The published generation of an index, with the models, for measuring. One thread only.

    With the refusal model that is in use, unless another is given.
    """

    def __init__(self, settings: Settings, refusal: RefusalInUse | None = None) -> None:
        folder = current_folder(settings.index)
        self._models = open_models(settings)
        self.models = self._models.sha256
        self.refusal = refusal or in_use(settings.index, self.models)
        self.whole = Generation(folder)
        self._reduced = _Reduced(self.whole)
        self._assistant = Assistant(
            *(self._reduced, self._models, self.refusal),
            lent=True,
            suspicious=settings.suspicious,
        )
        count = len(self.whole.vectors)
        self.passages: tuple[Passage, ...] = tuple(map(self.whole.passage, range(count)))

    def close(self) -> None:
        """Release what is held open."""
        self._assistant.close()
        self._models.close()

    def ask(
        self, question: str, history: Sequence[Turn] = (), without: Iterable[str] = ()
    ) -> AskResponse:
        """Answer as the product does, as if the documents of these ids were not in the index."""
        gone = frozenset(without)
        self._reduced.take_away(frozenset(p.id for p in self.passages if self.document(p) in gone))
        try:
            return self._assistant.answer(question, history)
        finally:
            self._reduced.take_away(frozenset())

    def weigh(
        self, question: str, history: Sequence[Turn]
    ) -> tuple[dict[str, float], list[Citation]]:
        """Return what the refusal model weighs of a question, and what an answer would quote.

        The question is no small talk.
        """
        evidence = self._assistant.evidence(question, history)
        features = self._assistant.features(evidence)
        return features, self._assistant.quotes(evidence) if evidence.sentences else []

    def rank(self, question: str) -> Rankings:
        """Rank passages for a question that stands alone, as far as retrieval reaches.

        The cross-encoder's ranking is that of what it reads, followed by the rest as fused.
        """
        hits = retrieve(self.whole, question, depth=2 * DEPTH)
        read = read_passages(self.whole, self._models.reranker, question, hits[:PASSAGES])
        fused = tuple(hit.passage for hit in hits)
        first = tuple(each.passage.id for each in read)
        return Rankings(fused, (*first, *(number for number in fused if number not in first)))

    def document(self, passage: Passage) -> str:
        """Return the id of a passage's document."""
        return self.whole.documents[passage.document].id

    def texts(self) -> dict[str, str]:
        """Return every canonical text by document id."""
        return {each.id: self.whole.text(row) for row, each in enumerate(self.whole.documents)}


class _Reduced(Generation):
    """A generation that searches as if some of its passages were not there."""

    def __init__(self, whole: Generation) -> None:
        vars(self).update(vars(whole))
        self._without_vectors = _ReducedVectors(whole.vectors)
        self._without_lexicon = _ReducedLexicon(whole.lexicon)
        self.vectors = self._without_vectors
        self.lexicon = self._without_lexicon

    def take_away(self, passages: Numbers) -> None:
        self._without_vectors.taken = passages
        self._without_lexicon.taken = passages


class _ReducedVectors(Vectors):
    def __init__(self, whole: Vectors) -> None:
        vars(self).update(vars(whole))
        self.taken: Numbers = frozenset()

    def search(self, query: Vector, depth: int) -> list[Hit]:
        return _left(super().search(query, depth + len(self.taken)), self.taken, depth)


class _ReducedLexicon(Lexicon):
    def __init__(self, whole: Lexicon) -> None:
        vars(self).update(vars(whole))
        self.taken: Numbers = frozenset()

    def search(self, text: str, depth: int) -> list[Hit]:
        return _left(super().search(text, depth + len(self.taken)), self.taken, depth)


def _left(hits: Sequence[Hit], taken: Numbers, depth: int) -> list[Hit]:
    return [hit for hit in hits if hit.passage not in taken][:depth]
