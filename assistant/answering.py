"""The whole story of one answer, readable top to bottom.

A question becomes one that stands alone; passages are retrieved and read; if they answer it, their
sentences are quoted, cited and checked; if not, it is refused. Knows nothing of HTTP or terminals.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import partial

from assistant.evidence.reading import Evidence, gather, read_passages
from assistant.evidence.retrieval import retrieve, uses
from assistant.evidence.weights import WEIGHTS
from assistant.models.clock import Clock
from assistant.models.opening import Models, open_models
from assistant.question.language import is_wordless, unread_question, unread_sources
from assistant.question.routes.routing import Router, compiled_routes
from assistant.question.smalltalk import smalltalk
from assistant.question.standalone import stand_alone
from assistant.question.suggestions import related, suggestions_of
from assistant.quoting.citing import Span, check_answer, cite, compose
from assistant.quoting.quotable import Quotable, check_choice
from assistant.quoting.selection import select
from assistant.refusal.kept import RefusalInUse, in_use
from assistant.refusal.model import Examiner
from assistant.schemas import AskResponse, Citation, Reason, Status, Turn
from assistant.settings import Settings, Suspicious
from index.generations.opening import Generation
from index.generations.publish import current_folder, open_published
from index.language import READ
from prompts.voice import say, say_in

EXTRACTIVE = "extractive"
_CLOSEST = 3  # passages shown with a refusal
_CLOSE = -5.0  # logit below which a passage is not even close; set by hand


class Assistant:
    """Everything that answering needs, open. Safe to use from several threads."""

    def __init__(
        self,
        generation: Generation,
        models: Models,
        refusal: RefusalInUse,
        *,
        lent: bool = False,
        suspicious: Suspicious = "suppress",
        contact: str | None = None,
    ) -> None:
        self.generation = generation
        self.refusal = refusal
        self._models = models
        self._lent = lent
        self._contact = contact
        self._quotable = Quotable(generation, suspicious)
        self._router = Router(compiled_routes(generation.routes), generation.encoder)
        self._examiner = Examiner(generation.encoder, models.reranker)

    @property
    def index_id(self) -> str:
        """The generation that answers come from."""
        return self.generation.index_id

    @property
    def version(self) -> str:
        """The generation, and the calibration if there is one."""
        return self.refusal.version(self.index_id)

    def close(self) -> None:
        """Release what is held open; models that were lent stay with whoever lent them."""
        if not self._lent:
            self._models.close()
        self.generation.close()

    def answer(self, question: str, history: Sequence[Turn] = ()) -> AskResponse:
        """Answer from the sources, or say that they do not answer."""
        clock = Clock()
        settled = self._without_search(question, clock)
        if settled:
            return settled
        question = self.alone(question, history)
        route = self._router.route(question)
        if route:
            return self._response("redirected", route.notice, question, clock)
        evidence = self._gather(question, clock)
        features, size = self.features(evidence), len(self.generation.vectors)
        confidence = self.refusal.model.confidence(features, size)
        clock.reranked()
        if not self.refusal.model.answers(confidence):
            return self._refusal(question, confidence, evidence, clock)
        selection = select(self.generation, evidence)
        citations = cite(self.generation, selection.spans)
        lead_in = self._quotable.lead_in(citations, contradicted=selection.contradicted)
        text, sentences = compose(citations, lead_in)
        response = self._response("answered", text, question, clock).model_copy(
            update={"sentences": sentences, "citations": citations, "confidence": confidence}
        )
        check_answer(response)
        return response

    def _without_search(self, question: str, clock: Clock) -> AskResponse | None:
        """Answer what needs no look at the sources, as it was typed."""
        if is_wordless(question):
            return self._declined("no_question", say("no_question"), question, clock)
        route = self._router.route(question)
        if route:
            return self._response("redirected", route.notice, question, clock)
        kind = smalltalk(question)
        if kind:
            return self._response("smalltalk", say(kind), question, clock)
        language = unread_question(self.generation, question)
        if language or unread_sources(self.generation):
            said = say_in(language or READ, "language" if language else "sources_language")
            return self._declined("language", self._with_contact(said), question, clock)
        return None

    def _with_contact(self, refusal: str) -> str:
        """Return a refusal with whom to ask instead, if the owner says."""
        contact = self._contact
        return f"{refusal} {say('contact', contact=contact)}" if contact else refusal

    def alone(self, question: str, history: Sequence[Turn]) -> str:
        """Return a question with what it leaves unsaid carried over from the conversation."""
        return stand_alone(question, history, self._models.resolver.unsaid)

    def evidence(self, question: str, history: Sequence[Turn] = ()) -> Evidence:
        """Return what the sources offer on a question that is no small talk."""
        return self._gather(self.alone(question, history), Clock())

    def features(self, evidence: Evidence) -> dict[str, float]:
        """Return what the refusal model weighs, by name."""
        return self._examiner.features(evidence)

    def quotes(self, evidence: Evidence) -> list[Citation]:
        """Return the citations of an answer. ``evidence`` must hold a sentence."""
        return cite(self.generation, select(self.generation, evidence).spans)

    def suggestions(self, beside: str | None = None) -> list[str]:
        """Return questions that the sources answer: all, or what to ask after another one."""
        questions = suggestions_of(self.generation)
        if beside is None:
            return list(questions)
        return related(self.generation.encoder, beside, questions)

    def _gather(self, question: str, clock: Clock) -> Evidence:
        hits = retrieve(self.generation, question, depth=WEIGHTS.passages)
        clock.retrieved()
        passages = read_passages(self.generation, self._models.reranker, question, hits)
        return gather(self._models.reader, question, passages)

    def _known(self, phrase: str) -> bool:
        return uses(self.generation, phrase)

    def _refusal(
        self,
        question: str,
        confidence: float,
        evidence: Evidence,
        clock: Clock,
    ) -> AskResponse:
        closest = [
            Span(each.passage.document, *self._quotable.stretch(each.passage), each.logit)
            for each in evidence.passages[:_CLOSEST]
            if each.logit >= _CLOSE
        ]
        cited: list[Citation] = cite(self.generation, closest)
        text = self._with_contact(_refused(self._examiner.missing(evidence, self._known)))
        clock.reranked()
        return self._declined("not_in_sources", text, question, clock).model_copy(
            update={"closest": cited, "confidence": confidence}
        )

    def _declined(self, reason: Reason, text: str, question: str, clock: Clock) -> AskResponse:
        """Return a refusal of what was not looked up: that an answer is right has no chance."""
        return self._response("refused", text, question, clock).model_copy(
            update={"reason": reason, "confidence": 0.0}
        )

    def _response(self, status: Status, text: str, question: str, clock: Clock) -> AskResponse:
        return AskResponse(
            id=uuid.uuid4().hex,
            index_id=self.index_id,
            status=status,
            reason=None,
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
    """Open the published generation with its calibration, and the models unless they are lent.

    Raises ``FootnoteError``.
    """
    current_folder(settings.index)  # before the models: an index that is missing is told at once
    opened = models or open_models(settings)
    refusal = in_use(settings.index, opened.sha256)
    with ExitStack() as held:
        generation = held.enter_context(closing(open_published(settings.index)))
        check_choice(generation, settings)
        held.pop_all()
    return Assistant(
        generation,
        opened,
        refusal,
        lent=models is not None,
        suspicious=settings.suspicious,
        contact=settings.contact,
    )


@contextmanager
def opening(settings: Settings) -> Iterator[Callable[[], Assistant]]:
    """Lend a function that opens the assistant of whatever is published then.

    The models are opened once, so that following generations costs no memory. Raises
    ``FootnoteError``, as the function does.
    """
    with closing(open_models(settings)) as models:
        yield partial(open_assistant, settings, models)


def _refused(missing: Sequence[str]) -> str:
    """Return what is said instead of an answer, with what is missing."""
    if missing:
        quoted = [say("missing_word", word=word) for word in missing]
        pair = dict(zip(("first", "second"), quoted, strict=False))
        named = quoted[0] if len(quoted) == 1 else say("missing_two", **pair)
        return say("refused_missing", missing=named)
    return say("refused")
