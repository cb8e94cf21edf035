"""The models that every answer needs, besides the encoder that comes with a generation.

Owns opening and closing them together: they outlive generations, which come and go.
"""

from dataclasses import dataclass

from assistant.reader import Reader, reader_folder
from assistant.refusal import RefusalModel, shipped_model
from assistant.reranking import Reranker, reranker_folder
from assistant.settings import Settings


@dataclass(frozen=True, slots=True)
class Models:
    """Cross-encoder, reader and refusal model, open. Safe to use from several threads."""

    reranker: Reranker
    reader: Reader
    refusal: RefusalModel

    def close(self) -> None:
        """Let the threads go."""
        self.reader.close()
        self.reranker.close()


def open_models(settings: Settings) -> Models:
    """Open the models that the settings name. Raises ``ModelError``."""
    return Models(
        Reranker(reranker_folder(settings.reranker), threads=settings.workers),
        Reader(reader_folder(settings.reader), threads=settings.workers),
        shipped_model(),
    )
