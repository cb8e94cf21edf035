"""Words and patterns by which names and pointing words are told in running text.

Owns word lists that more than one step reads. English only, like the stemmer. Pure.
"""

import re

# After a "this" or "that" that stands for something: no noun follows, but a verb, a preposition…
STANDS = (
    r"\W*$|[,;:.?!]|['’]s\b|\s+(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would"
    r"|should|may|might|must|mean|happen|help|work|make|cause|lead|leave|cost|hurt|affect|change"
    r"|become|come|go|get|take|look|feel|last|stop|prevent|improve|reduce|increase|influence"
    r"|include|for|in|on|to|with|of|at|by|from|as|and|or|but|so|too|also|really|actually|still"
    r"|again|even|ever|because|when|if|good|bad|safe|dangerous|normal|common|most|the|a|an|any"
    r"|well|happened|made|caused|led|popular|successful|important|true|worse|better|helps"
    r"|be|been|not|all|about|than|my|your|their|his|her|its)\b"
)
# A "that" that is no "the film that he made".
THAT = (
    "(?:^|"
    + "|".join(
        rf"(?<=\b{word} )"
        for word in (
            "about after against and are at before but by can could did do does for from had has "
            "have how if in into is like make makes of on or than to was were what when where why "
            "will with would"
        ).split()
    )
    + ")that"
)
# After a "her" that is an object: no noun follows.
OBJECT = (
    r"\s*(?:$|[?.,!;]|(?:a|an|the|to|in|on|at|for|from|with|by|of|about|and|or|as|after|before"
    r"|during|when|while|because|into|out|up|that|this|some|any|so|do|be|have|get|go|then|like)\b)"
)
# Capitalised at the start of a sentence without being names.
OPENERS = frozenset(
    "according across additionally afterwards although among another anything around because "
    "beginning besides concerning critics despite during each early eventually fans finally first "
    "following furthermore however initially instead last later like many meanwhile moreover "
    "nevertheless next nobody none nothing one originally others people regarding several shortly "
    "similarly since sometimes somebody subsequently though three throughout thus together two "
    "upon various when whenever whereas while within yes".split()
)
CALENDAR = frozenset(
    "january february march april may june july august september october november december monday "
    "tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun jan feb apr jun "
    "jul aug sep sept oct nov dec".split()
)
# Prepositions that put a name down as a place or an occasion.
PLACING = frozenset("in at from near to into on during across throughout outside".split())
PERSONAL = re.compile(r"\b(?:he|she|his|her|him|himself|herself)\b", re.IGNORECASE)
# A verb that makes the name before it a subject.
VERB = re.compile(
    r"\s+(?:\w+ed|was|were|is|are|has|had|did|would|could|also|then|made|said|took|won|went|became"
    r"|began|left|met|wrote|sang|got|gave|came|told|felt|found|held|led|kept|saw|ran|who|never)\b"
)
# What somebody does: a word that opens a sentence before one of these is a name.
DEED = re.compile(
    r"['’]s\b|\s+(?:was born|said|told|took|won|went|became|began|left|met|wrote|sang|gave|moved"
    r"|died|married|played|joined|signed|released|recorded|returned|appeared|starred|worked"
    r"|attended|studied|received|served|led|founded|coached|managed|announced|hired|grew"
    r"|performed|toured|published|directed|composed|scored|resigned|retired|ran|called|hosted"
    r"|doubts)\b"
)
# Words of names that are not people's.
INSTITUTION = re.compile(
    r"\b(?:academy|america|american|army|association|awards?|band|bbc|bowl|british|california"
    r"|championship|church|city|club|college|company|court|cup|england|english|europe|european"
    r"|festival|france|french|german|germany|hall|institute|international|italian|japanese|kingdom"
    r"|league|london|magazine|mtv|museum|national|nba|nfl|nhl|orchestra|party|prize|records|school"
    r"|series|states?|studios?|theat(?:re|er)|times|united|university|wales|war|york)\b",
    re.IGNORECASE,
)
# What an answer calls a work that it names.
WORK = frozenset(
    "album song single film movie book novel show series episode track game play record".split()
)
