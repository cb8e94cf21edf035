"""Numbers in a sentence: how much of what, and whether two of them can both be so.

Owns reading amounts, times of day and dates, in digits and in words. Pure, and for English. A
number that only names something ("room 5", "E4", a telephone number) is no amount.
"""

import re
import unicodedata
from dataclasses import dataclass
from math import inf

from assistant.english.numerals import MONTHS, ONES, SCALES, TENS
from index.words import STOPWORDS, stem

TAKEN = "#"  # stands where an amount was
_ROUGHLY = 0.25  # by what share "about 30" may be another number
_HALF_DAY = 720  # minutes
_VALUES = {word: float(value) for value, word in enumerate(ONES)}
_VALUES |= {word: value * 10.0 for value, word in enumerate(TENS, start=2)}
# Dimension, then spellings with the size of the unit. A month is no fixed number of days.
_UNIT_TABLE = """
time second=1 sec=1 minute=60 min=60 hour=3600 hr=3600 h=3600 day=86400 week=604800
nights night=1
months month=1 year=12
length mm=1 millimetre=1 cm=10 centimetre=10 m=1000 metre=1000 meter=1000 km=1e6 kilometre=1e6
mass mg=0.001 milligram=0.001 g=1 gram=1 kg=1000 kilo=1000 kilogram=1000
volume ml=1 millilitre=1 l=1000 litre=1000 liter=1000
£ £=1 pound=1 p=0.01 penny=0.01 pence=0.01
$ $=1 dollar=1
€ €=1 euro=1
% %=1 percent=1
degrees °=1 °c=1 degree=1
clock o'clock=60
times time=1
"""
_UNITS = {
    spelling: (dimension, float(size))
    for dimension, *units in map(str.split, _UNIT_TABLE.strip().splitlines())
    for spelling, size in (unit.split("=") for unit in units)
}
_MONTHS = {
    spelling: place for place, name in enumerate(MONTHS) for spelling in (name, name[:3], name[:4])
}
DIMENSIONS = frozenset(kind for kind, _ in _UNITS.values()) | {"date", "number", "year"}
# Nouns whose number names one of several things.
_NAMED = frozenset(
    "chapter channel chromosome class code error factor fault figure floor gate gear grade group "
    "lane level line lock method mode no number option page part phase platform plot point road "
    "room route rule section setting stage step table tier trisomy type version vitamin "
    "zone".split()
)
_AT_TIMES = frozenset("after at before between by from till to until".split())
_WORDS = "|".join((*_VALUES, *SCALES))
_NUMBER = (
    rf"(?:(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}})(?:\.\d+)?(?:\s(?:{'|'.join(SCALES)})\b)?"
    rf"|(?:{_WORDS})(?:[\s-](?:{_WORDS}))*\b)(?:\sand\sa\shalf\b)?"
)
_UNIT = "|".join(re.escape(each) for each in sorted(_UNITS, key=len, reverse=True))
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
# A number is no part of a code, a fraction, a date in digits or a longer number.
_BEGIN, _END = r"(?<![\w.,/⁄:])(?<!\w-)", r"(?![\w/⁄:]|[.,]\d|-\w)"
_MOST = "(?:no|not) (?:more|longer|later) than|up to|at (?:the )?most|under|below|within|maximum of"
_LEAST = "(?:no|not) (?:less|fewer|earlier) than|at (?:the )?least|over|above|minimum of"
_AMOUNT = re.compile(
    rf"(?:\b(?:(?P<most>{_MOST})|(?P<least>{_LEAST})|(?P<less>(?:less|fewer) than)"
    rf"|(?P<more>(?:more|longer) than))\s)?"
    r"(?:\b(?P<rough>about|around|roughly|approximately|nearly|almost|some)\s)?"
    rf"(?P<both>\bbetween\s)?{_BEGIN}(?P<sign>[£$€])?\s?(?P<low>{_NUMBER})"
    rf"(?:\s?(?:[-–]|\bto\b|\bor\b|(?(both)\band\b|–))\s?[£$€]?(?P<high>{_NUMBER}))?"
    rf"(?:[\s-]?(?P<unit>{_UNIT})s?)?{_END}"
)
_DATE = re.compile(
    rf"{_BEGIN}(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<month>{_MONTH})"
    rf"|(?P<month_first>{_MONTH})\s(?:the\s)?(?P<day_last>\d{{1,2}})(?:st|nd|rd|th)?){_END}"
)
_CLOCK = re.compile(
    rf"{_BEGIN}(?P<hour>\d{{1,2}})"
    rf"(?:(?:[:.](?P<minute>[0-5]\d))?\s?[ap]m|:(?P<minutes>[0-5]\d)){_END}"
)
_NEXT = re.compile(r"[\s-]*([^\W\d_]+)")
_SPELL = r"(?=(?:second|minute|hour|day|week|month|year)\b)"
# What is brought into one form before numbers are looked for.
_REWRITTEN = (
    (re.compile(r"\b([ap])\.m\b\.?"), r"\1m"),
    (re.compile(r"\bper cent\b"), "percent"),
    (re.compile(r"\b(?:noon|midday|midnight)\b"), "12:00"),
    (re.compile(r"\btwice\b"), "2 times"),
    (re.compile(r"\bonce(?= (?:an?|per|each|every)\b)"), "1 times"),
    (re.compile(rf"\bhalf an? {_SPELL}"), "0.5 "),
    (re.compile(rf"\b(for|within|in|after|lasts?|takes?|least|most|to) an? {_SPELL}"), r"\1 1 "),
)


@dataclass(frozen=True, slots=True)
class Amount:
    """From ``low`` to ``high`` of a kind: a dimension, ``clock``, ``date``, or a counted noun.

    Clock times are minutes in twelve hours, since "at nine" leaves open which half of the day.
    """

    kind: str
    low: float
    high: float
    rough: bool = False


def read_amounts(text: str) -> tuple[str, tuple[Amount, ...]]:
    """Return a text, case-folded, with ``TAKEN`` for every amount, and the amounts."""
    text = " ".join(unicodedata.normalize("NFKC", text).casefold().replace("’", "'").split())
    found: list[Amount] = []
    for pattern, form in _REWRITTEN:
        text = pattern.sub(form, text)
    for pattern, read in ((_DATE, _date), (_CLOCK, _clock), (_AMOUNT, _amount)):
        pieces, end = [], 0
        for match in pattern.finditer(text):
            amount = read(match)
            if amount:
                found.append(amount)
                pieces += [text[end : match.start()], f" {TAKEN} "]
                end = match.end()
        text = "".join([*pieces, text[end:]])
    return text, tuple(found)


def apart(left: Amount, right: Amount) -> bool:
    """Say whether two amounts of one kind cannot both be so, as far as a reader can tell."""
    if (left.low, left.high) == (right.low, right.high):
        return False
    rough = left.rough or right.rough
    bounded_alike = left.low == right.low == -inf or left.high == right.high == inf
    backwards = left.low > left.high or right.low > right.high  # "from nine to five"
    if (bounded_alike and not rough) or backwards:
        return True
    near = _ROUGHLY * min(left.high, right.high) if rough else 0.0
    return left.low > right.high + near or right.low > left.high + near


def _amount(match: re.Match[str]) -> Amount | None:
    low = _number(match["low"])
    high = _number(match["high"]) if match["high"] else low
    kind, size = _kind(match, low)
    if not kind:
        return None
    low, high = low * size, high * size
    if kind == "clock":
        low, high = low % _HALF_DAY, high % _HALF_DAY
    low = -inf if match["most"] or match["less"] else low
    high = inf if match["least"] or match["more"] else high
    # Of what is counted, more than 60 may also be more than 100.
    loose = (match["more"] or match["less"]) and (kind == "%" or kind not in DIMENSIONS)
    return Amount(kind, low, high, bool(match["rough"] or loose))


def _kind(match: re.Match[str], value: float) -> tuple[str, float]:
    """Return the kind of a number and the size of its unit; no kind if it is a name or pronoun."""
    before = "between" if match["both"] else match.string[: match.start()]
    before = before.rstrip(" .").rpartition(" ")[2]
    follows = _NEXT.match(match.string, match.end())
    if before in _NAMED:
        return "", 1.0
    if match["unit"] or match["sign"]:
        return _UNITS[match["unit"] or match["sign"]]
    if re.fullmatch(r"1[5-9]\d\d|20\d\d", match["low"]) and before in _AT_TIMES | {"in", "since"}:
        return "year", 1.0
    if follows and follows[1] not in STOPWORDS:
        return stem(follows[1]), 1.0
    if before in _AT_TIMES and value <= 24:
        return "clock", 60.0
    bounded = match["most"] or match["least"] or match["more"] or match["less"]
    return ("number" if bounded else ""), 1.0


def _clock(match: re.Match[str]) -> Amount:
    minutes = int(match["hour"]) * 60 + int(match["minute"] or match["minutes"] or 0)
    return Amount("clock", minutes % _HALF_DAY, minutes % _HALF_DAY)


def _date(match: re.Match[str]) -> Amount:
    month, day = match["month"] or match["month_first"], match["day"] or match["day_last"]
    days = _MONTHS[month] * 31 + int(day)
    return Amount("date", days, days)


def _number(text: str) -> float:
    total = current = 0.0
    for word in re.split(r"[\s-]", text.replace(",", "").replace("and a half", "0.5")):
        if word in SCALES:
            current = max(current, 1.0) * SCALES[word]
            if word != "hundred":
                total, current = total + current, 0.0
        else:
            current += _VALUES[word] if word in _VALUES else float(word)
    return total + current
