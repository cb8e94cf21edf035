"""How often a text that answers has none of the words that a facet of its question calls for.

    python -m tests.bench.answers.facets

Asks no model: counts, over the golden fitting split and the sites of ``visitors/``, the answerable
questions about each facet of ``assistant/english/facets.py`` whose answering section has none of
its words (lists them: a word is missing there), and the unanswerable ones none of whose site's
sections does.
"""

from collections import Counter
from pathlib import Path

from assistant.english.facets import FACETS
from assistant.evaluation.golden import read_golden
from index.sources.folder import read_folder
from tests.bench.corpora import GOLDEN, SEEDS, sites


def main() -> None:
    """Print a line a facet, and the answers that have none of its words."""
    asked: Counter[str] = Counter()
    unsaid: Counter[str] = Counter()
    misses: Counter[str] = Counter()
    for folder, questions in [(SEEDS, GOLDEN), *((s, s / "questions.jsonl") for s in sites())]:
        if not any(folder.glob("*.md")):
            continue  # its documents are public texts, named and not copied
        sections = _sections(folder)
        for question in read_golden(questions):
            for facet in FACETS:
                if question.split == "report" or not facet.asked.search(question.question):
                    continue
                if not question.answerable:
                    misses[facet.name] += 1
                    continue
                asked[facet.name] += 1
                quotes = [span.quote for span in question.spans if span.quote]
                if not any(
                    facet.said.search(section)
                    for section in sections
                    if any(quote in section for quote in quotes)
                ):
                    unsaid[facet.name] += 1
                    print(f"{folder.name}: {question.question} | {quotes[0]}")
    print("facet         answered  without a word of it  asked in vain")
    for facet in FACETS:
        name = facet.name
        print(f"{name:12} {asked[name]:9} {unsaid[name]:22} {misses[name]:14}")


def _sections(folder: Path) -> list[str]:
    found = []
    for document in read_folder(folder).documents:
        parts: dict[tuple[str, ...], list[str]] = {}
        for block in document.blocks:
            parts.setdefault(block.headings, []).append(document.text[block.start : block.end])
        found += ["\n".join(part) for part in parts.values()]
    return found


if __name__ == "__main__":
    main()
