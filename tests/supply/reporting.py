"""Which installed packages hold words of libraries that report home.

Owns the words and the looking. A word is no proof of a habit; a package that has one is looked at
by a person, who writes down why it may stay (``test_reporting.py``).
"""

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

# Lower case. Hosts of the services that libraries report to, and what such code calls itself.
WORDS = (
    *(b"telemetry", b"analytics", b"phone home", b"phonehome", b"statsd"),
    *(b"events.data.microsoft", b"applicationinsights", b"sentry.io"),
    *(b"posthog", b"mixpanel", b"segment.io", b"segment.com", b"amplitude.com", b"scarf.sh"),
    *(b"bugsnag", b"datadoghq", b"honeycomb.io", b"rollbar.com"),
)
_OPEN_STANDARD = b"opentelemetry"  # which sends nothing unless it is given somewhere to send it
_CODE = re.compile(r"\.(?:py|pyi|js|json|toml|so(?:\.[\d.]+)?)$")


def words_in(package: str) -> set[str]:
    """Return the words that the code of an installed package holds."""
    files = _code(distribution(package))
    return {word for path in files for word in words_of(path.read_bytes())}


def words_of(data: bytes) -> Iterator[str]:
    """Yield the words that a file holds, whatever their case."""
    lowered = data.lower().replace(_OPEN_STANDARD, b"")
    return (word.decode() for word in WORDS if word in lowered)


def _code(package: Distribution) -> Iterator[Path]:
    for file in package.files or ():
        path = Path(str(package.locate_file(file)))
        if _CODE.search(file.name) and path.is_file():
            yield path
