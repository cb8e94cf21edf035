"""Greetings, thanks and goodbyes: messages that ask nothing of the sources.

Owns recognising them, as whole messages only: "Hello, what enlarges pores?" is a question.
"""

import re

_FILLER = r"(?:there|all|everyone|again|so much|very much|a lot|for now|for that|for your help)"
_KINDS = {
    "greeting": r"hi|hello|hey|hiya|howdy|greetings|good (?:morning|afternoon|evening|day)"
    r"|hi how are you|hello how are you|how are you(?: doing)?(?: today)?",
    "thanks": r"thanks|thank you|thx|many thanks|cheers|ok thanks|okay thanks|great thanks"
    r"|great|perfect|ok|okay|that helps|that helped|very helpful",
    "farewell": r"bye|goodbye|bye bye|see you|see you later|good night|farewell",
    "about": r"who are you|what are you|what can you do|how can you help(?: me)?"
    r"|are you a (?:ro)?bot|are you human|are you a human|what is your name|what's your name|help",
}
_PATTERNS = {kind: re.compile(rf"(?:{pattern})(?: {_FILLER})*") for kind, pattern in _KINDS.items()}


def smalltalk(message: str) -> str | None:
    """Return the kind of small talk that a whole message is, a name of a template, or ``None``."""
    plain = " ".join(re.sub(r"[^\w\s']+", " ", message.replace("’", "'").casefold()).split())
    return next((kind for kind, pattern in _PATTERNS.items() if pattern.fullmatch(plain)), None)
