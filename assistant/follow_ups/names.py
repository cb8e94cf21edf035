"""The names in a conversation: people, groups, works, places, and where each one stands.

Owns finding names by their capitals and quotation marks, and joining a short form to its full one.
Knows nothing of pronouns that stand for them, nor of rewriting. Pure.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.follow_ups.wording import CALENDAR, DEED, OPENERS, PERSONAL, PLACING, VERB
from assistant.schemas import Turn
from assistant.vocabulary import ASKING
from index.lexicon import STOPWORDS

_LINKS = r"(?:of|the|de|la|le|van|von|der|den|del|di|da|du|al|bin|&)"
_CAPITAL = (  # "Smith", "O'Neill", "Wu-Tang", "J.", "Dr."
    r"(?:[^\W\d_a-zß-öø-ÿ][\w&]*(?:[.'’-][\w&]+)*"
    r"(?:(?<=\b\w)\.|(?<=\b[DJMS][rst])\.|(?<=\bMrs)\.)?)"
)
_NAME = re.compile(
    rf"(?<![\w'’-]){_CAPITAL}(?:\s+(?:{_LINKS}\s+){{0,2}}(?:{_CAPITAL}|\d{{1,3}}\b(?!\.)))*"
)
_QUOTED = re.compile(r"[\"“]([^\"“”]{2,60}?)[,.]?[\"”]")
_TOPIC = re.compile(r"\s*([^?!.\n(]+?(?:\. \w+)?)\s*(?:\([^)]*\))?\s*\.?\s*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;\]])[\s\"“(\[]*$")
_GRAMMAR = STOPWORDS | ASKING
_LONGEST_FORM = 4  # words; a longer run of capitals is seldom one name


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a name stands. ``place`` counts the messages before it."""

    text: str
    place: int
    asked: bool  # by the visitor, not in an answer
    subject: bool = False  # opens its sentence, or a verb follows
    acts: bool = False  # a verb follows
    owns: bool = False  # "'s" follows
    placed: bool = False  # after "in", "at", "from"…
    personal: bool = False  # "he", "his", "she"… follow in the same message
    apart: bool = False  # "he", "his", "she"… are said beside it, of somebody else
    the: bool = False  # after "the"
    quoted: bool = False
    guessed: bool = False  # one word whose capital may be due to its place alone
    lean: str = ""  # how a question leaned on the name without saying it
    noun: str = ""  # the plain word beside it: "the album Nevermind"


@dataclass(frozen=True, slots=True)
class Name:
    """A name by its fullest form, with every mention of it, in order."""

    text: str
    mentions: tuple[Mention, ...]


def names_in(messages: Sequence[Turn]) -> list[Name]:
    """Return the names of a conversation, in the order in which they first stand."""
    found = [
        mention
        for place, turn in enumerate(messages)
        for mention in _mentions(turn.content, place, asked=turn.role == "user")
    ]
    sure = {word for mention in found if not mention.guessed for word in mention.text.split()}
    found = [each for each in found if not each.guessed or each.text in sure]
    forms = sorted({mention.text for mention in found}, key=lambda form: (-len(form), form))
    full: dict[str, list[Mention]] = {}
    for mention in found:
        full.setdefault(_fullest(mention.text, forms), []).append(mention)
    for mention in _uncapitalised(messages, list(full)):
        full[mention.text].append(mention)
    return [
        Name(text, tuple(sorted(mentions, key=lambda each: each.place)))
        for text, mentions in full.items()
    ]


def _mentions(text: str, place: int, *, asked: bool) -> Iterator[Mention]:
    topic = _topic(text) if asked and place == 0 else None
    if topic:
        yield _mention(text, *topic, Mention(text="", place=0, asked=True))
        return
    quoted = [match.span(1) for match in _QUOTED.finditer(text) if _titled(match[1])]
    plain = [
        span
        for span in _capitalised(text)
        if not any(start < span[1] and span[0] < end for start, end in quoted)
    ]
    for span in sorted([*quoted, *plain]):
        bare = Mention(text="", place=place, asked=asked, quoted=span in quoted)
        yield _mention(text, *span, bare)


def _topic(text: str) -> tuple[int, int] | None:
    """Return where the topic stands if a message is a topic alone: "Marie Curie"."""
    match = _TOPIC.fullmatch(text)
    words = match[1].casefold().split() if match else []
    opening = words[1:] if words[:1] == ["the"] else words
    if not match or not 0 < len(opening) < 7 or opening[0] in _GRAMMAR:
        return None
    return match.span(1)


def _mention(text: str, start: int, end: int, bare: Mention) -> Mention:
    before, after = text[:start].casefold(), text[end:].lstrip('"”')
    preceding = re.findall(r"[\w'’-]+", before)[-2:]
    last = preceding[-1] if preceding else ""
    placing = preceding[0] if last == "the" else last
    acts = bool(VERB.match(after))
    initial = bool(_SENTENCE_START.search(before))
    beside = re.match(r"\s+([a-z]+)", after)
    noun = last if last.isalpha() and last not in _GRAMMAR else ""
    if not noun and beside and not acts and beside[1] not in _GRAMMAR:
        noun = beside[1]
    alone = " " not in text[start:end] and not bare.quoted and not bare.asked
    return Mention(
        text=text[start:end],
        place=bare.place,
        asked=bare.asked,
        subject=initial or acts,
        acts=acts,
        owns=bool(re.match(r"['’](?:s\b|\s)", text[end:])),
        placed=placing in PLACING,
        personal=bool(PERSONAL.search(after)),
        apart=bool(PERSONAL.search(text if bare.asked else before)),
        the=last == "the" and not bare.quoted,
        quoted=bare.quoted,
        guessed=initial and alone and not DEED.match(text[end:]),
        noun=noun,
    )


def _titled(text: str) -> bool:
    """Say whether words in quotation marks look like the title of a work."""
    words = text.split()
    return (
        0 < len(words) <= 7
        and words[0][0].isupper()
        and all(word[0].isupper() or not word[0].isalpha() or len(word) <= 4 for word in words)
    )


def _capitalised(text: str) -> Iterator[tuple[int, int]]:
    for match in _NAME.finditer(text):
        start, end = match.span()
        if _SENTENCE_START.search(text[:start]):
            start = _after_openers(text, start, end)
        end = start + len(re.sub(r"['’]s?$", "", text[start:end]))
        words = text[start:end].casefold().split()
        if any(
            word.strip(".") not in CALENDAR | _GRAMMAR and len(word) > 1 and not word.isdigit()
            for word in words
        ):
            yield start, end


def _after_openers(text: str, start: int, end: int) -> int:
    """Skip words that are capital only because they open a sentence."""
    for word in re.finditer(r"\S+", text[start:end]):
        plain = re.split(r"['’]", word[0].casefold())[0].strip(".")
        if plain not in _GRAMMAR | OPENERS:
            return start + word.start()
    return end


def _fullest(form: str, forms: Sequence[str]) -> str:
    """Return the longest of the forms that begin or end with a form's words; itself without one."""
    words = form.casefold().split()
    for longer in forms:
        others = longer.casefold().split()
        one_name = not {"of", "the", "&"} & (set(others[:-1]) - set(words))
        begins_or_ends = words in (others[: len(words)], others[-len(words) :])
        if len(words) < len(others) <= _LONGEST_FORM and begins_or_ends and one_name:
            return longer
    return form


def _uncapitalised(messages: Sequence[Turn], names: Sequence[str]) -> Iterator[Mention]:
    """Yield the mentions that visitors type without capitals: "where did curie study?"."""
    answers = " ".join(turn.content for turn in messages if turn.role == "assistant")
    plain = {*re.findall(r"\b[a-z]\w+", answers), *_GRAMMAR}
    for place, turn in enumerate(messages):
        if turn.role == "user":
            typed = set(re.findall(r"(?<!\w)[^\W\dA-Z_][\w-]{3,}", turn.content)) - plain
            apart = bool(PERSONAL.search(turn.content))
            for name in names:
                words = name.casefold().split()
                if len(words) <= 2 and words[-1] in typed:
                    yield Mention(text=name, place=place, asked=True, apart=apart)
