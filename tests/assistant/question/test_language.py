"""What the models do not read is refused and said to be, never answered at random."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.answering import Assistant
from assistant.cli.checks.examining import examine
from assistant.question.language import is_wordless
from assistant.settings import Settings

_MUSEUM = (
    "# 钟表博物馆\n\n博物馆周二至周日上午十点开门。周一闭馆！成人票三十元，儿童免费。\n\n"
    "## 交通\n\n乘地铁二号线到钟楼站，从南口出来步行五分钟。馆内不能停车。\n"
)
_BUS = "# Getting here\n\nTake bus 12 to the clock tower. Parking is free after six.\n"


@pytest.mark.parametrize("question", ["?", "-", '""', "\u200b", " \u2060… ", "👍🏽", "→ !"])
def test_a_question_without_a_word_is_refused(assistant: Assistant, question: str) -> None:
    """It is asked to be put in words; nothing is searched."""
    answer = assistant.answer(question)
    assert (answer.status, answer.reason, answer.confidence) == ("refused", "no_question", 0.0)
    assert "words" in answer.answer
    assert (answer.closest, answer.citations) == ([], [])


@pytest.mark.parametrize("question", ["a", "42", "½", "C++?", "為什麼", "§ 12"])
def test_a_letter_or_a_digit_is_a_word(question: str) -> None:
    """In any script."""
    assert not is_wordless(question)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Quelle heure est-il à Lisbonne en ce moment ?", "I read English only."),
        ("Wie heißt der höchste Berg der Welt?", "I read English only."),
        ("Как называется самая длинная река?", "I read English only."),
        ("世界上最高的山叫什么名字?", "我只能读懂英文"),
    ],
)
def test_a_question_in_another_language_is_refused_as_one(
    assistant: Assistant, question: str, said: str
) -> None:
    """In Chinese where it is Chinese, as the widget is; no word of it is said to be missing."""
    answer = assistant.answer(question)
    assert (answer.status, answer.reason, answer.confidence) == ("refused", "language", 0.0)
    assert answer.answer.startswith(said)
    assert "“" not in answer.answer
    assert (answer.closest, answer.citations, answer.question_used) == ([], [], question)


def test_a_refusal_of_the_sources_says_so(assistant: Assistant) -> None:
    """Each refusal has its reason, and what is no refusal has none."""
    assert assistant.answer("How deep is the Marmara sea?").reason == "not_in_sources"
    assert assistant.answer("Hello").reason is None
    assert assistant.answer("What causes enlarged pores?").reason is None


def test_english_is_answered_beside_documents_in_another_language(
    corpus: Callable[..., Assistant],
) -> None:
    """From what the models read; what they do not is no candidate, whatever is asked."""
    mixed = corpus(bus=_BUS, museum=_MUSEUM)
    answer = mixed.answer("Which bus goes to the clock tower?")
    assert answer.status == "answered"
    assert [each.document_id.split("-")[0] for each in answer.citations] == ["bus"]
    for question in ("馆内能停车吗?", "谁画了蒙娜丽莎?"):
        refused = mixed.answer(question)
        assert (refused.status, refused.reason) == ("refused", "language")
    english = mixed.answer("What does a ticket for an adult cost?")
    assert (english.status, english.reason, english.closest) == ("refused", "not_in_sources", [])


def test_sources_that_are_not_read_answer_nothing(
    corpus: Callable[..., Assistant], tmp_path: Path
) -> None:
    """Neither in their language nor in English; the doctor says why, and the page still opens."""
    chinese = corpus(museum=_MUSEUM)
    english = chinese.answer("When does the museum open?")
    assert (english.status, english.reason) == ("refused", "language")
    assert "sources are in a language" in english.answer
    assert chinese.answer("博物馆几点开门?").reason == "language"
    assert chinese.answer("?").reason == "no_question"
    assert chinese.answer("Hello").status == "smalltalk"
    assert chinese.suggestions() == []
    assert not chinese.evidence("When does the museum open?").sentences
    assert "钟表博物馆" in chinese.generation.text(0)
    found = {each.name: each for each in examine(Settings(index=tmp_path / "index"))}
    assert not found["languages"].ok
    assert "1 in Chinese" in found["languages"].detail


def test_words_that_the_sources_use_are_in_their_language(
    corpus: Callable[..., Assistant],
) -> None:
    """A name in another language is asked about by who reads it in the sources."""
    cafe = corpus(menu="The Confiserie de la Vieille Ville sells brioche and pain d'épices.\n")
    assert cafe.answer("confiserie de la vieille ville brioche").reason != "language"
    assert cafe.answer("boulangerie de la vieille ville baguette").reason == "language"
