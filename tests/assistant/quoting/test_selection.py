"""Which sentences are quoted, and what is said when the sources contradict each other."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import cast

from assistant.answering import Assistant
from assistant.evidence.reading import Evidence, ScoredPassage, ScoredSentence
from assistant.evidence.weights import WEIGHTS
from assistant.quoting.selection import select
from index.generations.opening import Generation
from index.records import Passage, Sentence
from prompts.voice import say

Corpus = Callable[..., Assistant]
CARD = "Cards\n\nEvery reader gets a library card. The library card is valid for {} days.\n"


def test_sources_that_contradict_each_other_are_both_quoted_as_such(corpus: Corpus) -> None:
    """The answer says so in its own voice, and the two sides stand first, each with its source."""
    fees = "Fees\n\nA new card costs two pounds. The library card is valid for 45 days.\n"
    assistant = corpus(cards=CARD.format(30), fees=fees)
    answer = assistant.answer("How long is the library card valid?")
    assert {each.quote for each in answer.citations[:2]} == {
        "The library card is valid for 30 days.",
        "The library card is valid for 45 days.",
    }
    assert {each.path for each in answer.citations[:2]} == {"cards.txt", "fees.txt"}
    assert answer.lead_in == say("contradicted")
    assert answer.answer.startswith(f"{answer.lead_in} {answer.sentences[0].text} [1]")
    assert all(answer.answer[each.start : each.end] == each.text for each in answer.sentences)


def test_sources_that_agree_are_not_said_to_differ(corpus: Corpus) -> None:
    """The same in other words is quoted once, without a remark."""
    assistant = corpus(cards=CARD.format(30), fees=CARD.format("thirty"))
    answer = assistant.answer("How long is the library card valid?")
    assert [each.quote for each in answer.citations if "valid" in each.quote] in (
        ["The library card is valid for 30 days."],
        ["The library card is valid for thirty days."],
    )
    assert answer.lead_in == ""


def test_a_document_is_not_said_to_contradict_itself(corpus: Corpus) -> None:
    """It speaks of two cases, which its headings tell apart; both are quoted."""
    text = (
        "Summer\n\nThe library card is valid for 30 days.\n\n"
        "Winter\n\nThe library card is valid for 45 days.\n"
    )
    answer = corpus(cards=text).answer("How long is the library card valid?")
    assert len(answer.citations) == 2
    assert answer.lead_in == ""


def test_the_same_words_on_two_subjects_are_no_contradiction(corpus: Corpus) -> None:
    """What the question names in the title of one document is not what the other is about."""
    measles = "Measles\n\nMeasles is a fever. The patient is ill for 10 days.\n"
    mumps = "Mumps\n\nMumps is a swelling. The patient is ill for 20 days.\n"
    answer = corpus(measles=measles, mumps=mumps).answer(
        "How many days is a patient ill with measles?"
    )
    assert answer.citations[0].quote in measles
    assert answer.lead_in == ""


def _offered(
    text: str, logit: float, document: int, heading: str = "Cards", passage_logit: float = 0.0
) -> ScoredSentence:
    sentence = Sentence(0, len(text), 0, "paragraph")
    passage = Passage(document, document, 0, 0, len(text), text, (heading,), (sentence,))
    return ScoredSentence(passage, sentence, logit, passage_logit)


def _after(before: str, text: str, logit: float) -> ScoredSentence:
    """Return the second of two sentences of a passage."""
    whole = f"{before} {text}"
    sentences = (
        Sentence(0, len(before), 0, "paragraph"),
        Sentence(len(before) + 1, len(whole), 0, "paragraph"),
    )
    passage = Passage(0, 0, 0, 0, len(whole), whole, ("Cards",), sentences)
    return ScoredSentence(passage, sentences[1], logit, 0.0)


def _selected(*offered: ScoredSentence, question: str = "How long?") -> tuple[list[int], bool]:
    """Return the documents that are quoted, in order, and whether they are said to differ."""
    documents = [SimpleNamespace(title="Library") for _ in range(9)]
    # All that is asked of a generation here is the titles of its documents.
    generation = cast("Generation", SimpleNamespace(documents=documents))
    passages = tuple(ScoredPassage(each.passage, each.passage_logit, 0.5) for each in offered)
    selection = select(generation, Evidence(question, passages, (), offered))
    return [span.document for span in selection.spans], selection.contradicted


def test_a_passage_counts_for_more_in_what_is_best_than_in_what_is_quoted_beside() -> None:
    """A sentence that answers as well is quoted, even from a passage that is liked far less."""
    best = _offered("Cards come from the desk.", 3.0, 0, passage_logit=5.0)
    beside = _offered("A form is filled in there.", 3.0, 1, passage_logit=-1.0)
    far = _offered("Lamps are green.", 0.5, 2, passage_logit=0.0)
    assert best.score - beside.score > WEIGHTS.margin > best.support - beside.support
    assert _selected(best, beside, far) == ([0, 1], False)


def test_of_two_that_the_reader_likes_alike_the_one_that_says_more_is_the_best() -> None:
    """What is quoted beside it does not depend on how much it says."""
    short = _offered("At the desk.", 3.0, 0)
    long = _offered("A card is given out at the desk, on weekdays before noon.", 3.0, 1)
    assert long.score > short.score
    assert long.support == short.support
    assert _offered("At the desk.", 4.0, 0).score > long.score


def test_what_a_sentence_points_back_to_never_outranks_it() -> None:
    """However long the sentence is: it is context, not evidence."""
    before = "Cards are given out at the desk in the hall, on weekdays before noon, by the staff."
    best = _after(before, "This costs a pound.", 4.0)
    passage = best.passage
    generation = cast("Generation", SimpleNamespace(documents=[SimpleNamespace(title="Library")]))
    evidence = Evidence("What does it cost?", (ScoredPassage(passage, 0.0, 0.5),), (), (best,))
    spans = select(generation, evidence).spans
    assert [each.start for each in spans] == [each.start for each in passage.sentences]
    assert [each.end for each in spans] == [each.end for each in passage.sentences]
    assert spans[0].score < spans[1].score == best.score


def test_what_a_sentence_points_back_to_has_room_among_the_most_that_are_quoted() -> None:
    """The least of what stands beside the best one makes room, unless all contradict it."""
    best = _after("Cards come in two colours.", "They last 30 days.", 6.0)
    told = ("Desks are wide.", "Readers are kind.", "Shelves are high.")
    others = [_offered(each, 5.8 - place, place) for place, each in enumerate(told, 1)]
    assert _selected(best, *others) == ([0, 0, 1, 2], False)
    alone = _offered("The card lasts 30 days.", 6.0, 0)
    assert _selected(alone, *others) == ([0, 1, 2, 3], False)


def test_a_question_is_not_quoted_beside_an_answer() -> None:
    """It is near in words, and says nothing."""
    best = _offered("Cards come from the desk.", 6.0, 0)
    asked = _offered("Where do lamps come from?", 5.5, 1)
    said = _offered("Lamps come from the store.", 5.0, 2)
    assert _selected(best, asked, said) == ([0, 2], False)


def test_a_contradiction_is_quoted_a_bit_beyond_the_margin() -> None:
    """Under another heading the same words score less; far below they are about something else."""
    best = _offered("The card lasts 30 days.", 6.0, 0)
    assert _selected(best, _offered("The card lasts 45 days.", 1.5, 1)) == ([0, 1], True)
    assert _selected(best, _offered("The card lasts 45 days.", 0.5, 1)) == ([0], False)
    assert _selected(best, _offered("Readers like the card.", 1.5, 1)) == ([0], False)


def test_a_contradiction_is_among_the_most_that_are_quoted() -> None:
    """It is not crowded out by what scores better, and each side is quoted once."""
    told = ("Desks are wide.", "Readers are kind.", "Shelves are high.", "Lamps are green.")
    others = [_offered(text, 5.0, place) for place, text in enumerate(told, 2)]
    best = _offered("The card lasts 30 days.", 6.0, 0)
    rival = _offered("The card lasts 45 days.", 3.0, 1)
    again = _offered("A card lasts forty-five days.", 2.5, 7)
    quoted, contradicted = _selected(best, *others, rival, again)
    assert (len(quoted), contradicted) == (WEIGHTS.quotes, True)
    assert set(quoted[:2]) == {0, 1}
    assert 7 not in quoted


def test_what_contradicts_stands_before_what_does_not() -> None:
    """The lead-in says "this": what follows it is what the sources do not agree on."""
    best = _offered("Cards come from the desk.", 6.0, 0)
    sides = [_offered(f"The card lasts {days} days.", 5.0, days) for days in (3, 4)]
    assert _selected(best, *sides) == ([3, 4, 0], True)


def test_a_name_in_the_question_tells_two_subjects_apart() -> None:
    """What it names in one heading has to be near the other sentence too."""
    text = "The patient is ill for {} days."
    sides = _offered(text.format(10), 6.0, 0, "Measles"), _offered(text.format(20), 5.0, 1, "Mumps")
    assert _selected(*sides, question="How long is one ill with measles?") == ([0, 1], False)
    assert _selected(*sides, question="How long is one ill?") == ([0, 1], True)
