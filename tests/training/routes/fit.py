"""Fit the rule that every route shares, on the fitting half and on the routes' own examples.

    python -m tests.training.routes.fit [--write]

An example is judged by a discriminant fitted without it (leave one out), so that what the rule
learns holds for questions that nobody wrote down. The reporting half is never read here.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from assistant.question.routes.build import discriminant, left_out, vectors
from assistant.question.routes.file import Route, shipped_routes
from assistant.question.routes.phrases import compiled, plain_words
from assistant.question.routes.routing import FEATURES, Rule, features_of
from index.embedding.encoder import Encoder
from tests.bench.corpora import GOLDEN, generation_of, rows
from tests.training.routes.questions import Asked, asked

RIDGE = 1.0  # of .3, 1, 3 and 10 the best by the area under the curve, left one out
INVERSE_PENALTY = 10.0
GOLDEN_WEIGHT = 0.5  # answerable golden questions are of one site
ALONE = 0.5  # how far above the threshold a sentence of a longer message has to be; set by hand
RECALL = 0.98  # of the fitting half, left one out: the highest threshold that reaches it


def main() -> None:
    """Fit, print, and write ``assistant/question/routes/routing.json`` if asked to."""
    encoder = generation_of("seeds").encoder
    routes, fitting = shipped_routes(), [each for each in asked() if each.split == "fit"]
    near = [text for route in routes.routes for text in route.ordinary]
    ordinary = list(dict.fromkeys((*routes.ordinary, *near)))
    golden = [
        row["question"] for row in rows(GOLDEN) if row["answerable"] and row["split"] == "fit"
    ]
    others = [*golden, *(each.question for each in fitting)]
    seen = {route.name: _seen(route, ordinary, others, encoder) for route in routes.routes}
    examples: list[list[float]] = []
    labels: list[bool] = []
    weights: list[float] = []
    for route in routes.routes:
        belongs = set(route.examples)
        # What belongs to another route says nothing about what is ordinary.
        known = belongs.union(ordinary, golden)
        for text, features in seen[route.name].items():
            if text not in known:
                continue
            examples.append([features[name] for name in FEATURES])
            labels.append(text in belongs)
            weights.append(GOLDEN_WEIGHT if text in golden else 1.0)
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=1000)
    model.fit(examples, labels, sample_weight=weights)
    rule = Rule(
        RIDGE,
        round(float(model.intercept_[0]), 4),
        {name: round(float(w), 4) for name, w in zip(FEATURES, model.coef_[0], strict=True)},
        0.0,
        0.0,
    )
    scores = {
        each.question: max(
            _score(rule, route, seen[route.name][each.question], each.question)
            for route in routes.routes
        )
        for each in fitting
    }
    _print(scores, fitting)
    threshold = _threshold(scores, fitting)
    golden_hits = [
        text
        for text in golden
        if any(_score(rule, r, seen[r.name][text], text) >= threshold for r in routes.routes)
    ]
    print(f"threshold {threshold}: answerable golden questions redirected: {golden_hits}")
    for each in fitting:
        if (scores[each.question] >= threshold) != bool(each.route):
            print(f"  {scores[each.question]:6.2f} {each.route or '-':12} {each.question}")
    written = json.dumps(
        asdict(Rule(rule.ridge, rule.bias, rule.weights, threshold, round(threshold + ALONE, 2))),
        indent=2,
    )
    print(written)
    if "--write" in sys.argv:
        Path("assistant/question/routes/routing.json").write_text(written + "\n", encoding="utf-8")


def _seen(
    route: Route, ordinary: list[str], others: list[str], encoder: Encoder
) -> dict[str, dict[str, float]]:
    """Return the features of every text for a route; no text is judged by itself."""
    patterns = [compiled(each) for each in route.words]
    judged = left_out(vectors(encoder, route.examples), vectors(encoder, ordinary), RIDGE)
    meanings = dict(zip((*route.examples, *ordinary), map(float, judged), strict=True))

    whole = discriminant(vectors(encoder, route.examples), vectors(encoder, ordinary), RIDGE)
    for text, vector in zip(others, vectors(encoder, others), strict=True):
        meanings.setdefault(text, float(np.append(vector, 1.0) @ whole))
    return {
        text: features_of(meaning=value, words=plain_words(text), patterns=patterns)
        for text, value in meanings.items()
    }


def _score(rule: Rule, route: Route, features: dict[str, float], text: str) -> float:
    if any(compiled(each).search(plain_words(text)) for each in route.always):
        return 99.0
    return rule.score(features)


def _threshold(scores: dict[str, float], fitting: list[Asked]) -> float:
    belong = sorted(scores[each.question] for each in fitting if each.route)
    return round(belong[int((1 - RECALL) * len(belong))] - 0.005, 2)


def _print(scores: dict[str, float], fitting: list[Asked]) -> None:
    for threshold in (-1.5, -1.0, -0.75, -0.5, -0.25, 0.0, 0.5, 1.0):
        hit = [(each.route is not None, scores[each.question] >= threshold) for each in fitting]
        recall = np.mean([found for belongs, found in hit if belongs])
        alarms = np.mean([found for belongs, found in hit if not belongs])
        print(f"at {threshold:5.2f}: recall {recall:.3f}, false alarms {alarms:.3f}")


if __name__ == "__main__":
    main()
