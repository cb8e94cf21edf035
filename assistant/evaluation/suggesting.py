"""Questions to suggest, tried by answering them: what a rebuild asks before it publishes.

Owns how many are tried and kept. They are tried with the refusal model that ships: what a
generation holds depends on nothing that is kept beside it.
"""

from collections.abc import Sequence
from contextlib import closing
from itertools import islice

from assistant.answering import Assistant
from assistant.models.opening import open_models
from assistant.question.suggestions import candidates
from assistant.refusal.kept import shipped
from assistant.settings import Settings
from index.errors import ModelError
from index.generations.opening import Generation
from index.generations.trying import Suggest

MOST = 8  # questions that are kept
_TRIED = 24  # candidates at most: each costs an answer


def suggest_for(settings: Settings) -> Suggest:
    """Return what finds the questions that a generation answers."""

    def suggest(generation: Generation) -> tuple[Sequence[str], str | None]:
        found = candidates(generation)[:_TRIED]
        if not found:
            return (), None
        try:
            models = open_models(settings)
        except ModelError as error:
            return (), f"none could be tried, so visitors are offered none: {error}"
        with closing(models):
            lent = Assistant(
                generation, models, shipped(), lent=True, suspicious=settings.suspicious
            )
            answered = (each for each in found if lent.answer(each).status == "answered")
            return tuple(islice(answered, MOST)), None

    return suggest
