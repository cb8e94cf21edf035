"""The product, opened to be measured: as it answers, and as it ranks.

Owns looking at the pipeline from outside and taking documents away from it. Answers come from the
same ``Assistant`` that serves, so that what is measured is what visitors get.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from assistant.answering import Assistant
from assistant.evidence.reading import read_passages
from assistant.evidence.retrieval import retrieve
from assistant.evidence.weights import WEIGHTS
from assistant.models.opening import open_models
from assistant.quoting.quotable import check_choice
from assistant.refusal.kept import RefusalInUse, in_use
from assistant.schemas import AskResponse, Citation, Turn
from assistant.settings import Settings
from index.generations.opening import Generation
from index.generations.publish import current_folder
from index.records import Hit, Matrix, Passage, Vector
from index.stores.base import LexiconStore, VectorStore


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
        check_choice(self.whole, settings)
        self._taken: set[int] = set()  # passages that are as if they were not there
        reduced = self.whole.searched_by(
            _VectorsLeft(self.whole.vectors, self._taken),
            _LexiconLeft(self.whole.lexicon, self._taken),
        )
        self._assistant = Assistant(
            *(reduced, self._models, self.refusal),
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
        self._taken.update(each.id for each in self.passages if self.document(each) in gone)
        try:
            return self._assistant.answer(question, history)
        finally:
            self._taken.clear()

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
        hits = retrieve(self.whole, question, depth=2 * WEIGHTS.depth)
        read = read_passages(self.whole, self._models.reranker, question, hits[: WEIGHTS.passages])
        fused = tuple(hit.passage for hit in hits)
        first = tuple(each.passage.id for each in read)
        return Rankings(fused, (*first, *(number for number in fused if number not in first)))

    def document(self, passage: Passage) -> str:
        """Return the id of a passage's document."""
        return self.whole.documents[passage.document].id

    def texts(self) -> dict[str, str]:
        """Return every canonical text by document id."""
        return {each.id: self.whole.text(row) for row, each in enumerate(self.whole.documents)}


class _VectorsLeft:
    """A store of vectors that finds nothing of the passages in ``taken``."""

    def __init__(self, whole: VectorStore, taken: set[int]) -> None:
        self._whole = whole
        self._taken = taken

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return self._whole.dimension

    def __len__(self) -> int:
        """Count all passages: how large a corpus is does not depend on what is asked."""
        return len(self._whole)

    def search(self, query: Vector, depth: int) -> list[Hit]:
        """Search as deep as it takes to find as many others."""
        return _left(self._whole.search(query, depth + len(self._taken)), self._taken, depth)

    def all(self) -> Matrix:
        """Return every vector."""
        return self._whole.all()


class _LexiconLeft:
    """A store of words that finds nothing of the passages in ``taken``."""

    def __init__(self, whole: LexiconStore, taken: set[int]) -> None:
        self._whole = whole
        self._taken = taken

    def search(self, text: str, depth: int) -> list[Hit]:
        """Search as deep as it takes to find as many others."""
        return _left(self._whole.search(text, depth + len(self._taken)), self._taken, depth)

    def frequency(self, term: str) -> int:
        """Count the passages that have a term."""
        return self._whole.frequency(term)


def _left(hits: Sequence[Hit], taken: Collection[int], depth: int) -> list[Hit]:
    return [hit for hit in hits if hit.passage not in taken][:depth]
