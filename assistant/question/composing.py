"""A question and the phrases that it leaves unsaid -> a question that stands alone.

Owns where in a question a phrase goes: in a pronoun's place, or before the question. English only,
like the stemmer. Pure.
"""

import re
from collections.abc import Sequence

from assistant.question.phrases import Phrase

# "It" and "they" stand for what was spoken of, with few exceptions; "that", "there" and "one" as
# often belong to the sentence that they stand in, and "he" and "she" to the visitor's own people.
_PRONOUN = re.compile(r"\b(?:(?P<possessive>its|their)|it|they|them)\b", re.IGNORECASE)
_SHORT = re.compile(r"^['’](?:s|re)\b")
_OPENING = re.compile(
    r"^\W*(?:(?:and|but|so|then|also|ok|okay|alright|well|right|hm+|oh|yes|no)\b[\s,]*)+",
    re.IGNORECASE,
)
_PLURAL = {"is": "are", "was": "were", "does": "do", "has": "have"}
_SINGULAR = re.compile(r"\b(?:is|was|does|has)(?=\s+$)", re.IGNORECASE)
_ENDS_PLURAL = re.compile(r"(?<![su'’i])s$")


def composed(question: str, phrases: Sequence[Phrase]) -> str:
    """Return a question with phrases put in; the question itself without one."""
    if not phrases:
        return question
    core = _OPENING.sub("", question).strip() or question.strip()
    pronoun = _PRONOUN.search(core)
    if len(phrases) == 1 and pronoun:
        return _filled(core, pronoun, phrases[0].text)
    return f"{', '.join(phrase.text for phrase in phrases)}: {core}"


def _filled(core: str, pronoun: re.Match[str], phrase: str) -> str:
    before, after = core[: pronoun.start()], core[pronoun.end() :]
    several = bool(_ENDS_PLURAL.search(phrase))
    if pronoun["possessive"]:
        return f"{before}{phrase}{chr(39) if several else chr(39) + 's'}{after}"
    after = _SHORT.sub(" are" if several else " is", after)
    if several:
        before = _SINGULAR.sub(_plural, before)
    return f"{before}{phrase}{after}"


def _plural(verb: re.Match[str]) -> str:
    form = _PLURAL[verb[0].casefold()]
    return form.capitalize() if verb[0][0].isupper() else form
