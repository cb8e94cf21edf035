"""The refusal model, fitted further to an owner's own questions. Pure.

Owns the fit, the threshold and what is held out of them. Knows nothing of where questions come
from, nor of where the result is kept.

A maximum-a-posteriori logistic regression whose prior is the shipped model: the logit becomes
``(1 + stretch) * shipped + shift + sum(weight * standardised feature)``, each of these centred on
nought. Forty questions move it little, a thousand where they will.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt

from assistant.refusal.model import RefusalModel, Weights

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
FOLDS = 5
_SEED = 20
# Standard deviations of the priors, in units of the logit: loose for how common answers are among
# the owner's questions, tight for what an answer looks like, which more questions have told the
# shipped model. Set by hand, so that the questions outweigh the tight ones from some 250 on.
SHIFT = 1.0
STRETCH = 0.2
WEIGHT = 0.2
_STEP = 0.0001  # between two confidences that can be told apart
_SAME = 1e-9  # standard deviation of a feature below which it says nothing
_ROUNDS = 100  # of Newton's method, which needs about ten
_CLOSE = 1e-10  # squared Newton decrement at which the optimum is reached


@dataclass(frozen=True, slots=True)
class Example:
    """A question over a corpus of so many passages: its features, and whether to answer it.

    ``right`` says that an answer would be: that the sources answer, and, where it is known what in
    them does, that it is among what would be quoted. ``question`` tells examples apart where their
    order must not matter.
    """

    question: str
    right: bool
    passages: int
    features: Mapping[str, float]


def calibrated(examples: Sequence[Example], shipped: RefusalModel) -> RefusalModel:
    """Return the model fitted to the examples, with the threshold that balances them.

    Wherever the threshold comes to lie, what is below the gate stays below it. Needs two examples
    of either kind. The order of the examples does not matter.
    """
    right = np.array([each.right for each in examples])
    models = without_own_fold(examples, partial(fit, shipped=replace(shipped, irrelevant=0.0)))
    confidence = [
        model.confidence(each.features, each.passages)
        for model, each in zip(models, examples, strict=True)
    ]
    threshold = max(round(balanced_threshold(np.array(confidence), right), 4), _STEP)
    irrelevant = min(shipped.irrelevant, round(threshold - _STEP, 4))
    return replace(fit(examples, shipped), threshold=threshold, irrelevant=irrelevant)


def fit(examples: Sequence[Example], shipped: RefusalModel) -> RefusalModel:
    """Return the shipped model moved towards the examples; gate and threshold stay as they are.

    Both kinds weigh as much, together twice the harmonic mean of their numbers: hundreds of
    questions of one kind are no evidence without the other. What is below the gate weighs nothing,
    since no weight of the model changes it.
    """
    if not examples:
        return shipped
    examples = sorted(examples, key=_key)
    names = tuple(shipped.small.weights)
    right = np.array([each.right for each in examples])
    gated = np.array([shipped.is_gated(each.features) for each in examples])
    others = np.where(right, (~right).sum(), right.sum())
    importance = np.where(gated, 0.0, 2 * others / len(examples))
    logits = np.array([shipped.logit(each.features, each.passages) for each in examples])
    rows = np.array([[each.features[name] for name in names] for each in examples])
    centres, deviations = rows.mean(axis=0), rows.std(axis=0)
    scales = np.where(deviations > _SAME, deviations, 1.0)
    table = np.column_stack([logits, np.ones(len(examples)), (rows - centres) / scales])
    spread = np.array([STRETCH, SHIFT, *[WEIGHT] * len(names)])
    mode = _most_probable(table, logits, right.astype(np.float64), importance, spread)
    stretch, shift, weights = 1 + mode[0], mode[1], mode[2:] / scales
    added = dict(zip(names, weights, strict=True))
    return replace(
        shipped,
        small=_moved(shipped.small, stretch, shift - centres @ weights, added),
        large=_moved(shipped.large, stretch, shift - centres @ weights, added),
    )


def without_own_fold(
    examples: Sequence[Example], make: Callable[[Sequence[Example]], RefusalModel]
) -> list[RefusalModel]:
    """Return, for each example, what ``make`` makes of all folds but its own."""
    fold = _folds(examples)
    made = [
        make([each for each, its in zip(examples, fold, strict=True) if its != number])
        for number in range(FOLDS)
    ]
    return [made[number] for number in fold]


def balanced_threshold(confidence: Floats, right: Bools) -> float:
    """Return the threshold at which the smaller of coverage and refusal rate is largest.

    Coverage of what would be answered rightly, refusal of all else.

    Of several as good the middle one: the furthest from where it would begin to lose. Both arrays
    have shape ``(n,)``, with at least one question of either kind.
    """
    sought, others = confidence[right], confidence[~right]
    shares = [
        (min(np.mean(sought >= each), np.mean(others < each)), each)
        for each in np.unique(confidence)
    ]
    largest = max(shares)[0]
    return float(np.median([each for share, each in shares if share == largest]))


def _folds(examples: Sequence[Example]) -> list[int]:
    """Return the fold of each example: dealt out within either kind, whatever their order."""
    fold = [0] * len(examples)
    random = np.random.default_rng(_SEED)
    for right in (True, False):
        kind = [place for place, each in enumerate(examples) if each.right is right]
        kind.sort(key=lambda place: _key(examples[place]))
        for number, chosen in enumerate(random.permutation(len(kind))):
            fold[kind[chosen]] = number % FOLDS
    return fold


def _key(example: Example) -> tuple[str, bool, int, tuple[tuple[str, float], ...]]:
    features = tuple(sorted(example.features.items()))
    return example.question, example.right, example.passages, features


def _most_probable(
    table: Floats, offset: Floats, labels: Floats, importance: Floats, spread: Floats
) -> Floats:
    """Return the posterior mode of ``x`` where a label's log-odds are ``offset + table @ x``.

    ``table`` has shape ``(n, k)``; ``spread``, shape ``(k,)``, are the priors' standard deviations
    around nought; the others have shape ``(n,)``. Newton's method with halved steps, which finds
    the only optimum there is.
    """
    precision = 1 / spread**2

    def loss(x: Floats) -> float:
        logits = offset + table @ x
        wrong = np.logaddexp(0.0, logits) - labels * logits
        return float(importance @ wrong + precision @ x**2 / 2)

    x = np.zeros(len(spread))
    for _ in range(_ROUNDS):  # pragma: no branch - the optimum is reached long before
        likely = (1 + np.tanh((offset + table @ x) / 2)) / 2
        gradient = table.T @ (importance * (likely - labels)) + precision * x
        weighted = (importance * likely * (1 - likely))[:, None] * table
        step = np.linalg.solve(table.T @ weighted + np.diag(precision), gradient)
        decrement = float(gradient @ step)
        if decrement < _CLOSE:
            break
        length = 1.0
        while loss(x - length * step) > loss(x) - length * decrement / 4:
            length /= 2
        x -= length * step
    return x


def _moved(weights: Weights, stretch: float, shift: float, added: Mapping[str, float]) -> Weights:
    return Weights(
        bias=round(float(stretch * weights.bias + shift), 4),
        weights={
            name: round(float(stretch * each + added[name]), 4)
            for name, each in weights.weights.items()
        },
    )
