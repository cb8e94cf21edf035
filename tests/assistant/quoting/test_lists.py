"""Which questions ask for a list or for several things, and what is given to them."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import cast

import pytest

from assistant.answering import Assistant
from assistant.english.questions import asks_for_list, may_ask_for_several
from assistant.evidence.reading import Evidence, ScoredPassage, ScoredSentence
from assistant.evidence.weights import WEIGHTS
from assistant.quoting.lists import run_asked_for
from assistant.quoting.selection import select
from index.generations.opening import Generation
from index.records import Passage, Sentence

Corpus = Callable[..., Assistant]
RULES = [
    "Bonfires are allowed from November to February only.",
    "A fire may be lit after three in the afternoon and must be out by dusk.",
    "Painted timber gives off poisonous smoke and must be taken to the tip.",
    "A fire must stand at least five metres from any shed or hedge.",
]
SHEDS = "A shed stands on slabs, so that it can be taken away again."


@pytest.mark.parametrize(
    "question",
    [
        "What are the benefits of facial acupuncture?",
        "Name all four effects credited to facial acupuncture.",
        "benefits?",
        "Tell me everything it is said to do.",
        "What are all the things it is supposed to do for the skin?",
        "Which options do I have?",
        "In what ways does it help?",
        "All the ways to get there, please",
    ],
)
def test_a_list_is_asked_for_in_many_words(question: str) -> None:
    """With and without a verb."""
    assert asks_for_list(question)


@pytest.mark.parametrize(
    "question",
    [
        "Why are these the causes?",
        "How many types are there?",
        "Do you keep my things dry?",
        "Could you put everything in a parcel for me?",
        "I cycled all the way from home, is that cheaper?",
        "Is it open all the time?",
        "Does it hurt?",
    ],
)
def test_the_same_words_may_ask_for_something_else(question: str) -> None:
    """A reason, a number, a yes or no."""
    assert not asks_for_list(question)


@pytest.mark.parametrize(
    "question",
    [
        "Which rules apply to fires?",
        "What does the wax polish do?",
        "What must I bring?",
        "Tell me every reason for it.",
        "What are the rules?",
    ],
)
def test_several_things_may_be_asked_for_without_the_words_for_a_list(question: str) -> None:
    """One thing or several would answer it."""
    assert may_ask_for_several(question)


@pytest.mark.parametrize(
    "question",
    [
        "How many rules are there?",
        "What is this?",
        "Which was the first?",
        "Which class should I take?",
        "What is the deposit for?",
        "What is the name of the therapist?",
        "What is this? I looked for it, and there was nothing to do.",
        "How long does it take, and what does it do?",
    ],
)
def test_one_thing_is_asked_for(question: str) -> None:
    """A word that ends like a plural is not always one."""
    assert not may_ask_for_several(question)


def test_rules_that_stand_one_a_sentence_are_all_quoted(corpus: Corpus) -> None:
    """Only the first says what they are about; alone, the others would be left out."""
    rules = f"Bonfires\n\n{' '.join(RULES)}\n\nSheds\n\n{SHEDS}\n"
    assistant = corpus(rules=rules)
    answer = assistant.answer("What are all the rules for bonfires?")
    assert [each.quote for each in answer.citations] == RULES
    answer = assistant.answer("In which months are bonfires allowed?")
    assert answer.citations[0].quote == RULES[0]
    assert len(answer.citations) < len(RULES)


def test_what_something_does_is_all_that_its_page_lists(corpus: Corpus) -> None:
    """Of what else is asked about, which the heading does not name, the list is no answer."""
    effects = [
        "Skin: it is said to leave the skin soft and even.",
        "Warmth: guests describe a deep warmth that stays with them.",
        "Rest: the weight of the clay is said to make people drowsy.",
    ]
    before = "For the clay wrap, warm clay is spread over the back and covered."
    assistant = corpus(wrap="Clay wrap\n\n" + "\n\n".join((before, *effects)) + "\n")
    answer = assistant.answer("What does the clay wrap do?")
    assert [each.quote for each in answer.citations] == effects
    answer = assistant.answer("What does the clay wrap do for the skin?")
    assert effects[0] in [each.quote for each in answer.citations]
    assert effects[2] not in [each.quote for each in answer.citations]


def test_a_run_stands_around_the_best_sentence_without_a_gap() -> None:
    """Beyond one that is far from answering, what follows is about something else."""
    generation, sentences = _section(5.0, -1.0, 3.0, 8.0, 3.0, -9.0, 5.0)
    run = run_asked_for(generation, _evidence("Which rules apply?", sentences))
    assert run == [sentences[3], sentences[2], sentences[4]]


def test_a_run_ends_at_a_question() -> None:
    """It answers none, and what follows answers it."""
    generation, sentences = _section(5.0, 5.0, 8.0, 5.0, 5.0, asks=3)
    run = run_asked_for(generation, _evidence("Which rules apply?", sentences))
    assert sorted(each.sentence.start for each in run) == [
        each.sentence.start for each in sentences[:3]
    ]


def test_a_run_is_of_three_sentences_and_around_the_best_of_all() -> None:
    """Two sentences are one thing and what is said of it."""
    generation, sentences = _section(8.0, 3.0, -9.0, 5.0, 5.0, 5.0)
    assert run_asked_for(generation, _evidence("Which rules apply?", sentences)) == []


def test_a_run_is_given_only_where_several_things_may_be_asked_for() -> None:
    """A number is one thing."""
    generation, sentences = _section(8.0, 8.0, 8.0)
    assert run_asked_for(generation, _evidence("Which rules apply?", sentences)) == sentences
    assert run_asked_for(generation, _evidence("How many rules apply?", sentences)) == []


@pytest.mark.parametrize("best", [0, 9, 17, 19])
def test_a_run_is_quoted_as_far_as_a_list_is(best: int) -> None:
    """In reading order, a dozen at the most, around the best one."""
    logits = [5.0] * 20
    logits[best] = 9.0
    generation, sentences = _section(*logits)
    spans = select(generation, _evidence("Which rules apply?", sentences)).spans
    places = [
        number
        for number, each in enumerate(sentences)
        if each.sentence.start in {span.start for span in spans}
    ]
    assert len(places) == WEIGHTS.items
    assert places == list(range(places[0], places[0] + WEIGHTS.items))
    assert places[0] <= best <= places[-1]
    assert [span.start for span in spans] == sorted(span.start for span in spans)


def _section(*logits: float, asks: int | None = None) -> tuple[Generation, list[ScoredSentence]]:
    """Return a section of two passages, with sentences that score so much; one may be asked."""
    texts = [
        f"Rule {number} is about thing {number}{'?' if number == asks else '.'}"
        for number in range(len(logits))
    ]
    scored, passages, start = [], [], 0
    for number, half in enumerate((texts[: len(texts) // 2], texts[len(texts) // 2 :])):
        first, placed = start, []
        for text in half:
            placed.append(Sentence(start, start + len(text), 0, "paragraph"))
            start += len(text) + 1
        text = " ".join(half)
        passages.append(
            Passage(number, 0, 0, first, first + len(text), text, ("Rules",), tuple(placed))
        )
    pairs = [(passage, sentence) for passage in passages for sentence in passage.sentences]
    for (passage, sentence), logit in zip(pairs, logits, strict=True):
        scored.append(ScoredSentence(passage, sentence, logit, 0.0))
    # All that is asked of a generation here is a section's passages and a document's title.
    generation = SimpleNamespace(
        section=lambda *_: tuple(passages), documents=[SimpleNamespace(title="Site")]
    )
    return cast("Generation", generation), scored


def _evidence(question: str, sentences: list[ScoredSentence]) -> Evidence:
    ranked = sorted(sentences, key=lambda each: -each.score)
    passages = {each.passage.id: ScoredPassage(each.passage, 0.0, 0.5) for each in sentences}
    return Evidence(question, tuple(passages.values()), (), tuple(ranked))
