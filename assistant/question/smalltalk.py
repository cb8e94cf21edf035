"""Greetings, thanks and goodbyes: messages that ask nothing of the sources.

Owns recognising them, as whole messages only: "Hello, what enlarges pores?" is a question.
"""

import re

from assistant.english.small_talk import SMALL_TALK


def smalltalk(message: str) -> str | None:
    """Return the kind of small talk that a whole message is, a name of a template, or ``None``."""
    plain = " ".join(re.sub(r"[^\w\s']+", " ", message.replace("’", "'").casefold()).split())
    return next((kind for kind, pattern in SMALL_TALK.items() if pattern.fullmatch(plain)), None)
