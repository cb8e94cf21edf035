"""The story of an answer, over real models and small corpora."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.answering import Assistant, open_assistant, opening
from assistant.schemas import Turn
from assistant.settings import Settings
from index.errors import IndexMissing, ModelError

Corpus = Callable[..., Assistant]
SHOP = """Opening hours:

The shop opens at nine and closes at six. On Sundays it is closed.

Services

Wheels: we true wheels while you wait. Bring the wheel without its tyre.

Brakes: we replace brake pads and cables within a day.

Gears: we adjust gears and replace worn chains.

It usually takes an hour. The same price applies to every bicycle.
"""


def test_an_answer_quotes_and_cites(corpus: Corpus) -> None:
    """The sentence that answers is there, verbatim, with its document."""
    answer = corpus(shop=SHOP).answer("When does the shop open?")
    assert answer.status == "answered"
    assert "The shop opens at nine and closes at six." in [c.quote for c in answer.citations]
    assert answer.citations[0].path == "shop.txt"
    assert answer.generator == "extractive"
    assert answer.confidence is not None
    assert answer.timing_ms.total > 0


def test_an_answer_shows_words_without_markup(corpus: Corpus) -> None:
    """Links and marks stay in the quote; code is shown as it is typed."""
    text = (
        "# Hire\n\nA **tandem** is lent for [two days](#days 'Days') at most.\n\n"
        "## Unlock the tandem\n\n```\nunlock --tandem *7*\n```\n"
    )
    assistant = corpus(**{"hire.md": text})
    answer = assistant.answer("How long is a tandem lent?")
    assert answer.sentences[0].text == "A tandem is lent for two days at most."
    assert answer.citations[0].display == answer.sentences[0].text
    assert answer.citations[0].quote == text[slice(8, text.index("\n\n##"))]
    code = assistant.answer("Which command unlocks the tandem?")
    assert "unlock --tandem *7*" in [each.display for each in (*code.citations, *code.closest)]


def test_a_refusal_says_whom_to_ask(corpus: Corpus) -> None:
    """If the owner says; in whatever words, and whatever was missing."""
    made = corpus(shop=SHOP)
    asked = Assistant(
        made.generation, made._models, made.refusal, lent=True, contact="desk@shop.example"
    )
    for question in ("Who won the cup in 1966?", "Wann öffnet das Geschäft am Montag?"):
        refused = asked.answer(question)
        assert refused.status == "refused"
        assert refused.answer.endswith(" You can ask here: desk@shop.example")
    assert "ask here" not in asked.answer("???").answer


def test_a_list_is_given_whole(corpus: Corpus) -> None:
    """Asked for the services, the answer holds every labelled paragraph of the section."""
    answer = corpus(shop=SHOP).answer("What are your services?")
    assert [c.quote.split(":")[0] for c in answer.citations] == ["Wheels", "Brakes", "Gears"]


def test_one_item_of_a_list_is_given_alone(corpus: Corpus) -> None:
    """A question about one item is not answered with all of them."""
    answer = corpus(shop=SHOP).answer("Do you replace brake pads and cables?")
    assert answer.status == "answered"
    assert answer.citations[0].quote.startswith("Brakes:")
    assert not any(c.quote.startswith("Wheels:") for c in answer.citations)


def test_a_list_under_a_heading_with_the_same_words_is_not_what_was_asked_for(
    corpus: Corpus,
) -> None:
    """Title and headings name flat tyres, and the causes stand in a sentence, not in the list."""
    text = (
        "Flat Tyres and Slow Wheels\n\n"
        "Understanding Flat Tyres:\n\n"
        "Flat tyres are often caused by thorns, but they can also result from broken glass and "
        "from low pressure. A tyre with low pressure pinches its tube at every kerb.\n\n"
        "Benefits of a Service for Tyres:\n\n"
        "Better grip: a service cleans the tyres, which gives them more grip on the road.\n\n"
        "Longer life: fresh sealant makes the tyres last for another season.\n\n"
        "Quiet ride: balanced wheels make less noise.\n"
    )
    answer = corpus(tyres=text).answer("What causes flat tyres?")
    assert answer.status == "answered"
    best = max(answer.citations, key=lambda each: each.score)
    assert best.quote.startswith("Flat tyres are often caused by thorns")
    assert not any(each.quote.startswith(("Longer", "Quiet")) for each in answer.citations)


def test_a_refusal_says_what_is_missing(corpus: Corpus) -> None:
    """It cites nothing, names the word that nothing covers, and may show what is closest."""
    answer = corpus(shop=SHOP).answer("Do you sell helmets?")
    assert answer.status == "refused"
    assert not answer.sentences
    assert not answer.citations
    assert "“helmets”" in answer.answer
    assert all(each.quote in SHOP for each in answer.closest)


def test_a_far_miss_shows_nothing_as_closest(corpus: Corpus) -> None:
    """A passage about something else is not offered as being close."""
    answer = corpus(shop=SHOP).answer("What is the capital of Australia?")
    assert answer.status == "refused"
    assert answer.closest == []


def test_a_question_without_a_single_known_word_is_refused(corpus: Corpus) -> None:
    """Symbols, emoji and other scripts find nothing and break nothing."""
    assistant = corpus(shop=SHOP)
    for question in ("?", "🙂🙂", "皮肤为什么粗糙？", "\u202e\u0301", "a" * 2000, "why " * 500):
        assert assistant.answer(question).status in {"refused", "answered"}
    assert assistant.answer("🙂🙂").status == "refused"


def test_small_talk_is_answered_in_its_own_voice(corpus: Corpus) -> None:
    """A greeting gets a greeting, no citation and no confidence."""
    answer = corpus(shop=SHOP).answer("Hello!")
    assert answer.status == "smalltalk"
    assert answer.answer.startswith("Hello!")
    assert answer.confidence is None


def test_a_word_of_another_document_is_not_called_missing(assistant: Assistant) -> None:
    """The best passages are about pores and lack the sun; an article on roughness has it."""
    answer = assistant.answer("my pores look huge since summer, is it the sun?")
    assert answer.status == "refused"
    assert "“summer”" in answer.answer
    assert "“sun”" not in answer.answer


def test_models_are_opened_once_and_outlive_an_assistant(corpus: Corpus, tmp_path: Path) -> None:
    """Following a new generation costs no second copy of the models, and closes none in use."""
    corpus(shop=SHOP)
    with opening(Settings(source=tmp_path / "docs", index=tmp_path / "index")) as open_next:
        first, second = open_next(), open_next()
        assert first._models is second._models
        first.close()
        assert second.answer("When does the shop open?").status == "answered"
        second.close()


def test_a_follow_up_is_searched_for_as_it_was_meant(corpus: Corpus) -> None:
    """``question_used`` shows the question that was searched for."""
    history = [Turn(role="user", content="When does the shop open?")]
    answer = corpus(shop=SHOP).answer("And when does it close?", history)
    assert "shop" in answer.question_used
    assert " it " not in answer.question_used
    assert answer.status == "answered"


def test_a_sentence_that_points_back_brings_what_it_points_to(corpus: Corpus) -> None:
    """A pronoun is quoted together with what it stands for."""
    text = "Care\n\nThe fern needs moist air. It must be sprayed with rainwater every morning.\n"
    answer = corpus(care=text).answer("What must be sprayed with rainwater every morning?")
    assert [c.quote for c in answer.citations][:2] == [
        "The fern needs moist air.",
        "It must be sprayed with rainwater every morning.",
    ]


def test_sources_that_say_the_same_are_quoted_once(corpus: Corpus) -> None:
    """A second copy of a document adds no second copy of an answer."""
    answer = corpus(first=SHOP, second=SHOP).answer("When does the shop open?")
    quotes = [c.quote for c in answer.citations]
    assert len(quotes) == len(set(quotes))


def test_suggestions_are_questions_that_are_answered(assistant: Assistant) -> None:
    """What the widget proposes never ends in a refusal."""
    suggestions = assistant.suggestions()
    assert 1 <= len(suggestions) <= 8
    assert suggestions == assistant.suggestions()
    assert all(assistant.answer(each).status == "answered" for each in suggestions)


def test_suggestions_beside_an_answer_are_related_to_it(assistant: Assistant) -> None:
    """The nearest first, without the one that was asked, and none that is about something else."""
    first = assistant.suggestions()[0]
    beside = assistant.suggestions(first)
    assert first not in beside
    assert set(beside) < set(assistant.suggestions())
    assert assistant.suggestions("Who won the cup in 1966?") == []


def test_without_an_index_the_owner_is_told_how_to_build_one(tmp_path: Path) -> None:
    """A missing index is an error that names the command."""
    with pytest.raises(IndexMissing, match="footnote rebuild"):
        open_assistant(Settings(index=tmp_path / "none"))


def test_a_reranker_that_is_not_there_is_named(seeds_index: Path, tmp_path: Path) -> None:
    """A wrong path in the settings is said to be one."""
    with pytest.raises(ModelError, match="reranker"):
        open_assistant(Settings(index=seeds_index, reranker=str(tmp_path)))
