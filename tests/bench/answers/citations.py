"""Every citation of 1,000 answers over squad2_dev_half's own corpus, against the files.

The questions are of the articles that the reader was not trained on.

    FOOTNOTE_BENCH=... python -m tests.bench.answers.citations [--questions 1000]

Also prints how often the first and any quoted sentence hold an answer string, and how many of the
adversarially unanswerable questions were refused, with Wilson intervals.
"""

import argparse
import hashlib
import random
import sys
from pathlib import Path

from assistant.answering import Assistant
from assistant.evaluation.metrics.intervals import proportion_text
from assistant.models.opening import open_models
from assistant.quoting.citing import check_answer
from assistant.refusal.kept import shipped
from assistant.schemas import AskResponse
from assistant.settings import Settings
from tests.bench.corpora import INDEXES, bench, generation_of, rows
from tests.training.reader.split import held_out

NAME = "squad2_dev_half"


def main() -> None:
    """Answer, check, and exit 1 if a single citation is not true."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=1000)
    options = parser.parse_args()
    article = {row["id"]: row["title"] for row in rows(bench(NAME) / "corpus.jsonl")}
    questions = [
        row
        for row in rows(bench(NAME) / "queries.jsonl")
        if held_out("squad2", article[row["doc"]])
    ]
    random.Random(7).shuffle(questions)
    assistant = Assistant(generation_of(NAME), open_models(Settings()), shipped())
    citations = untrue = 0
    first, any_held, answered, refused = [], [], [], []
    for number, row in enumerate(questions[: options.questions], start=1):
        answer = assistant.answer(row["text"])
        check_answer(answer)
        found, wrong = _checked(answer, INDEXES / NAME / "docs")
        citations, untrue = citations + found, untrue + wrong
        if row["answerable"]:
            answered.append(answer.status == "answered")
            if answer.status == "answered":
                best = max(answer.citations, key=lambda each: each.score).quote
                first.append(any(text in best for text in row["answers"]))
                quotes = " ".join(each.quote for each in answer.citations)
                any_held.append(any(text in quotes for text in row["answers"]))
        else:
            refused.append(answer.status == "refused")
        if number % 100 == 0:
            sys.stderr.write(f"{number} questions\n")
    assistant.close()
    print(f"index {assistant.index_id}")
    print(f"citations {citations}, untrue {untrue}")
    print(f"answerable answered {proportion_text(answered)}")
    print(f"best quote holds the answer {proportion_text(first)}")
    print(f"any quote does {proportion_text(any_held)}")
    print(f"adversarial refused {proportion_text(refused)}")
    if untrue:
        sys.exit(1)


def _checked(answer: AskResponse, docs: Path) -> tuple[int, int]:
    """Return how many citations a body has, and how many the files contradict."""
    wrong = 0
    cited = (*answer.citations, *answer.closest)
    for citation in cited:
        data = (docs / citation.path).read_bytes()
        text = data.decode().replace("\r\n", "\n").replace("\r", "\n")
        true = text[citation.start : citation.end] == citation.quote
        wrong += not (true and hashlib.sha256(data).hexdigest() == citation.document_sha256)
    return len(cited), wrong


if __name__ == "__main__":
    main()
