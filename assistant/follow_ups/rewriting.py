"""A question with the names put in that it leaves unsaid.

Owns where in a sentence a name goes: in a pronoun's place, beside "the band", or before the
question. Which name is meant is asked of ``subjects``. Pure.
"""

import re
from collections.abc import Mapping, Sequence

from assistant.follow_ups.names import Mention, Name, names_in
from assistant.follow_ups.subjects import Lean, Subject, subjects
from assistant.follow_ups.wording import OBJECT, STANDS, THAT
from assistant.schemas import Turn

# From which probability a name is put in. A name put in wrongly sends the search astray, one left
# out leaves it vague: so a question that leans on nothing visible asks for more.
SURE: Mapping[Lean, float] = {
    "person": 0.6,
    "group": 0.6,
    "thing": 0.6,
    "noun": 0.6,
    "unsaid": 0.8,
}

_PRONOUNS: dict[Lean, re.Pattern[str]] = {
    "person": re.compile(
        rf"\b(?:(?P<object>him|her(?={OBJECT}))|(?P<subject>s?he)|(?P<possessive>his|her))\b"
        r"(?P<short>['’](?:s|ll))?(?!['’])",
        re.IGNORECASE,
    ),
    "group": re.compile(
        r"\b(?:(?P<subject>they)|(?P<object>them)|(?P<possessive>their))\b"
        r"(?P<short>['’](?:re|ve|ll))?(?!['’])",
        re.IGNORECASE,
    ),
    "thing": re.compile(
        rf"\b(?:(?P<possessive>its)|(?P<subject>it)|(?P<shown>this|{THAT})(?={STANDS}))\b"
        r"(?!['’]s|\s+(?:true|possible|take|took))",
        re.IGNORECASE,
    ),
}
_HELD = {"'s": "is", "'ll": "will", "'re": "are", "'ve": "have"}
_NOUN = re.compile(
    r"\b(?:the|this|that)\s+(?P<noun>band|group|team|show|series|album|song|film|movie|book|novel"
    r"|play|musical|company|school|city|tour|game|party|club|character|single|record|program|programme)\b"
    r"(?!\s+(?-i:[A-Z\"“]))",
    re.IGNORECASE,
)


class Ledger:
    """The names of a conversation, and who each question turned out to be about."""

    def __init__(self, messages: Sequence[Turn], sure: Mapping[Lean, float] = SURE) -> None:
        self._sure = sure
        self._mentions = {name.text: list(name.mentions) for name in names_in(messages)}

    def fill(self, question: str, place: int) -> str:
        """Return the question at a place with the names put in that it leaves unsaid."""
        names = self.before(place)
        found, name = with_name(question, names, place, self._sure)
        if name:
            self._mentions[name.text].append(_carried(name, place, question))
        return found

    def before(self, place: int) -> list[Name]:
        """Return the names said before a place, with the mentions before it."""
        return [
            Name(text, tuple(sorted(earlier, key=lambda each: each.place)))
            for text, mentions in self._mentions.items()
            if (earlier := [each for each in mentions if each.place < place])
        ]


def lean_of(question: str) -> tuple[Lean, re.Match[str]] | None:
    """Return how a question leans on a name, and where: a pronoun, or "the album".

    Of several pronouns the surest is taken: "she" tells more than "they", and that more than "it".
    """
    for lean, pattern in (*_PRONOUNS.items(), ("noun", _NOUN)):
        match = pattern.search(question)
        if match:
            return lean, match
    return None


def named(question: str, name: Name) -> bool:
    """Say whether a question has a name, or a part of it that can stand for it."""
    words = set(re.findall(r"[\w'-]+", re.sub(r"['’]s\b", "", question.casefold())))
    parts = name.text.casefold().split()
    return name.text.casefold() in question.casefold() or parts[-1] in words or parts[0] in words


def with_name(
    question: str, names: Sequence[Name], now: int, sure: Mapping[Lean, float] = SURE
) -> tuple[str, Name | None]:
    """Return the question with the name it leans on, and that name; unchanged without one."""
    lean = lean_of(question)
    absent = [name for name in names if not named(question, name)]
    if not absent:
        return question, None
    kind: Lean = lean[0] if lean else "unsaid"
    noun = lean[1]["noun"].casefold() if lean and kind == "noun" else ""
    best = subjects(absent, kind, now, noun)[0]
    if best.probability < sure[kind]:
        return question, None
    if not lean:
        return f"As for {shown(best.name)}, {question[:1].lower()}{question[1:]}", best.name
    if noun:
        end = lean[1].end()
        return f"{question[:end]} {best.name.text}{question[end:]}", best.name
    return _in_place(question, lean[1], best), best.name


def _in_place(question: str, match: re.Match[str], subject: Subject) -> str:
    text = shown(subject.name)
    if match["possessive"]:
        text = f"{text}'s"
    elif match.groupdict().get("short"):
        text = f"{text} {_HELD[match['short'].replace('’', chr(39)).casefold()]}"
    if match.start() == 0:
        text = text[0].upper() + text[1:]
    return question[: match.start()] + text + question[match.end() :]


def _carried(name: Name, place: int, question: str) -> Mention:
    """Return the mention of a name that a question at ``place`` leaves unsaid."""
    lean = lean_of(question)
    kind = lean[0] if lean else "unsaid"
    return Mention(text=name.text, place=place, asked=True, subject=True, lean=kind)


def shown(name: Name) -> str:
    """Return a name as it stands in a sentence, with "the" if that mostly goes before it."""
    plain = [mention for mention in name.mentions if not mention.asked and not mention.subject]
    the = sum(mention.the for mention in plain) * 2 > len(plain)
    return f"the {name.text}" if the and not name.text.casefold().startswith("the ") else name.text
