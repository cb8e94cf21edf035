"""Which sentences an edit adds and removes: exactly those, in reading order."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.differences.sentences import ChangedSentence, changed_sentences
from index.records import Passage, Sentence


def _passage(*sentences: str, headings: tuple[str, ...] = ()) -> Passage:
    text, found = "", []
    for each in sentences:
        found.append(Sentence(len(text), len(text) + len(each), 0, "paragraph"))
        text += f"{each} "
    return Passage(0, 0, 0, 0, len(text), text, headings, tuple(found))


def _marked(before: list[Passage], after: list[Passage]) -> list[str]:
    marks = {"added": "+", "removed": "-"}
    return [f"{marks[each.change]} {each.text}" for each in changed_sentences(before, after)]


def test_what_was_replaced_stands_together() -> None:
    """The old sentence before the new one, where both stood; all else is left out."""
    before = [_passage("We open.", "At nine.", "We close."), _passage("At six.", "Bye.")]
    after = [_passage("Hello.", "We open.", "At ten.", "We close."), _passage("Bye.", "Bye.")]
    assert _marked(before, after) == [
        "+ Hello.",
        "- At nine.",
        "+ At ten.",
        "- At six.",
        "+ Bye.",
    ]


def test_headings_are_told_where_they_begin() -> None:
    """One that is new or gone is told once, with its level; those that stay are not."""
    before = [
        _passage("One.", headings=("Shop", "Hours")),
        _passage("Two.", headings=("Shop", "Hours")),
        _passage("Three.", headings=("Shop", "Prices")),
    ]
    after = [
        _passage("One.", headings=("Shop", "Opening hours")),
        _passage("Two.", headings=("Shop", "Opening hours")),
        _passage("Three.", headings=("Shop", "Prices")),
        _passage("Four.", headings=("Shop", "Prices", "Extras")),
    ]
    assert _marked(before, after) == [
        "- ## Hours",
        "+ ## Opening hours",
        "+ ### Extras",
        "+ Four.",
    ]


def test_layout_and_order_are_no_change() -> None:
    """A paragraph wrapped anew, or moved, says what it said; a span in two passages counts once."""
    one = _passage("Our shop\nopens at nine.", "It closes.")
    other = _passage("It closes.", "Our shop opens\n   at nine.")
    assert changed_sentences([one], [other]) == ()
    assert changed_sentences([one, one], [one]) == ()


SENTENCES = st.lists(st.sampled_from("abcdef"), max_size=12)


@given(SENTENCES, SENTENCES)
def test_nothing_is_lost_and_nothing_is_made_up(before: list[str], after: list[str]) -> None:
    """What is before, less what is removed, with what is added, is what is after."""
    found = changed_sentences([_passage(*before)], [_passage(*after)])
    removed, added = (
        Counter(each.text for each in found if each.change == kind) for kind in ("removed", "added")
    )
    assert not removed & added
    assert Counter(before) - removed + added == Counter(after)
    assert removed <= Counter(before)
    swapped = changed_sentences([_passage(*after)], [_passage(*before)])
    other = {"added": "removed", "removed": "added"}
    assert Counter(ChangedSentence(other[each.change], each.text) for each in swapped) == Counter(
        found
    )
