"""Routes in force at a rebuild -> what the new generation keeps of them.

Owns where routes come from (the setting, else ``routes.toml`` beside the documents) and the
discriminant that tells a route's examples from ordinary questions. They are compiled into the
generation, so that an answer depends on nothing beside it, and rolling back takes the routes back.
"""

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydantic import ValidationError

from assistant.question.routes.file import (
    SHIPPED,
    RoutesError,
    RouteSet,
    read_routes,
    shipped_routes,
)
from assistant.question.routes.phrases import plain_words
from assistant.question.routes.routing import (
    CompiledRoute,
    CompiledRoutes,
    compiled_routes,
    shipped_rule,
)
from assistant.settings import Settings
from index.embedding.encoder import Encoder
from index.errors import shown
from index.generations.opening import NO_ROUTES
from index.records import Vector
from index.sources.walking import ROUTES

Matrix = npt.NDArray[np.float64]
NONE = "none"
# The weight of all examples against that of all ordinary questions, however few they are.
_EXAMPLES = 0.5
_THREADS = 2
_PLACES = 5  # decimals kept: what differs beyond is a matter of the order of summation
_FORMAT = b"routes 1\n"


def routes_for(settings: Settings) -> Callable[[Encoder, bytes], bytes]:
    """Return what compiles the routes in force, given the encoder and what is published.

    What is published is kept if it was made from the same. The function raises ``RoutesError``.
    """

    def compile_routes(encoder: Encoder, published: bytes) -> bytes:
        found = routes_in_force(settings)
        if found is None:
            return NO_ROUTES
        made_from = _digest(found, encoder)
        if _made_from(published) == made_from:
            return published
        return compiled(found, encoder, made_from).to_json()

    return compile_routes


def routes_in_force(settings: Settings) -> RouteSet | None:
    """Return the routes that the settings or the source folder name. Raises ``RoutesError``."""
    if settings.routes == NONE:
        return None
    if settings.routes == SHIPPED:
        return shipped_routes()
    if settings.routes is not None:
        return read_routes(Path(settings.routes))
    beside = settings.source / ROUTES
    if not beside.exists() and not beside.is_symlink():
        return None
    if not beside.resolve().is_relative_to(settings.source.resolve()):
        raise RoutesError(
            f"{shown(str(beside))} is a link that leads out of the source folder; copy the file in "
            "instead"
        )
    return read_routes(beside)


def compiled(found: RouteSet, encoder: Encoder, made_from: str = "") -> CompiledRoutes:
    """Fit each route's discriminant to its examples against all ordinary questions."""
    ordinary = list(
        dict.fromkeys((*found.ordinary, *(text for each in found.routes for text in each.ordinary)))
    )
    against = vectors(encoder, ordinary)
    ridge = shipped_rule().ridge
    routes = tuple(
        CompiledRoute(
            name=each.name,
            notice=" ".join(each.notice.split()),
            examples=tuple(map(plain_words, each.examples)),
            always=tuple(each.always),
            words=tuple(each.words),
            discriminant=tuple(
                round(float(weight), _PLACES)
                for weight in discriminant(vectors(encoder, each.examples), against, ridge)
            ),
        )
        for each in found.routes
    )
    return CompiledRoutes(made_from, tuple(map(plain_words, ordinary)), routes)


def discriminant(examples: Matrix, ordinary: Matrix, ridge: float) -> Matrix:
    """Return the weights, the bias last, that are nearest to 1 on examples and -1 on ordinary.

    Rows are unit vectors. Weighted ridge regression; the bias is penalised like the rest.
    """
    rows, targets, weights = _weighted(examples, ordinary)
    gram = (rows * weights[:, None]).T @ rows + ridge * np.eye(rows.shape[1])
    return np.asarray(np.linalg.solve(gram, rows.T @ (weights * targets)), dtype=np.float64)


def left_out(examples: Matrix, ordinary: Matrix, ridge: float) -> Matrix:
    """Return what each row is given by weights fitted to all the others; examples come first.

    The identity for linear smoothers: ``(fitted - h * target) / (1 - h)`` with ``h`` the leverage
    (Hastie, Tibshirani, Friedman, The Elements of Statistical Learning, 7.10).
    """
    rows, targets, weights = _weighted(examples, ordinary)
    gram = (rows * weights[:, None]).T @ rows + ridge * np.eye(rows.shape[1])
    solved = np.linalg.solve(gram, rows.T)
    leverage = np.einsum("ij,ji->i", rows, solved) * weights
    fitted = rows @ (solved @ (weights * targets))
    return np.asarray((fitted - leverage * targets) / (1 - leverage), dtype=np.float64)


def _weighted(examples: Matrix, ordinary: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    rows = np.vstack([examples, ordinary])
    rows = np.hstack([rows, np.ones((len(rows), 1))])
    targets = np.repeat([1.0, -1.0], [len(examples), len(ordinary)])
    heavier = _EXAMPLES * len(ordinary) / len(examples)
    weights = np.repeat([heavier, 1.0], [len(examples), len(ordinary)])
    return rows, targets, weights


def vectors(encoder: Encoder, texts: Sequence[str]) -> Matrix:
    """Return the unit vectors of texts, a row each."""
    with ThreadPoolExecutor(_THREADS) as pool:
        found: list[Vector] = list(pool.map(encoder.encode_query, texts))
    return np.asarray(found, dtype=np.float64)


def _digest(found: RouteSet, encoder: Encoder) -> str:
    digest = hashlib.sha256(_FORMAT)
    for part in (found.read_from, "\n".join(found.ordinary).encode(), encoder.spec.to_json()):
        digest.update(hashlib.sha256(part).digest())
    digest.update(repr(shipped_rule().ridge).encode())
    return digest.hexdigest()


def _made_from(published: bytes) -> str:
    try:
        return compiled_routes(published).made_from
    except ValidationError:  # of another version: compiled anew
        return ""
