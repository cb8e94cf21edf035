"""Which words of a sentence say what it is about, and which turn it into another statement."""

import re

from assistant.english.numerals import CALENDAR

# Words that do not change what a sentence is about.
EMPTY = frozenset(
    "a all also always am an and any are as at be been being but can could currently did do does "
    "each every for generally had has have i in is it its just may might must need needs normally "
    "now of on one only our per please s shall should simply so some that the their then there "
    "these they this those to too us usually very was we were which will would you your".split()
)
# Words of grammar and of the calendar that make another statement of the same terms.
TURNING = frozenset(
    "no not after before above below over under more most less least fewer with without if unless "
    "except until left right first second third morning evening".split()
) | frozenset(CALENDAR)
POINTS_BACK = re.compile(
    r"(?:this|these|that|those|it|they|its|their|such|both|neither|he|she|the (?:former|latter))\b",
    re.IGNORECASE,
)
THEM = re.compile(r"\bthem\b", re.IGNORECASE)
# What "them" may stand for: a word that looks like a plural, people, or several things joined.
SEVERAL = re.compile(
    r"\b(?:and|who|whoever|people|men|women|children|teeth|feet|mice|(?:any|every|some|no)(?:one|body)"
    r"|no one|(?!(?:is|was|this|its|us|as|has|does|less|unless|thus|always|perhaps|yes)\b)\w+s)\b",
    re.IGNORECASE,
)
# What the sentence is about is named elsewhere, or it is a question.
UNSAID = re.compile(r"\b(?:this|these|such)\b|\?\W*$")
