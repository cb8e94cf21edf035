"""How a follow-up is worded: what it opens with, what points back, and whether it stands alone."""

import re

# "It" and "they" stand for what was spoken of, with few exceptions; "that", "there" and "one" as
# often belong to the sentence that they stand in, and "he" and "she" to the visitor's own people.
PRONOUN = re.compile(r"\b(?:(?P<possessive>its|their)|it|they|them)\b", re.IGNORECASE)
SHORT = re.compile(r"^['’](?:s|re)\b")
OPENING = re.compile(
    r"^\W*(?:(?:and|but|so|then|also|ok|okay|alright|well|right|hm+|oh|yes|no)\b[\s,]*)+",
    re.IGNORECASE,
)
PLURAL = {"is": "are", "was": "were", "does": "do", "has": "have"}
SINGULAR = re.compile(r"\b(?:is|was|does|has)(?=\s+$)", re.IGNORECASE)
ENDS_PLURAL = re.compile(r"(?<![su'’i])s$")
FRAGMENT_OF_A_SENTENCE = re.compile(
    r"\W*(?:(?:and|but|so|then|also|ok|okay|well)\b\W*)*"
    r"(?:(?:what|how) about|what of|same for)\b"
    r"|\W*(?:and\W+)?for(?:\W+\w+){1,4}\W*$|\W*and\b(?:\W+\w+){1,3}\W*$|\W*\w+\W*$",
    re.IGNORECASE,
)
