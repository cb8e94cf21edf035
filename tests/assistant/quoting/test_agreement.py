"""Sources that contradict each other are told from those that say the same, and from neither."""

from collections.abc import Iterator, Sequence
from itertools import combinations, combinations_with_replacement, product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.quoting.agreement import conflict, points_back, repeats
from index.passages.chunking import Chunking, passages_of
from index.sources.folder import read_document
from tests.places import SEEDS, SITES

Sentence = tuple[str, str]  # the name of its file, and its text
_BLOCK = 100

# Two sentences, of two documents, that a reader would say cannot both be so.
CONFLICT = """
The card lasts 30 days. | The card lasts 45 days.
Your library card is valid for 30 days. | The library card is valid for 45 days.
The course takes an hour. | The course takes two hours.
The session lasts half an hour. | The session lasts 1 hour.
We are open on weekdays from 9 am to 5 pm. | We are open on weekdays from 9 am to 6 pm.
The shop is open from nine to five. | The shop is open from 10 to 4.
The museum opens at 10:00. | The museum opens at 9.30 a.m.
You may borrow up to 12 books. | You can borrow up to eight books.
A late fee of 20 pence a day is charged. | A late fee of 50p per day is charged.
The card costs £5. | The card costs 6 pounds.
Wait at least 24 hours before you wash. | Wait at least 48 hours before you wash.
You must not wash the face for 24 hours. | You must not wash the face for two days.
Take two tablets a day. | Take three tablets a day.
The cream is used twice a day. | The cream is used three times a day.
The results last four to six weeks. | The results last two to three weeks.
Fewer than 30 cases have been reported. | About 60 cases have been reported.
A chronic cough lasts more than 8 weeks. | Chronic coughs last longer than 2 to 3 weeks.
About 20 per cent of users have pain. | About 60 % of users have pain.
The water is heated to 28 °C. | The water is heated to 30 degrees.
The lock was built in 1793. | The lock was built in 1795.
The bridge is mended on 3 March. | The bridge is mended on March 10th.
Children under five swim free. | Children under eight swim free.
Needles are reused. | Needles are not reused.
Needles are no longer reused. | Needles are reused.
Always wash the towel. | Never wash the towel.
Dogs are allowed in the hall. | Dogs are not allowed in the hall.
Dogs are allowed in the hall. | Dogs are forbidden in the hall.
Dogs can't come in. | Dogs can come in.
No booking is needed. | Booking is needed.
Eclipse glasses must not be used with binoculars. | Eclipse glasses must be used with binoculars.
A book cannot be renewed if it is reserved. | A book can be renewed if it is reserved.
The pool is open on Sunday. | The pool is closed on Sunday.
Booking is compulsory. | Booking is optional.
The treatment is safe in pregnancy. | The treatment is unsafe in pregnancy.
Massage increases blood flow. | Massage reduces blood flow.
"""
# One sentence that adds nothing to the other.
SAME = """
The course takes two hours. | The course takes 2 hours.
The course takes 120 minutes. | The course takes two hours.
The course takes 14 days. | The course takes two weeks.
The card costs £5. | The card costs five pounds.
The bus leaves at 9 am. | The bus leaves at nine o'clock.
The library lends 1,200 books. | The library lends twelve hundred books.
The break lasts two and a half hours. | The break lasts 150 minutes.
The pool is heated to 28 °C. | The pool is heated to 28 degrees.
Dogs are forbidden in the hall. | Dogs are not allowed in the hall.
The shop opens at nine. | The shop opens at nine and closes at six.
Enlarged pores come from oil. | Enlarged pores come from excess oil, and from age.
"""
# Two sentences that are both worth quoting, and do not contradict each other.
NEITHER = """
Adults pay 5 pounds. | Children pay 3 pounds.
The course begins on Monday. | The course begins on Tuesday.
A large parcel costs 14 pounds. | A small parcel costs 3 pounds.
A parcel of 2 kg costs £3.50. | A parcel of 5 kg costs £6.
The shop opens at nine and closes at six. | The shop opens at nine.
The card lasts 30 days. | The card lasts a month.
The committee decides within six weeks. | The committee answers within three weeks.
Parking is limited to 30 minutes. | Parking is limited to up to 20 minutes here.
Parking takes up to 30 minutes. | Parking takes 20 minutes.
More than 175 cases have been reported. | More than 60 cases have been reported.
Soak it for 20 to 30 minutes in water. | Soak it for 25 minutes in water.
Rolls take about 30 minutes. | Rolls take 35 minutes.
The first lesson is free. | The second lesson is free.
Room 5 is closed. | Room 6 is closed.
Chromosome 19p is short. | Chromosome 1p is short.
Call 01632 960123 to book. | Call 01632 960124 to book.
In 1990 the port had 30 boats. | In 2000 the port had 60 boats.
The pool is open from 9 to 5. | The pool is closed from 5 to 9.
Wash before the treatment. | Wash after the treatment.
Coffee with milk costs £3. | Coffee without milk costs £3.
Rooms with no window cost £50. | Rooms with a window cost £50.
Open wounds heal in two days. | Closed wounds heal in two days.
Oil can increase shine. | Oil can decrease shine.
If you have not booked, call us. | If you have booked, call us.
Dogs that are not on a lead pay £5. | Dogs that are on a lead pay £5.
Pores are not always visible. | Pores are visible.
It lasts 3 days. | It lasts 4 days.
This condition affects 3 people. | This condition affects 9 people.
Does the card last 3 days? | The card lasts 4 days.
Price: 5 pounds | Price: 6 pounds
Dogs are allowed. | Dogs are allowed, except on Sunday.
Not with the camera. | Keep the camera dry.
"""


def _rows(table: str) -> list[tuple[str, str]]:
    pairs = (line.split(" | ") for line in table.strip().splitlines())
    return [(left, right) for left, right in pairs]


@pytest.mark.parametrize(("left", "right"), _rows(CONFLICT))
def test_what_cannot_both_be_so_is_a_conflict(left: str, right: str) -> None:
    """Either way round, and neither side is ever dropped as a repetition of the other."""
    assert conflict(left, right)
    assert conflict(right, left)
    assert not repeats(left, right)
    assert not repeats(right, left)


@pytest.mark.parametrize(("left", "right"), _rows(SAME))
def test_what_says_the_same_is_quoted_once(left: str, right: str) -> None:
    """The first adds nothing to the second, in other words, digits or units."""
    assert repeats(left, right)
    assert not conflict(left, right)


@pytest.mark.parametrize(("left", "right"), _rows(NEITHER))
def test_other_subjects_cases_and_additions_are_no_conflict(left: str, right: str) -> None:
    """Conservative: where both may be so, nothing is said of a difference, and both are kept."""
    assert not conflict(left, right)
    assert not conflict(right, left)
    assert not repeats(left, right)


ALL = [each for table in (CONFLICT, SAME, NEITHER) for pair in _rows(table) for each in pair]
SENTENCES = st.one_of(
    st.sampled_from(ALL),
    st.text(),
    st.lists(
        st.sampled_from(
            "the card pool lasts costs is are open closed not never no 2 two thirty days hours "
            "£5 50p at from to 9 nine am 10:30 3 March between and half up about if or % -".split()
        ),
        max_size=12,
    ).map(" ".join),
)


@settings(deadline=None)
@given(SENTENCES, SENTENCES)
def test_a_conflict_has_two_sides(left: str, right: str) -> None:
    """Whoever comes first, and what conflicts is no repetition."""
    assert conflict(left, right) == conflict(right, left)
    assert not (conflict(left, right) and (repeats(left, right) or repeats(right, left)))


@settings(deadline=None)
@given(SENTENCES)
def test_nothing_contradicts_itself(text: str) -> None:
    """Nor does it in other letters or on other lines; it is the same."""
    other = f" {text.upper()}\n".replace(" ", " \n ") if text.isascii() else f"\n{text}  "
    assert not conflict(text, text)
    assert not conflict(text, other)
    assert repeats(other, text)


def test_a_sentence_that_points_back_is_known() -> None:
    """It cannot be understood, or compared, without the one before."""
    assert points_back("It lasts 3 days.")
    assert not points_back("Italy has pools.")


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("Skin that has more of them can look suppler.", True),
        ("Please read them before you sign.", True),
        ("As always, one has to wait for them.", True),
        ("The needles are thin, and few feel them.", False),
        ("Ask people whether it helped them.", False),
        ("Whoever comes late, we wait for them.", False),
        ("Mix salt and oil, and warm them.", False),
        ("Read the anthem first.", False),
    ],
)
def test_what_them_stands_for_is_looked_for_in_the_sentence(text: str, *, back: bool) -> None:
    """Several things named before it, or it points to another sentence."""
    assert points_back(text) is back


@pytest.mark.parametrize(
    "site",
    [SEEDS, *sorted({each.parent for each in SITES.glob("*/*.md")})],
    ids=lambda each: each.name,
)
def test_real_sites_that_agree_are_not_said_to_differ(site: Path) -> None:
    """No false alarm among all pairs of sentences of different documents of a site."""
    alarms = [
        (left, right)
        for (one, left), (other, right) in _pairs(_sentences(site))
        if one != other and conflict(left, right)
    ]
    assert alarms == []


def _pairs(sentences: Sequence[Sentence]) -> Iterator[tuple[Sentence, Sentence]]:
    """Yield every pair, block by block: what was made of a sentence is kept for a while only."""
    blocks = [sentences[first : first + _BLOCK] for first in range(0, len(sentences), _BLOCK)]
    for one, other in combinations_with_replacement(blocks, 2):
        yield from combinations(one, 2) if one is other else product(one, other)


def _sentences(site: Path) -> list[Sentence]:
    return [
        (file.name, passage.quote(sentence))
        for file in sorted(site.glob("*.[mt][dx]*"))
        for passage in passages_of(
            read_document(site, file.name), 0, 0, lambda text: len(text.split()), Chunking()
        )
        for sentence in passage.sentences
    ]
