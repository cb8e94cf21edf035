"""The models that answers need, besides those that come with a generation and beside it.

Owns opening and closing them together: they outlive generations, which come and go, and so do
calibrations of the refusal model.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.models.reader import Reader, reader_folder, reader_sha256
from assistant.models.reranker import Reranker, reranker_folder, reranker_sha256
from assistant.models.resolver import RESOLVER_SHA256, Resolver, resolver_file
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
    reranker = Reranker(reranker_folder(settings.reranker), threads=settings.workers)
    reader = Reader(reader_folder(settings.reader), threads=settings.workers)
    return Models(
        reranker,
        reader,
        Resolver(resolver_file(), reader),
        models_sha256(settings),
    )


def models_sha256(settings: Settings) -> dict[str, str]:
    """Return the SHA-256 of the models that the settings name, once they have been opened."""
    return {
        "reranker": reranker_sha256(settings.reranker),
        "reader": reader_sha256(settings.reader),
        "resolver": RESOLVER_SHA256,
    }
