"""Whole messages that ask nothing of the sources, by the kind of reply that they get."""

import re

_FILLER = r"(?:there|all|everyone|again|so much|very much|a lot|for now|for that|for your help)"
_KINDS = {
    "greeting": r"hi|hello|hey|hiya|howdy|greetings|good (?:morning|afternoon|evening|day)"
    r"|hi how are you|hello how are you|how are you(?: doing)?(?: today)?",
    "thanks": r"thanks|thank you|thx|many thanks|cheers|ok thanks|okay thanks|great thanks"
    r"|great|perfect|ok|okay|that helps|that helped|very helpful",
    "farewell": r"bye|goodbye|bye bye|see you|see you later|good night|farewell",
    "about": r"who are you|what are you|what can you do|how can you help(?: me)?"
    r"|are you a (?:ro)?bot|are you human|are you a human|what is your name"
    r"|what's your name|help",
}
SMALL_TALK = {
    kind: re.compile(rf"(?:{pattern})(?: {_FILLER})*") for kind, pattern in _KINDS.items()
}
