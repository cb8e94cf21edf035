"""A question and the phrases that it leaves unsaid -> a question that stands alone.

Owns where in a question a phrase goes: in a pronoun's place, or before the question. English only,
like the stemmer. Pure.
"""

import re
from collections.abc import Sequence

from assistant.english.follow_ups import ENDS_PLURAL, OPENING, PLURAL, PRONOUN, SHORT, SINGULAR
from assistant.question.phrases import Phrase


def composed(question: str, phrases: Sequence[Phrase]) -> str:
    """Return a question with phrases put in; the question itself without one."""
    if not phrases:
        return question
    core = OPENING.sub("", question).strip() or question.strip()
    pronoun = PRONOUN.search(core)
    if len(phrases) == 1 and pronoun:
        return _filled(core, pronoun, phrases[0].text)
    return f"{', '.join(phrase.text for phrase in phrases)}: {core}"


def _filled(core: str, pronoun: re.Match[str], phrase: str) -> str:
    before, after = core[: pronoun.start()], core[pronoun.end() :]
    several = bool(ENDS_PLURAL.search(phrase))
    if pronoun["possessive"]:
        return f"{before}{phrase}{chr(39) if several else chr(39) + 's'}{after}"
    after = SHORT.sub(" are" if several else " is", after)
    if several:
        before = SINGULAR.sub(_plural, before)
    return f"{before}{phrase}{after}"


def _plural(verb: re.Match[str]) -> str:
    form = PLURAL[verb[0].casefold()]
    return form.capitalize() if verb[0][0].isupper() else form
