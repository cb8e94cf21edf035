"""How much each sign speaks for a name, by how a question leans on it.

Fitted, not written by hand: ``python -m tests.bench.fit_follow_ups --write``.
"""

from collections.abc import Mapping

LEANS = ("person", "group", "thing", "noun", "unsaid")
WEIGHTS: Mapping[str, tuple[float, ...]] = {
    "bias": (-2.95, -2.48, -2.96, -3.53, -2.25),
    "asked": (0.79, 0.92, 1.52, 1.44, 0.93),
    "told": (-0.45, -0.06, 0.56, -0.17, -0.59),
    "in the last question": (0.21, 0.17, 1.08, 0.4, -0.06),
    "in the last answer": (-0.7, -0.02, 0.49, 0.78, 0.77),
    "recent": (2.25, 1.44, 1.44, 0.98, 0.57),
    "opening": (1.33, 0.96, 0.43, 0.44, 0.51),
    "share": (1.58, 1.31, 1.06, 1.55, 0.7),
    "acts": (1.16, 0.12, -0.12, -0.54, 0.27),
    "owns": (0.73, 0.36, -0.07, 0.3, 0.45),
    "subject": (0.48, 1.03, -0.07, 1.02, 0.39),
    "personal": (0.38, -0.71, 2.03, 0.48, 0.51),
    "apart": (-0.3, -0.28, -1.12, 0.67, -0.14),
    "placed": (-0.73, -0.9, -0.35, 0.04, -0.09),
    "the": (-0.64, 0.65, -0.42, 0.65, 0.25),
    "quoted": (-0.16, -1.79, -0.36, -0.08, -0.45),
    "was a person": (0.13, -1.32, -1.49, -1.49, -0.18),
    "was a group": (-0.47, -0.04, -1.11, -0.63, -0.28),
    "was a thing": (-1.33, -0.28, -0.63, -0.4, 0.02),
    "same noun": (0.0, 0.0, 0.0, 1.16, 0.0),
    "work": (0.45, -0.57, 0.34, 0.71, 0.17),
    "institution": (-1.02, -0.6, -0.88, -0.34, -0.04),
    "one word": (0.09, -0.14, -0.15, 0.21, 0.02),
    "long": (0.42, -0.08, 0.33, 0.53, 0.35),
    "linked": (-0.19, 0.01, 0.79, -0.17, 0.36),
}
