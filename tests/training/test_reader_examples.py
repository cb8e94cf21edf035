"""What the reader is trained on: what it may see, and what is marked as an answer."""

import random
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.golden import GoldenSpan, placed, read_golden
from index.sources.folder import read_folder
from tests.bench.answers.follow_up_answers import FOLLOW_UPS, followed_up
from tests.bench.corpora import VISITORS, rows, sites
from tests.training.reader.examples import collect, no_answer
from tests.training.reader.medquad import near_misses, of_disease, passage_of
from tests.training.reader.owned import marked
from tests.training.reader.split import LATER, held_out
from tests.training.reader.squad2 import holding


def _rng(seed: int) -> random.Random:
    return random.Random(seed)


def test_the_split_does_not_move() -> None:
    """Weights that are shipped were trained without these; another split would leak them."""
    articles = ("Harvard University", "Immune system", "Normans", "Warsaw", "Yuan dynasty")
    held = [name for name in articles if held_out("squad2", name)]
    assert held == ["Harvard University", "Immune system", "Yuan dynasty"]
    questions = [f"g-{number:03}" for number in range(1, 11)]
    assert [name for name in questions if held_out("golden", name)] == ["g-002", "g-005", "g-007"]
    unseen = {folder.name for folder in sites() if held_out("visitors", folder.name)}
    assert unseen - LATER == {
        "allotments",
        "camera-manual",
        "canals",
        "massage-and-sauna",
        "skin-conditions",
        "staff-handbook",
        "town-library",
    }
    assert unseen > LATER


@given(st.lists(st.text(), unique=True))
def test_a_group_is_held_out_whatever_others_there_are(groups: list[str]) -> None:
    """Each group is on one side, and stays there when groups are added or reordered."""
    first = {group: held_out("golden", group) for group in groups}
    assert first == {group: held_out("golden", group) for group in reversed(groups)}


@pytest.mark.parametrize(
    ("corpus", "share"), [("squad2", 1 / 3), ("golden", 1 / 2), ("visitors", 1 / 3), ("medquad", 0)]
)
def test_a_share_of_each_corpus_is_held_out(corpus: str, share: float) -> None:
    """A third of the articles and sites, half of the golden questions, nothing of the templates."""
    held = np.mean([held_out(corpus, str(number)) for number in range(3000)])
    assert held == pytest.approx(share, abs=0.03)


def test_an_unknown_corpus_has_no_split() -> None:
    """A misspelt name would otherwise pass for one of which all was trained on."""
    with pytest.raises(KeyError):
        held_out("squad", "Normans")


@pytest.mark.parametrize("site", [folder.name for folder in sites()])
def test_a_site_says_what_its_questions_quote(site: str) -> None:
    """Every span stands in its document, and a question has one if it is answerable."""
    folder = VISITORS / site
    questions = read_golden(folder / "questions.jsonl")
    assert all(bool(each.spans) == each.answerable for each in questions)
    named = folder / "documents.txt"
    if named.exists():  # public texts, which are not here
        known = set(named.read_text("utf-8").split())
        assert {span.document_id for each in questions for span in each.spans} <= known
    else:
        texts = {each.id: each.text for each in read_folder(folder).documents}
        assert len(placed(folder / "questions.jsonl", questions, texts)) == len(questions)


@pytest.mark.parametrize("site", [folder.name for folder in followed_up()])
def test_a_follow_up_leans_on_what_its_site_says(site: str) -> None:
    """Answers in a history are the site's own sentences, and a whole question lacks nothing."""
    file = VISITORS / site / FOLLOW_UPS
    texts = {each.id: each.text for each in read_folder(file.parent).documents}
    questions = placed(file, read_golden(file), texts)
    assert len(questions) == 16
    assert sum(question.answerable for question in questions) == 10
    assert all(bool(each.spans) == each.answerable for each in questions)
    pages = " ".join("\n".join(texts.values()).split())
    for question, row in zip(questions, rows(file), strict=True):
        assert (row["alone"] == question.question) == (row["leans"] == "alone")
        for turn in question.history[1::2]:
            assert turn.role == "assistant"
            for sentence in re.split(r"(?<=[.?!]) ", turn.content):
                assert sentence in pages or sentence == "The documents do not answer this."


def test_a_text_becomes_a_passage_with_exact_sentences() -> None:
    """The sentences are verbatim, trimmed, in order, and leave out nothing but the space."""
    text = "First things first.  Mrs. Smith said\u00a0so. And then? A cut-off en"
    passage = passage_of(text, ("Colds",))
    quotes = [passage.quote(sentence) for sentence in passage.sentences]
    assert quotes == [
        "First things first.",
        "Mrs. Smith said\u00a0so.",
        "And then?",
        "A cut-off en",
    ]
    assert passage.headings == ("Colds",)


def test_a_near_miss_is_on_the_subject_and_silent() -> None:
    """An aspect that often answers the question too is never taken for a miss."""
    texts = {name: ["Text."] for name in ("causes", "information", "inheritance", "treatment")}
    assert near_misses("causes", texts) == ["treatment"]
    assert near_misses("information", texts) == []


def test_questions_about_a_disease() -> None:
    """Each question names it; a near miss marks every sentence as silent."""
    texts = {name: [f"About {name}. More."] for name in ("causes", "stages", "treatment")}
    found = [each for seed in range(20) for each in of_disease(_rng(seed), "flu", texts)]
    assert {each.kind for each in found} == {"answering", "near miss"}
    assert all("flu" in each.question for each in found)
    for each in found:
        assert set(each.labels) == ({None} if each.answers else {False})
        assert each.answers == (each.kind == "answering")


def test_answers_are_marked_where_they_stand() -> None:
    """By string in squad2, by span in golden questions."""
    passage = passage_of("He came in 911. He left with the French.", ())
    assert holding(passage, ["french", "France"]) == (False, True)
    assert marked(passage, [GoldenSpan("d", 0, 15)]) == (True, False)
    assert marked(passage, []) == (False, False)


def test_the_same_seed_gives_the_same_examples(capsys: pytest.CaptureFixture[str]) -> None:
    """A corpus is thinned and shuffled by the seed, and what there is of it is said."""
    passage = passage_of("It rains.", ())
    origin = ("squad2", "adversarial", "Rain")
    sources = {
        "squad2": lambda rng: (no_answer(origin, str(rng.random()), passage) for _ in range(400)),
    }
    first = collect(sources, 20)
    assert first == collect(sources, 20)
    assert first != collect(sources, 21)
    assert 140 < len(first) < 260
    assert "squad2: 400 examples (adversarial 400)" in capsys.readouterr().err
    assert len(collect(sources, 20, limit=3)) <= 3
