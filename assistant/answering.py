"""The whole story of one answer, readable top to bottom.

A question becomes one that stands alone; passages are retrieved and read; if they answer it, their
sentences are quoted, cited and checked; if not, it is refused. Knows nothing of HTTP or terminals.
"""

import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cached_property, partial

from assistant.citing import Span, check_answer, cite, compose
from assistant.conversation import stand_alone
from assistant.evidence import PASSAGES, Evidence, gather, read_passages
from assistant.models import Models, open_models
from assistant.refusal import Examiner
from assistant.retrieval import retrieve, uses
from assistant.schemas import AskResponse, Citation, Status, Timing, Turn
from assistant.selection import select
from assistant.settings import Settings
from assistant.smalltalk import smalltalk
from assistant.suggestions import candidate_questions
from index.generation import Generation
from index.publish import current_folder
from prompts.voice import say

EXTRACTIVE = "extractive"
_CLOSEST = 3  # passages shown with a refusal
_CLOSE = -5.0  # logit below which a passage is not even close; set by hand
_GLANCE = 3  # passages read to compare the rewrites of a follow-up
_SUGGESTIONS = 4


class Assistant:
    """Everything that answering needs, open. Safe to use from several threads."""

    def __init__(self, generation: Generation, models: Models, *, lent: bool = False) -> None:
        self.generation = generation
        self._models = models
        self._lent = lent
        self._examiner = Examiner(generation.encoder, models.reranker)

    @property
    def index_id(self) -> str:
        """The generation that answers come from."""
        return self.generation.index_id

    def close(self) -> None:
        """Release what is held open; models that were lent stay with whoever lent them."""
        if not self._lent:
            self._models.close()
        self.generation.close()

    def answer(self, question: str, history: Sequence[Turn] = ()) -> AskResponse:
        """Answer from the sources, or say that they do not answer."""
        clock = _Clock()
        kind = smalltalk(question)
        if kind:
            return self._response("smalltalk", say(kind), question, clock)
        question = stand_alone(question, history, self._merit, self._known)
        hits = retrieve(self.generation, question, depth=PASSAGES)
        clock.retrieved()
        passages = read_passages(self.generation, self._models.reranker, question, hits)
        evidence = gather(self._models.reader, question, passages)
        features = self._examiner.features(evidence)
        size = len(self.generation.vectors)
        confidence = round(self._models.refusal.probability(features, size), 4)
        clock.reranked()
        if not self._models.refusal.answers(confidence):
            return self._refusal(question, confidence, evidence, clock)
        citations = cite(self.generation, select(self.generation, evidence))
        text, sentences = compose(citations)
        response = self._response("answered", text, question, clock).model_copy(
            update={"sentences": sentences, "citations": citations, "confidence": confidence}
        )
        check_answer(response)
        return response

    def suggestions(self) -> list[str]:
        """Return questions that the sources answer: proposed by the documents, tried here."""
        return list(self._suggestions)

    @cached_property
    def _suggestions(self) -> tuple[str, ...]:
        found: list[str] = []
        for question in candidate_questions(self.generation):
            if len(found) == _SUGGESTIONS:
                break
            if self.answer(question).status == "answered":
                found.append(question)
        return tuple(found)

    def _known(self, phrase: str) -> bool:
        return uses(self.generation, phrase)

    def _merit(self, question: str) -> float:
        hits = retrieve(self.generation, question, depth=_GLANCE)
        read = read_passages(self.generation, self._models.reranker, question, hits)
        return read[0].logit if read else float("-inf")

    def _refusal(
        self,
        question: str,
        confidence: float,
        evidence: Evidence,
        clock: "_Clock",
    ) -> AskResponse:
        closest = [
            Span(each.passage.document, each.passage.start, each.passage.end, each.logit)
            for each in evidence.passages[:_CLOSEST]
            if each.logit >= _CLOSE
        ]
        cited: list[Citation] = cite(self.generation, closest)
        text = _refused(self._examiner.missing(evidence, self._known))
        clock.reranked()
        return self._response("refused", text, question, clock).model_copy(
            update={"closest": cited, "confidence": confidence}
        )

    def _response(self, status: Status, text: str, question: str, clock: "_Clock") -> AskResponse:
        return AskResponse(
            id=uuid.uuid4().hex,
            index_id=self.index_id,
            status=status,
            answer=text,
            sentences=[],
            citations=[],
            closest=[],
            confidence=None,
            question_used=question,
            generator=EXTRACTIVE,
            timing_ms=clock.timing(),
        )


def open_assistant(settings: Settings, models: Models | None = None) -> Assistant:
    """Open the published generation, and the models unless they are lent.

    Raises ``FootnoteError``.
    """
    generation = Generation(current_folder(settings.index))
    return Assistant(generation, models or open_models(settings), lent=models is not None)


@contextmanager
def opening(settings: Settings) -> Iterator[Callable[[], Assistant]]:
    """Lend a function that opens the assistant of whatever generation is published then.

    The models are opened once, so that following generations costs no memory. Raises
    ``FootnoteError``, as the function does.
    """
    with closing(open_models(settings)) as models:
        yield partial(open_assistant, settings, models)


def _refused(missing: Sequence[str]) -> str:
    if not missing:
        return say("refused")
    quoted = [say("missing_word", word=word) for word in missing]
    named = quoted[0] if len(quoted) == 1 else say("missing_two", first=quoted[0], second=quoted[1])
    return say("refused_missing", missing=named)


class _Clock:
    """Milliseconds since the question came, by stage."""

    def __init__(self) -> None:
        self._start = self._retrieved = self._reranked = time.perf_counter()

    def retrieved(self) -> None:
        self._retrieved = self._reranked = time.perf_counter()

    def reranked(self) -> None:
        self._reranked = time.perf_counter()

    def timing(self) -> Timing:
        now = time.perf_counter()
        return Timing(
            retrieve=_milliseconds(self._retrieved - self._start),
            rerank=_milliseconds(self._reranked - self._retrieved),
            total=_milliseconds(now - self._start),
        )


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 1)
