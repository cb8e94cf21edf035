"""An owner's questions, drawn from a known truth, and a shipped model beside it."""

import math

import numpy as np

from assistant.refusal.fitting import Example
from assistant.refusal.model import RefusalModel, Weights

SHIPPED = RefusalModel(
    threshold=0.5,
    irrelevant_below=-9.0,
    irrelevant=0.2,
    small_passages=32,
    large_passages=4000,
    small=Weights(0.5, {"passage": -0.3, "answers": 1.2, "unmet": -4.0}),
    large=Weights(-1.0, {"passage": 0.3, "answers": 0.1, "unmet": 0.2}),
)
NAMES = tuple(SHIPPED.small.weights)
PASSAGES = 200


def drawn(count: int, *, seed: int, shift: float = 0.0, slope: float = 0.0) -> list[Example]:
    """Return questions whose true log-odds are the shipped ones, shifted and with another slope."""
    random = np.random.default_rng(seed)
    found = []
    for number in range(count):
        features = {
            "passage": float(random.normal(0, 4)),
            "answers": float(random.normal(0, 3)),
            "unmet": float(random.random() < 0.1),
        }
        logit = SHIPPED.logit(features, PASSAGES) + shift + slope * features["passage"]
        answerable = bool(random.random() < 1 / (1 + math.exp(-logit)))
        found.append(Example(f"question {number}", answerable, PASSAGES, features))
    return found
