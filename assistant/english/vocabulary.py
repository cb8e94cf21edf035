"""Which words of a question say what it is about.

Owns the list of words that ask without naming anything. Pure.
"""

from index.words import STOPWORDS, words

# Words by which people ask, order or fill; they name no subject that a source could lack.
ASKING = frozenset(
    "able all also always anybody anyone anything around ask asked come comes coming cant could "
    "describe doesnt dont does eg else enough even ever every everything exactly example explain "
    "find full get gets getting give given go goes going got happen happens hello help helps hey "
    "hi how im instead isnt its kind kinds know let list long look lot made make makes many may "
    "mean meant means might much must name named need often one ones please plain really said say "
    "says see shall show so someone something sort still stuff suppose supposed sure take tell "
    "that's the thing things think told true try type types upon use used using want way ways "
    "well what whats what's where wheres which who whos whose why without words work works would "
    "yet".split()
)

# Words that judge: that the sources do not cover "good" tells a visitor nothing.
JUDGING = frozenset("good bad better best worse worst right wrong fine nice great".split())


def content_words(question: str) -> list[str]:
    """Return the distinct case-folded words that name something, in order."""
    return [
        word
        for word in dict.fromkeys(words(question))
        if word not in STOPWORDS and word not in ASKING and len(word) > 1
    ]
