"""Questions to suggest, tried on a generation before it is published.

Owns that a generation can be asked before it has its name, and that what was tried on the same
content is not tried again. Knows nothing of how a question is chosen or answered: it is given a
function for that.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from index.files import Disk
from index.generations.opening import MANIFEST, NO_SUGGESTIONS, SUGGESTIONS, Generation, Manifest
from index.generations.publish import TRYING

# Given a generation, the questions to suggest, and if there could be none, why.
Suggest = Callable[[Generation], tuple[Sequence[str], str | None]]


class Tried(BaseModel):
    """What ``suggestions.json`` holds: the questions, and what they were tried on.

    ``on`` is the ``index_id`` that the rest of the generation would have without them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    on: str | None = None
    questions: tuple[str, ...] = ()


def tried(
    index: Path,
    made: Mapping[str, bytes],
    manifest: Callable[[dict[str, str]], Manifest],
    suggest: Suggest | None,
    published: bytes,
    disk: Disk,
) -> tuple[bytes, str | None]:
    """Return the bytes of ``suggestions.json`` for the files of a generation, and any trouble.

    ``published`` are those of the generation before. Raises ``IndexUnwritable``.
    """
    if suggest is None:
        return NO_SUGGESTIONS, None
    files = {**made, SUGGESTIONS: NO_SUGGESTIONS}
    named = manifest({name: hashlib.sha256(data).hexdigest() for name, data in files.items()})
    if _tried_on(published) == named.index_id:
        return published, None
    with _opened(index, files, named, disk) as generation:
        questions, trouble = suggest(generation)
    found = Tried(on=None if trouble else named.index_id, questions=tuple(questions))
    return (json.dumps(found.model_dump(), ensure_ascii=False, indent=2) + "\n").encode(), trouble


def _tried_on(published: bytes) -> str | None:
    try:
        return Tried.model_validate_json(published).on
    except ValidationError:
        return None


@contextmanager
def _opened(
    index: Path, files: Mapping[str, bytes], manifest: Manifest, disk: Disk
) -> Iterator[Generation]:
    """Open a generation that has no place among those that are kept."""
    place = index / TRYING
    folder = place / manifest.index_id
    try:
        for name, data in {**files, MANIFEST: manifest.to_json()}.items():
            disk.make_folder((folder / name).parent)
            disk.write(folder / name, data)
        with closing(Generation(folder)) as generation:
            yield generation
    finally:
        if place.exists():
            disk.remove_tree(place)
