"""Which groups of questions the reader is never trained on.

Owns the split alone, so that whatever is fitted or reported with the reader's logits can keep to
questions that it has not seen: on those it has seen, its logits are far too sure.
"""

import hashlib

# One group in so many is held out. Of the golden questions half, because the refusal model is
# fitted on what is held out; of squad2 a third of the articles and of the visitors' sites a third,
# so that what is reported is of subjects never read about; and nothing of medquad, whose questions
# come from templates and are not reported on.
_ONE_IN = {"squad2": 3, "golden": 2, "visitors": 3, "medquad": None}
# Sites that came when the reader was trained, and how sentences and lists are chosen was settled.
# All are held out: nothing was trained, fitted or chosen on them.
LATER = frozenset(
    {
        *("barber-shop", "bicycle-insurance", "car-sharing", "chocolate", "cinema"),
        *("climbing-hall", "clock-museum", "driving-school", "espresso-machine", "glaciers"),
        *("housing-cooperative", "language-school", "leather-care", "online-shop"),
        *("photo-sorter", "pottery-studio", "sailing-club", "sewing-machine", "soap-making", "tea"),
        *("village-hall", "weather", "wedding-barn", "wood-finishing", "youth-hostel"),
    }
)


def held_out(corpus: str, group: str) -> bool:
    """Say whether a group is kept out of training.

    A group is an article's title (squad2), a question's id (golden), a site (visitors) or a
    disease (medquad). The answer depends on nothing but the two names, so adding or removing
    groups moves no other. Of the golden questions it is about the fitting split; the reporting
    split is never trained on. Raises ``KeyError`` for a corpus that the reader does not know.
    """
    one_in = _ONE_IN[corpus]
    if corpus == "visitors" and group in LATER:
        return True
    if one_in is None:
        return False
    digest = hashlib.sha256(f"{corpus}:{group}".encode()).digest()
    return int.from_bytes(digest) % one_in == 0
