"""When a list is given whole: the trials behind ``listing``.

    FOOTNOTE_BENCH=... python -m tests.bench.lists

Of golden questions (fitting split) and visitors' questions to all sites, those that have an answer
and are either for a list or use words of such questions. Says of both how many are given a list and
how many are answered right, which for a list means every item. The reader was trained on some of
these sites; what is tried here is not its doing.
"""

from collections import defaultdict
from collections.abc import Iterator

from assistant.citing import cite
from assistant.evaluation.golden import GoldenQuestion, holds_answer
from assistant.evaluation.intervals import proportion_text
from assistant.evidence import gather
from assistant.listing import asks_for_list, list_asked_for
from assistant.models import Models, open_models
from assistant.selection import select
from assistant.settings import Settings
from tests.bench.corpora import GOLDEN, VISITORS, Corpus, sites


def asked(models: Models) -> Iterator[tuple[Corpus, GoldenQuestion]]:
    """Yield every question with the corpus that it is about."""
    seeds = Corpus("seeds", models.reranker)
    yield from ((seeds, each) for each in seeds.golden(GOLDEN) if each.split == "fit")
    for site in sites():
        corpus = Corpus(site.name, models.reranker)
        path = VISITORS / site.name / "questions.jsonl"
        yield from ((corpus, each) for each in corpus.golden(path))


def main() -> None:
    """Answer, and print what was given."""
    models = open_models(Settings())
    listed, right = defaultdict(list), defaultdict(list)
    for corpus, each in asked(models):
        if not each.answerable or not (each.kind == "list" or asks_for_list(each.question)):
            continue
        question = corpus.alone(each)
        evidence = gather(models.reader, question, corpus.read(question))
        kind = "for a list" if each.kind == "list" else "others in such words"
        found = select(corpus.generation, evidence).spans if evidence.sentences else []
        listed[kind].append(bool(found) and bool(list_asked_for(corpus.generation, evidence)))
        right[kind].append(holds_answer(each, cite(corpus.generation, found)))
    models.close()
    for kind in sorted(listed):
        print(f"{kind}: given a list {proportion_text(listed[kind])}")
        print(f"{kind}: answered right {proportion_text(right[kind])}")


if __name__ == "__main__":
    main()
