"""Who speaks, and of whom: messages about people rather than a subject."""

import re

_SELF = "i im ive id ill my me mine myself we our us were"
_OTHERS = (
    "he she hes shes his her him himself herself mum mom mother dad father son daughter wife "
    "husband brother sister baby kid kids child toddler grandma grandpa grandad granny nan friend "
    "girlfriend boyfriend partner uncle aunt newborn student mate neighbour neighbor roommate"
)
PERSONAL = re.compile(rf"(?<!\S)(?:{'|'.join((_SELF + ' ' + _OTHERS).split())}) ")
# How questions about a subject open, rather than about somebody.
GENERAL = re.compile(
    r"(?:so |and |please |can you |could you )?(?:what (?:is|are|was|were|does|do|causes?|makes?"
    r"|happens|research|genetic)|whats|how (?:is|are|was|were|does|do|many|common|to)|who"
    r"|when (?:was|were|is|did)|where|which|why (?:do|does|is|are|was)|are|is|does|do|tell|explain"
    r"|describe|give me|name|write|create|list|illustrate) "
)
