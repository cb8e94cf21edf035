"""Things of a kind: a question that names one is not answered with another."""

from collections.abc import Callable

import pytest

from assistant.answering import Assistant

Corpus = Callable[..., Assistant]
KILNS = {
    "k1.md": "# Kiln 1 guide\n\nThe kiln needs 6 hours to cool. It was bought in 2011.\n",
    "k2.md": "# Kiln 2 guide\n\nThe kiln needs 9 hours to cool. It was bought in 2020.\n",
}
SAWS = (
    "# Saws\n\nThe KX-204 saw weighs 4 kg. The KX-240 saw weighs 6 kg. "
    "The KX-204/B saw weighs 5 kg. All saws are lent for a day.\n"
)


def test_the_page_on_the_thing_that_is_named_answers(corpus: Corpus) -> None:
    """Its number stands in the title alone."""
    answer = corpus(**KILNS).answer("How many hours does Kiln 2 need to cool?")
    assert answer.status == "answered"
    assert [each.path for each in answer.citations] == ["k2.md"]
    assert "differ" not in answer.answer


def test_where_nothing_is_named_both_are_told(corpus: Corpus) -> None:
    """Two pages that say different numbers of the same words are two sides."""
    answer = corpus(**KILNS).answer("How many hours does the kiln need to cool?")
    assert {each.path for each in answer.citations} == {"k1.md", "k2.md"}


@pytest.mark.parametrize(("group", "price"), [("adults", "7 euros"), ("children", "3 euros")])
def test_groups_are_told_apart(corpus: Corpus, group: str, price: str) -> None:
    """Whatever distinguishes two titles may be what a question names."""
    pages = {
        "adults.md": "# Climbing for adults\n\nA ticket costs 7 euros. The wall opens at nine.\n",
        "children.md": "# Climbing for children\n\nA ticket costs 3 euros. It opens at one.\n",
    }
    answer = corpus(**pages).answer(f"What does a ticket for {group} cost?")
    assert [each.path for each in answer.citations] == [f"{group}.md"]
    assert price in answer.answer


def test_a_sentence_on_another_code_is_not_quoted_along(corpus: Corpus) -> None:
    """Codes are built alike; what is said of all of them may still be quoted."""
    answer = corpus(**{"saws.md": SAWS}).answer("How much does the KX-240 weigh?")
    assert "6 kg" in answer.answer
    assert "4 kg" not in answer.answer
    assert "5 kg" not in answer.answer
