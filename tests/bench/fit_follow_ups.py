"""Fit what speaks for a name being the one that a question leans on.

    FOOTNOTE_BENCH=DIR python -m tests.bench.fit_follow_ups [--write]

One logistic regression (L2, Newton's method) for each way of leaning, on the half of canard_dev
that is for developing, its histories as they are and with the title before them. A row is a name of
the history that the question does not have; it was meant as far as the person's rewrite has its
words. Whom earlier questions were about depends on the weights, so it is fitted five times over.
"""

import argparse
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.follow_ups import subjects, weights
from assistant.follow_ups.rewriting import Ledger, lean_of, named
from index.lexicon import terms
from tests.bench.follow_ups import FollowUp, read

_ROUNDS = 5
_PENALTY = 1.0  # of each squared weight but the bias; not tuned
_NEWTON_STEPS = 30
_WEIGHTS = Path("assistant/follow_ups/weights.py")
Fitted = dict[str, tuple[float, ...]]


def main() -> None:
    """Fit, print and, if asked, write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    follow_ups = read("develop", titled=False) + read("develop", titled=True)
    nothing = (0.0,) * len(weights.LEANS)  # speaks for no name, so that none is put in at first
    fitted: Mapping[str, tuple[float, ...]] = defaultdict(lambda: nothing)
    for _ in range(_ROUNDS):
        subjects.WEIGHTS = fitted
        fitted = fit(follow_ups)
    text = written(fitted)
    print(text)
    if options.write:
        _WEIGHTS.write_text(text, encoding="utf-8")


def fit(follow_ups: list[FollowUp]) -> Fitted:
    """Return the weights of every feature, a column for each way of leaning."""
    rows: dict[str, list[tuple[dict[str, float], float]]] = defaultdict(list)
    for follow_up in follow_ups:
        for lean, found, meant in names_meant(follow_up):
            rows[lean].append((found, meant))
    columns = []
    for lean in weights.LEANS:
        names = list(rows[lean][0][0])
        table = np.array([[found[name] for name in names] for found, _ in rows[lean]])
        columns.append(_logistic(table, np.array([meant for _, meant in rows[lean]])))
    return {
        name: tuple(round(float(column[at]), 2) for column in columns)
        for at, name in enumerate(names)
    }


def names_meant(follow_up: FollowUp) -> list[tuple[str, dict[str, float], float]]:
    """Return the names that a question may lean on: how, features, share of words that it lost."""
    history, question = follow_up.history, follow_up.question
    if not history:
        return []
    ledger = Ledger(history)
    for place, turn in enumerate(history):
        if turn.role == "user" and place:
            ledger.fill(turn.content, place)
    names = [name for name in ledger.before(len(history)) if not named(question, name)]
    total = sum(len(name.mentions) for name in names)
    lean = lean_of(question)
    kind = lean[0] if lean else "unsaid"
    noun = lean[1]["noun"].casefold() if lean and kind == "noun" else ""
    asked = set(terms(question))
    lost = set(terms(follow_up.rewrite)) - asked
    found = []
    for name in names:
        words = set(terms(name.text)) - asked
        if words:
            row = subjects.features(name, len(history), total, noun)
            found.append((kind, row, len(words & lost) / len(words)))
    return found


def _logistic(
    table: npt.NDArray[np.float64], meant: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return the weights; ``table`` has shape (names, features), the first feature the bias."""
    penalty = _PENALTY * np.ones(table.shape[1])
    penalty[0] = 1e-6
    found = np.zeros(table.shape[1])
    for _ in range(_NEWTON_STEPS):
        likely = 1 / (1 + np.exp(-table @ found))
        curvature = (table.T * (likely * (1 - likely))) @ table + np.diag(penalty)
        found += np.linalg.solve(curvature, table.T @ (meant - likely) - penalty * found)
    return found


def written(fitted: Mapping[str, tuple[float, ...]]) -> str:
    """Return the module that holds the weights."""
    rows = "".join(f'    "{name}": {values},\n' for name, values in fitted.items())
    leans = ", ".join(f'"{lean}"' for lean in weights.LEANS)
    return f'''"""How much each sign speaks for a name, by how a question leans on it.

Fitted, not written by hand: ``python -m tests.bench.fit_follow_ups --write``.
"""

from collections.abc import Mapping

LEANS = ({leans})
WEIGHTS: Mapping[str, tuple[float, ...]] = {{
{rows}}}
'''


if __name__ == "__main__":
    main()
