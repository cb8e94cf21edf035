"""The phrases of a question that the sources use: what a follow-up to it may be about.

Owns cutting a question into the runs of words that name something. Pure.
"""

import re
from collections.abc import Callable

from assistant.vocabulary import ASKING
from index.lexicon import STOPWORDS

_LONGEST_PHRASE = 5  # words
_WORDS = 40  # that name something and are looked up; what is beyond is no question
Known = Callable[[str], bool]
_BREAK = re.compile(r"[^\w\s'’-]+")


def topics_in(previous: str, known: Known) -> list[str]:
    """Return the phrases of a question that the sources use, longest first, then the latest."""
    found: list[str] = []
    for run in _naming_runs(previous):
        rest = run
        while rest:
            used = [rest[:length] for length in range(min(len(rest), _LONGEST_PHRASE), 0, -1)]
            phrase = next((words for words in used if known(" ".join(words))), None)
            if phrase:
                found.append(" ".join(phrase))
            rest = rest[len(phrase) if phrase else 1 :]
    latest_first = dict.fromkeys(reversed(found))
    return sorted(latest_first, key=lambda topic: -len(topic.split()))


def _naming_runs(question: str) -> list[list[str]]:
    """Return the runs of words between words of grammar and of asking."""
    runs: list[list[str]] = [[]]
    left = _WORDS
    for clause in _BREAK.split(question):
        for token in clause.split():
            plain = token.casefold().strip("'’-")
            if plain and plain not in STOPWORDS and plain not in ASKING and left:
                left -= 1
                runs[-1].append(token)
            else:
                runs.append([])
        runs.append([])
    return [run for run in runs if run]
