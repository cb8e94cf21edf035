"""Which of the forms on offer a client prefers, by its ``Accept`` header (RFC 9110, 12.5.1).

Pure: a header in, an offer out.
"""

from collections.abc import Sequence


def preferred(accept: str | None, offers: Sequence[str]) -> str:
    """Return the offer (``type/subtype``) of the highest quality; of equals, the first offered.

    The most specific range that matches an offer sets its quality. With no header, or when
    nothing on offer is acceptable, the first offer is returned: a form the client did not ask for
    is more use to it than a 406.
    """
    ranges = _ranges(accept or "*/*")
    qualities = [_quality(offer, ranges) for offer in offers]
    return offers[qualities.index(max(qualities))]


def _ranges(accept: str) -> dict[str, float]:
    """Return the quality of each media range; ranges with a malformed quality are left out."""
    ranges = {}
    for entry in accept.split(","):
        name, *parameters = (part.strip().lower() for part in entry.split(";"))
        weights = [value[2:] for value in parameters if value.startswith("q=")]
        try:
            quality = float(weights[0]) if weights else 1.0
        except ValueError:
            continue
        if 0 <= quality <= 1:
            ranges[name] = quality
    return ranges


def _quality(offer: str, ranges: dict[str, float]) -> float:
    for candidate in (offer, offer.partition("/")[0] + "/*", "*/*"):
        if candidate in ranges:
            return ranges[candidate]
    return 0.0
