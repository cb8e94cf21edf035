"""What is read, and how passages rank: real models over passages made here."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.evidence.reading import ScoredPassage, gather, read_passages
from assistant.evidence.weights import WEIGHTS
from assistant.models.opening import Models, open_models
from assistant.settings import Settings
from index.records import Hit, Passage
from tests.assistant.models.test_reader import passage

QUESTION = "Until when is the bakery open on Sundays?"


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Models]:
    """Open the models that come with the code."""
    opened = open_models(Settings(index=Path(tmp_path_factory.mktemp("none"))))
    yield opened
    opened.close()


def _holding(passages: list[Passage]) -> Any:
    """Stand for a generation: reading passages by id is all that is asked of it."""
    return SimpleNamespace(passage=lambda number: passages[number])


def test_passages_rank_by_both_retrieval_and_the_cross_encoder(models: Models) -> None:
    """One that retrieval is sure of may pass another by as much as it is surer of it."""
    passages = [
        replace(passage("On Sundays the bakery closes at noon."), id=0),
        replace(passage("On Sundays the bakery shuts at noon."), id=1),
    ]
    hits = [Hit(0, 0.2), Hit(1, 0.2)]
    first, second = read_passages(_holding(passages), models.reranker, QUESTION, hits)
    assert first.logit > second.logit
    lead = (first.logit - second.logit) / WEIGHTS.fused
    assert 0 < lead < 0.7
    raised = [Hit(first.passage.id, 0.2), Hit(second.passage.id, 0.21 + lead)]
    again = read_passages(_holding(passages), models.reranker, QUESTION, raised)
    assert [each.passage.id for each in again] == [second.passage.id, first.passage.id]
    assert {each.logit for each in again} == {first.logit, second.logit}


@pytest.mark.parametrize(
    ("shares", "read"),
    [
        ([1.0] * WEIGHTS.passages, WEIGHTS.passages),
        ([1.0] + [WEIGHTS.near] * (WEIGHTS.passages - 1), WEIGHTS.passages),
        ([1.0] * (WEIGHTS.opened + 1) + [WEIGHTS.near - 0.01] * 3, WEIGHTS.opened + 1),
        ([1.0] + [0.0] * (WEIGHTS.passages - 1), WEIGHTS.opened),
        ([0.5] * WEIGHTS.opened + [0.5 * WEIGHTS.near] + [0.1] * 4, WEIGHTS.opened + 1),
        ([1.0, 0.0], 2),
        ([], 0),
    ],
)
def test_only_what_is_near_the_best_is_read(
    models: Models, monkeypatch: pytest.MonkeyPatch, shares: list[float], read: int
) -> None:
    """The first few always are; what is read ranks as if the rest had not been found."""
    texts = [f"Room {number} of the museum has old maps." for number in range(len(shares))]
    passages = [replace(passage(text), id=number) for number, text in enumerate(texts)]
    asked: list[str] = []
    score = models.reranker.score

    def counted(question: str, texts: list[str]) -> list[float]:
        asked.extend(texts)
        return score(question, texts)

    monkeypatch.setattr(models.reranker, "score", counted)
    hits = [Hit(number, share) for number, share in enumerate(shares)]
    found = read_passages(_holding(passages), models.reranker, QUESTION, hits)
    assert asked == texts[:read]
    alone = score(QUESTION, texts[:read])
    ranked = sorted(
        range(read), key=lambda number: -(alone[number] + WEIGHTS.fused * shares[number])
    )
    assert [each.passage.id for each in found] == ranked


@pytest.mark.parametrize(("behind", "opened"), [(7.9, 2), (8.1, 1)])
def test_a_passage_far_behind_is_not_opened(models: Models, behind: float, opened: int) -> None:
    """The reader sees what may answer, and no more."""
    texts = ["On Sundays it closes at noon.", "Its bread is made with rye."]
    scored = tuple(
        ScoredPassage(replace(passage(text), id=number), 3.0 - number * behind, 0.5)
        for number, text in enumerate(texts)
    )
    assert len(gather(models.reader, QUESTION, scored).answers) == opened


def test_of_passages_in_the_same_words_one_is_read(models: Models) -> None:
    """A text that stands in several documents takes the place of no other."""
    copies = [
        replace(passage(text, headings=(f"Page {number}",)), id=number, document=number)
        for number, text in enumerate(
            ["On Sundays it closes at noon.", "On Sundays it closes  at noon!"] * WEIGHTS.opened
        )
    ]
    other = replace(passage("Its bread is made with rye."), id=99)
    scored = (
        *(ScoredPassage(each, 3.0 - each.id, 0.5) for each in copies),
        ScoredPassage(other, -3.0, 0.5),
    )
    evidence = gather(models.reader, QUESTION, scored)
    assert [each.passage.id for each in evidence.sentences] == [0, 99]
    assert len(evidence.answers) == 2
    assert evidence.passages == scored
