"""Question type against evidence type: a question for a number needs a number.

Owns which wordings call for a number, a date or a person's name, and what counts as one. Pure, and
for English; a question of no such type expects nothing.
"""

import re

from assistant.english.numerals import CALENDAR, ONES, SCALES

_NUMBER_WORDS = "|".join((*ONES[2:13], *SCALES)) + (
    "|billion|half|third|quarter|once|twice|several|few|percent|per cent|century|decade"
)
_NUMBER = re.compile(rf"\d|\b(?:{_NUMBER_WORDS})\b", re.IGNORECASE)
_SPELL = re.compile(
    r"\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|centur(?:y|ies)|times|once"
    r"|twice|daily|weekly|monthly|yearly|until|forever|permanent(?:ly)?)\b",
    re.IGNORECASE,
)
_ERA = re.compile(r"\d{2,}|\b(?:centur(?:y|ies)|dynasty|\w+teen(?:th)?)\b", re.IGNORECASE)
_DATE = re.compile(
    rf"\d|\b(?:{_NUMBER_WORDS}|{'|'.join(CALENDAR)}|one|noon|midnight|dawn|dusk|sunrise|sunset"
    r"|morning|afternoon|evening|night|century|centuries|decade|year|years|ago|spring|summer"
    r"|autumn|winter|when|after|before|during|while|until|once|dynasty)\b",
    re.IGNORECASE,
)
# A capitalised word inside a sentence that is no adjective of a people or place.
_NAME = re.compile(
    r"(?<=[a-z,;)] )(?:(?:St|Dr|Mr|Ms|Mrs)\. )?"
    r"(?!\w+(?:ese|ish|ian|ean|ic)\b|French\b|Greek\b|Dutch\b|German\b|Swiss\b)[A-Z][\w’'-]+"
)
_LABEL = re.compile(r"^[^:.]{1,60}:\s+\w+")
_EXPECTED = (
    (
        re.compile(
            r"\bhow (?:many|much)\b|\bprices?\b|\bcosts?\b"
            r"|\bhow (?:old|far|deep|tall|big|fast) (?:is|are|was|were|do|does|did|can|should)\b"
            r"|\bpercentage\b|\bwhat (?:number|percent|age)\b",
            re.IGNORECASE,
        ),
        _NUMBER,
    ),
    (re.compile(r"\bhow (?:long|often|soon)\b|\bhow many times\b", re.IGNORECASE), _SPELL),
    (re.compile(r"\b(?:what|which) (?:year|century|decade)\b", re.IGNORECASE), _ERA),
    (re.compile(r"^\W*(?:since )?when\b|\b(?:what|which) date\b", re.IGNORECASE), _DATE),
)
_ASKS_FOR_NAME = re.compile(
    r"\b(?:who|whom|whose)\b.*\b(?:invent|discover|found|creat|develop|wrote|writ|introduc|design"
    r"|compos|paint|built|build|direct|first|came up)\w*",
    re.IGNORECASE,
)


def expectation_unmet(question: str, sentence: str, passage: str) -> bool:
    """Say whether a question calls for what its evidence lacks.

    A number or date may stand anywhere in the ``passage``, a name has to be in the ``sentence``:
    titles and labels are full of capitals.
    """
    if _ASKS_FOR_NAME.search(question) and not _NAME.search(_LABEL.sub("", sentence)):
        return True
    return any(asks.search(question) and not offers.search(passage) for asks, offers in _EXPECTED)
