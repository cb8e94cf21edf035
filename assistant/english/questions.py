"""Which words ask for a list, for several things, or for what something does."""

import re

# "The risks", wherever it stands; "things" only where they are asked for: "my things" are no list.
_ASKS_FOR_LIST = re.compile(
    r"\b(?:what|which) (?:\w+ ){0,2}?(?:are|were)\b"
    r"|(?<!the )(?<!your )(?<!a )\b(?:list|name|enumerate)\b"
    r"|\ball (?:of )?the (?!way|time|same)\b"
    r"|\b(?:benefits|effects|advantages|causes|reasons|factors|types|kinds|ingredients"
    r"|requirements|symptoms)\b"
    r"|\b(?:what|which|all|tell me|give me|know)\b[^.?!]*?"
    r"\b(?:steps|ways|things|options|features|everything)\b",
    re.IGNORECASE,
)
# "What does a facial do?": of what a page is about, all that it lists.
_ASKS_WHAT_IT_DOES = re.compile(
    r"\bwhat (?:does|do|is|are|can|could|will)\b[^.?!]*\bdo\b(?: (?:for|to)\b|\W*$)", re.IGNORECASE
)
# Words that stand where a plural would, and are none.
_SINGULAR = (
    r"(?!(?:is|was|has|does|this|its|us|as|always|costs|gives|goes|happens|keeps|makes|means"
    r"|needs|says|gas|bus|address|business|class|dress|process|illness)\b)"
)
# "Which rules apply?", "What does a facial do?": the answer may be one thing or several, and need
# not be set as a list.
_MAY_ASK_FOR_SEVERAL = re.compile(
    rf"\b(?:what|which) (?:{_SINGULAR}[\w'-]+ ){{0,2}}?{_SINGULAR}[\w'-]+s\b"
    r"|\bwhat (?:is|are|does|do|did|can|could|may|might|must|should|will|would)\b[^.?!]*"
    r"\b(?:do|done|bring|need|offer|observe|include|say|(?:good|used|meant) for)\b"
    r"|\b(?:every|everything|upsides)\b",
    re.IGNORECASE,
)
_ASKS_OTHERWISE = re.compile(r"^\W*why\b|\bhow (?:many|much|often|long)\b", re.IGNORECASE)


def asks_for_list(question: str) -> bool:
    """Say whether a question's words are those of one for a list."""
    return bool(_ASKS_FOR_LIST.search(question)) and not _ASKS_OTHERWISE.search(question)


def may_ask_for_several(question: str) -> bool:
    """Say whether a question's words leave open that several things answer it."""
    if _ASKS_OTHERWISE.search(question):
        return False
    return bool(_ASKS_FOR_LIST.search(question) or _MAY_ASK_FOR_SEVERAL.search(question))


def asks_what_it_does(question: str) -> bool:
    """Say whether a question is what something does, for which a page may have a list."""
    return bool(_ASKS_WHAT_IT_DOES.search(question)) and not _ASKS_OTHERWISE.search(question)
