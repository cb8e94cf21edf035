"""Short ids of generations, for people to read and type."""

from collections.abc import Sequence

_SHORT = 12  # digits, unless it takes more to tell the ids apart


def short_ids(index_ids: Sequence[str]) -> list[str]:
    """Return the beginning of each id, at least 12 digits and long enough to name no other."""
    most = max(map(len, index_ids), default=0)
    lengths = range(_SHORT, most + 1)
    told = (n for n in lengths if len({each[:n] for each in index_ids}) == len(set(index_ids)))
    length = next(told, most)
    return [each[:length] for each in index_ids]
