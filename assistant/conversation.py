"""Follow-ups -> a question that stands alone, without a language model.

Owns which questions lean on the conversation, and the candidate rewrites. Among the candidates the
one is taken that retrieves best; how well a question retrieves is a function passed in.
"""

import re
from collections.abc import Callable, Sequence

from assistant.schemas import Turn
from assistant.smalltalk import smalltalk
from assistant.vocabulary import ASKING, content_words
from index.lexicon import STOPWORDS

Merit = Callable[[str], float]
Known = Callable[[str], bool]
_TURNS = 4  # earlier questions that may matter; older ones are trimmed
_LONGEST = 500  # code points of an earlier question that are read
_CANDIDATES = 6  # rewrites that are tried

_PRONOUN = re.compile(
    r"\b(?:(?P<possessive>its|their|his|her)|(?P<plain>it|this|that|they|them|these|those|he|she"
    r"|him))\b(?!['’]s (?:true|possible|said)| (?:is|was) (?:true|possible|said|why))",
    re.IGNORECASE,
)
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
_BREAK = re.compile(r"[^\w\s'’-]+")


def stand_alone(question: str, history: Sequence[Turn], merit: Merit, known: Known) -> str:
    """Return the question with what it leaves unsaid carried over from earlier questions.

    ``merit`` scores how well a question retrieves (higher is better), ``known`` says whether the
    sources use a phrase: only what they speak of is worth carrying over. A question that stands
    alone is returned as it is, and so is one without an earlier question.
    """
    earlier = [
        turn.content[:_LONGEST].strip()
        for turn in history
        if turn.role == "user" and turn.content.strip() and not smalltalk(turn.content)
    ][-_TURNS:]
    subject = ""
    for previous in earlier:
        subject = _resolved(previous, subject, merit, known)
    return _resolved(question, subject, merit, known)


def _resolved(question: str, previous: str, merit: Merit, known: Known) -> str:
    if not previous or not leans_on_context(question):
        return question
    candidates = rewrites(question, previous, known)
    if len(candidates) == 1:
        return candidates[0]
    scored = [(merit(candidate), -place, candidate) for place, candidate in enumerate(candidates)]
    return max(scored)[2]


def leans_on_context(question: str) -> bool:
    """Say whether a question cannot be understood without the one before it."""
    core = _OPENING.sub("", question).strip()
    opened = core != question.strip()
    return bool(
        _BARE.match(core)
        or _WHAT_ABOUT.match(core)
        or _PRONOUN.search(core)
        or (opened and len(content_words(core)) <= 3)
        or len(content_words(core)) <= 1
    )


def rewrites(question: str, previous: str, known: Known) -> list[str]:
    """Return candidate stand-alone questions, the most faithful first; at least one."""
    core = _OPENING.sub("", question).strip() or question.strip()
    topics = _topics(previous, known)
    about = _WHAT_ABOUT.match(core)
    fragment = about["rest"] if about else core
    if _BARE.match(core):
        found = [f"{previous} {core}"]
    elif about or not _asks(core):
        found = [_swapped(previous, topic, fragment) for topic in topics] or [
            f"{previous} {fragment}"
        ]
    elif _PRONOUN.search(core):
        found = [_filled(core, topic) for topic in topics] or [core]
    else:
        closed = core.rstrip(" ?!.")
        found = [core, *(f"{closed} with {topic}?" for topic in topics)]
    return list(dict.fromkeys(found))[:_CANDIDATES]


def _asks(core: str) -> bool:
    """Say whether a fragment is a clause of its own ("does it hurt") or a mere topic ("pores")."""
    opening = core.split()[:2]
    return len(opening) > 1 and opening[0].strip("'’,").casefold() in STOPWORDS | ASKING


def _filled(core: str, topic: str) -> str:
    def fill(match: re.Match[str]) -> str:
        return f"{topic}'s" if match["possessive"] else topic

    return _PRONOUN.sub(fill, core, count=1)


def _swapped(previous: str, topic: str, fragment: str) -> str:
    return re.sub(re.escape(topic), lambda _: fragment.rstrip(" ?!."), previous, count=1)


def _topics(previous: str, known: Known) -> list[str]:
    """Return the phrases of a question that the sources use, longest first, then the latest."""
    found: list[str] = []
    for run in _naming_runs(previous):
        rest = run
        while rest:
            used = [rest[:length] for length in range(len(rest), 0, -1)]
            phrase = next((words for words in used if known(" ".join(words))), None)
            if phrase:
                found.append(" ".join(phrase))
            rest = rest[len(phrase) if phrase else 1 :]
    latest_first = dict.fromkeys(reversed(found))
    return sorted(latest_first, key=lambda topic: -len(topic.split()))


def _naming_runs(question: str) -> list[list[str]]:
    """Return the runs of words between words of grammar and of asking."""
    runs: list[list[str]] = [[]]
    for clause in _BREAK.split(question):
        for token in clause.split():
            plain = token.casefold().strip("'’-")
            if plain and plain not in STOPWORDS and plain not in ASKING:
                runs[-1].append(token)
            else:
                runs.append([])
        runs.append([])
    return [run for run in runs if run]
