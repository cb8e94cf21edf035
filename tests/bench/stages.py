"""Where the time of an answer goes, and what the models alone would take.

    python -m tests.bench.stages --index .index [--questions 60] [--follow-ups]

Asks golden questions in one process, one after another, and takes the time of every stage; with
``--follow-ups`` those that come after a conversation, else those that do not. Then puts the very
same pairs of question and text to the same models again, with nothing in between.
Shares and ratios are of one run; the milliseconds are as noisy as the machine.
"""

import argparse
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.answering import Assistant
from assistant.evaluation.golden import read_golden
from assistant.models.opening import Models, open_models
from assistant.refusal.kept import in_use
from assistant.settings import Settings
from index.generations.opening import Generation
from index.generations.publish import current_folder
from tests.bench.corpora import GOLDEN

ASKED_BEFORE = 5  # questions that warm the models up


class Stages:
    """Adds up the milliseconds of wrapped methods, and keeps what they were called with."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self.texts: dict[str, int] = defaultdict(int)
        self.calls: list[Callable[[], Any]] = []

    def begin(self) -> None:
        """Forget the last question."""
        self.spent.clear()
        self.texts.clear()
        self.calls.clear()

    def wrap(self, owner: Any, method: str, stage: str, *, model: bool = False) -> None:
        """Measure a method of an object; a model's calls are kept, to be made again alone."""
        plain = getattr(owner, method)

        def measured(*arguments: Any) -> Any:
            began = time.perf_counter()
            try:
                return plain(*arguments)
            finally:
                self.spent[stage] += 1000 * (time.perf_counter() - began)
                if model:
                    self.texts[stage] += len(arguments[-1])
                    self.calls.append(lambda: plain(*arguments))

        setattr(owner, method, measured)


def main() -> None:
    """Ask, and print the median of each stage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, default=Path(".index"))
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--follow-ups", action="store_true")
    options = parser.parse_args()
    generation = Generation(current_folder(options.index))
    models = open_models(Settings(index=options.index))
    assistant = Assistant(generation, models, in_use(options.index, models.sha256))
    stages = _wrapped(generation, models)
    rows: dict[str, list[float]] = defaultdict(list)
    texts: dict[str, list[int]] = defaultdict(list)
    questions = [
        each
        for each in read_golden(GOLDEN)
        if each.split == "fit" and bool(each.history) == options.follow_ups
    ]
    for number, each in enumerate(questions[: ASKED_BEFORE + options.questions]):
        stages.begin()
        began = time.perf_counter()
        assistant.answer(each.question, each.history)
        whole = 1000 * (time.perf_counter() - began)
        spent, counted, again = dict(stages.spent), dict(stages.texts), list(stages.calls)
        began = time.perf_counter()
        for call in again:
            call()
        alone = 1000 * (time.perf_counter() - began)
        if number < ASKED_BEFORE:
            continue
        for stage, milliseconds in spent.items():
            rows[stage].append(milliseconds)
        for stage, count in counted.items():
            texts[stage].append(count)
        rows["everything else"].append(whole - sum(spent.values()))
        rows["whole answer"].append(whole)
        rows["the models alone"].append(alone)
        rows["whole / models alone"].append(whole / alone)
    for stage, found in rows.items():
        unit = "" if "/" in stage else " ms"
        read = f"; {statistics.mean(texts[stage]):.1f} texts" if stage in texts else ""
        print(f"{stage:28} median {statistics.median(found):7.2f}{unit} of {len(found)}{read}")
    assistant.close()


def _wrapped(generation: Generation, models: Models) -> Stages:
    stages = Stages()
    stages.wrap(generation.encoder, "encode_query", "question's vector")
    stages.wrap(generation.vectors, "search", "vectors searched")
    stages.wrap(generation.lexicon, "search", "words searched")
    stages.wrap(models.reranker, "score_pairs", "cross-encoder", model=True)
    stages.wrap(models.reader, "read", "reader", model=True)
    stages.wrap(models.resolver, "unsaid", "resolver", model=True)
    return stages


if __name__ == "__main__":
    main()
