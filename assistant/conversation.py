"""Follow-ups -> a question that stands alone, without a language model.

Owns which questions lean on the conversation, and the candidate rewrites. Among the candidates the
one is taken that retrieves best; how well a question retrieves is a function passed in.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from assistant.follow_ups.rewriting import SURE, Ledger
from assistant.follow_ups.subjects import Lean
from assistant.follow_ups.topics import Known, topics_in
from assistant.follow_ups.wording import STANDS, THAT
from assistant.schemas import Turn
from assistant.smalltalk import smalltalk
from assistant.vocabulary import ASKING, content_words
from index.lexicon import STOPWORDS

Merit = Callable[[str], float]
_MESSAGES = 24  # messages whose names may matter; older ones are trimmed
_TURNS = 4  # earlier questions whose topics may matter
_LONGEST = 500  # code points of an earlier question that are read
_WEIGHED = 2  # earlier questions whose rewrites are tried on the sources: each try is a retrieval
_CANDIDATES = 3  # rewrites that are tried

_SAID = r"(?!['’]s (?:true|possible|said)| (?:is|was) (?:true|possible|said|why))"
_PRONOUN = re.compile(
    rf"\b(?:(?P<possessive>its|their)|(?P<plain>it|they|them)|(?P<shown>this|{THAT}|these|those)"
    rf"(?={STANDS}))\b{_SAID}",
    re.IGNORECASE,
)
_SEVERAL = frozenset({"they", "them", "their", "these", "those"})
_PLURAL = {"is": "are", "was": "were", "does": "do", "has": "have"}
_SINGULAR = re.compile(r"\b(?:is|was|does|has)(?=\s+$)", re.IGNORECASE)
_WHY = re.compile(r"^why(?: (?:so|is that))?\W*$", re.IGNORECASE)
_YES_NO = re.compile(
    r"^(?:is|are|was|were|do|does|did|can|could|will|would|has|have|had)\b", re.IGNORECASE
)
_POINTING = re.compile(r"\b(?:this|that|these|those|he|she|his|her|him)\b", re.IGNORECASE)
_OPENING = re.compile(
    r"^\W*(?:(?:and|but|so|then|also|ok|okay|alright|well|right|hm+|oh|yes|no)\b[\s,]*)+",
    re.IGNORECASE,
)
_WHAT_ABOUT = re.compile(
    r"^(?:what about|how about|what of|same for|and for|for)\s+(?P<rest>.+?)\W*$", re.IGNORECASE
)
_BARE = re.compile(
    r"^(?:why(?: (?:so|is that|not))?|how(?: (?:so|come|exactly))?|really|in what way|such as"
    r"|like what|for example|(?:any|what|which) (?:other|else|more)(?: \w+)?|anything else"
    r"|tell me more|more|who|where|when|go on"
    r"|can you explain|explain)\W*$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"(?:the|a|an|my|your)\s", re.IGNORECASE)


def stand_alone(
    question: str,
    history: Sequence[Turn],
    merit: Merit,
    known: Known,
    sure: Mapping[Lean, float] = SURE,
) -> str:
    """Return the question with what it leaves unsaid carried over from the conversation.

    ``merit`` scores how well a question retrieves (higher is better), ``known`` says whether the
    sources use a phrase: of what is no name, only what they speak of is worth carrying over. A
    question that stands alone is returned as it is, and so is one without an earlier question.
    """
    messages = [
        Turn(role=turn.role, content=turn.content[:_LONGEST].strip())
        for turn in history
        if turn.content.strip() and not (turn.role == "user" and smalltalk(turn.content))
    ][-_MESSAGES:]
    ledger = Ledger(messages, sure)
    asked = [place for place, turn in enumerate(messages) if turn.role == "user"]
    subject = ""
    for place in asked[:-_TURNS]:
        subject = ledger.fill(messages[place].content, place)
    for place in asked[-_TURNS:]:
        weigh = merit if place in asked[-_WEIGHED:] else _unweighed
        subject = _resolved(messages[place].content, subject, ledger, place, weigh, known)
    return _resolved(question, subject, ledger, len(messages), merit, known)


def _resolved(
    question: str, previous: str, ledger: Ledger, place: int, merit: Merit, known: Known
) -> str:
    if not previous:
        return question
    core = _core(question)
    by_name = ledger.fill(core, place)
    candidates = rewrites(question, previous, known) if leans_on_context(question) else []
    if by_name != core:
        candidates = [by_name, *(each for each in candidates if each != core)]
    candidates = list(dict.fromkeys(candidates))[:_CANDIDATES]
    if len(candidates) < 2:
        return candidates[0] if candidates else question
    scored = [(merit(candidate), -order, candidate) for order, candidate in enumerate(candidates)]
    return max(scored)[2]


def _unweighed(question: str) -> float:
    del question
    return 0.0


def leans_on_context(question: str) -> bool:
    """Say whether a question cannot be understood without the one before it."""
    core = _OPENING.sub("", question).strip()
    opened = core != question.strip()
    return bool(
        _BARE.match(core)
        or _WHAT_ABOUT.match(core)
        or _PRONOUN.search(core)
        or _POINTING.search(core)
        or (opened and len(content_words(core)) <= 3)
        or len(content_words(core)) <= 1
    )


def rewrites(question: str, previous: str, known: Known) -> list[str]:
    """Return candidate stand-alone questions, the most faithful first; at least one."""
    core = _core(question)
    topics = topics_in(previous, known)
    about = _WHAT_ABOUT.match(core)
    fragment = about["rest"] if about else core
    if _WHY.match(core) and _YES_NO.match(previous):
        found = [f"{core.split()[0].rstrip('?!., ')} {previous[:1].lower()}{previous[1:]}"]
    elif _BARE.match(core):
        found = [f"{previous} {core}"]
    elif about or not _asks(core):
        found = [_swapped(previous, topic, fragment) for topic in topics] or [
            f"{previous} {fragment}"
        ]
    elif pronoun := _PRONOUN.search(core):
        found = [_filled(core, pronoun, topic) for topic in _agreeing(pronoun, topics)] or [core]
    else:
        closed = core.rstrip(" ?!.")
        found = [core, *(f"{closed} with {topic}?" for topic in topics)]
    return list(dict.fromkeys(found))[:_CANDIDATES]


def _core(question: str) -> str:
    """Return a question without the words that join it to the one before: "And", "ok, but"."""
    return _OPENING.sub("", question).strip() or question.strip()


def _asks(core: str) -> bool:
    """Say whether a fragment is a clause of its own ("does it hurt") or a mere topic ("pores")."""
    opening = core.split()[:2]
    return len(opening) > 1 and opening[0].strip("'’,").casefold() in STOPWORDS | ASKING


def _filled(core: str, pronoun: re.Match[str], topic: str) -> str:
    before, after = core[: pronoun.start()], core[pronoun.end() :]
    several = _is_plural(topic)
    if pronoun["possessive"]:
        ending = "'" if several else "'s"
        return f"{before}{topic}{ending}{after}"
    after = re.sub(r"^['’](?:s|re)\b", " are" if several else " is", after)
    if several:
        before = _SINGULAR.sub(_plural, before)
    return f"{before}{topic}{after}"


def _agreeing(pronoun: re.Match[str], topics: Sequence[str]) -> list[str]:
    """Return the topics that a pronoun can stand for: several things for "they", if any are."""
    if pronoun[0].casefold() not in _SEVERAL:
        return list(topics)
    return [topic for topic in topics if _is_plural(topic)] or list(topics)


def _plural(verb: re.Match[str]) -> str:
    form = _PLURAL[verb[0].casefold()]
    return form.capitalize() if verb[0][0].isupper() else form


def _is_plural(topic: str) -> bool:
    return bool(re.search(r"(?<![su'’i])s$", topic))


def _swapped(previous: str, topic: str, fragment: str) -> str:
    fragment = fragment.rstrip(" ?!.")
    article = r"(?:\b(?:the|a|an|my|your)\s+)?" if _ARTICLE.match(fragment) else ""
    return re.sub(article + re.escape(topic), lambda _: fragment, previous, count=1)
