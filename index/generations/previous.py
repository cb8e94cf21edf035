"""What the published generation can give to the next one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from index.embedding.encoder import EncoderSpec
from index.errors import FootnoteError
from index.generations import publish
from index.generations.opening import NO_ROUTES, NO_SUGGESTIONS
from index.records import DocumentInfo, Vector


@dataclass(frozen=True, slots=True)
class Previous:
    """Documents and passages to compare with, and what need not be made again."""

    documents: tuple[DocumentInfo, ...] = ()
    digests: tuple[str, ...] = ()
    vectors: Mapping[str, Vector] = field(default_factory=dict)
    routes: bytes = NO_ROUTES
    suggestions: bytes = NO_SUGGESTIONS


def previous_of(
    index: Path, spec: EncoderSpec, versions: Callable[[], Mapping[str, str]]
) -> Previous:
    """Read what can be reused; a missing or damaged generation gives nothing, and is replaced."""
    try:
        generation = publish.open_published(index)
    except FootnoteError:
        return Previous()
    digests = tuple(generation.digests())
    same = generation.manifest.encoder == spec and generation.manifest.versions == versions()
    vectors = dict(zip(digests, generation.vectors.all(), strict=True)) if same else {}
    generation.close()
    if not same:
        return Previous(generation.documents, digests, vectors)
    kept = (generation.routes, generation.suggestions)
    return Previous(generation.documents, digests, vectors, *kept)
