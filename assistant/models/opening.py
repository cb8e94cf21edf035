"""The models that answers need, besides those that come with a generation and beside it.

Owns opening and closing them together: they outlive generations, which come and go, and so do
calibrations of the refusal model.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.models.pinned import READER, RERANKER, RESOLVER
from assistant.models.reader import Reader
from assistant.models.reranker import Reranker
from assistant.models.resolver import Resolver
from assistant.settings import Settings


@dataclass(frozen=True, slots=True)
class Models:
    """Cross-encoder, reader and resolver, open, with their SHA-256.

    Safe to use from several threads.
    """

    reranker: Reranker
    reader: Reader
    resolver: Resolver
    sha256: Mapping[str, str]

    def close(self) -> None:
        """Let the threads go."""
        self.reader.close()
        self.reranker.close()


def open_models(settings: Settings) -> Models:
    """Open the models that the settings name. Raises ``ModelError``."""
    reranker = Reranker(RERANKER.folder(settings.reranker), threads=settings.workers)
    reader = Reader(READER.folder(settings.reader), threads=settings.workers)
    return Models(
        reranker,
        reader,
        Resolver(RESOLVER.file(), reader),
        models_sha256(settings),
    )


def models_sha256(settings: Settings) -> dict[str, str]:
    """Return the SHA-256 of the models that the settings name, once they have been opened."""
    return {
        "reranker": RERANKER.sha256_of(settings.reranker),
        "reader": READER.sha256_of(settings.reader),
        "resolver": RESOLVER.sha256,
    }
