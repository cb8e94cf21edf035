"""What is wrong with a value that has not the shape it should, in one short line.

Owns the words only. Whatever stands in the value itself is neither shown whole nor obeyed.
"""

from pydantic import ValidationError

from index.errors import shown

_LONGEST = 80  # characters of a name that somebody else chose


def brief(name: str) -> str:
    """Return a name that somebody else chose so that a line can hold it: escaped, and not long."""
    return shown(name[:_LONGEST])


def in_words(error: ValidationError) -> str:
    """Return the first thing that is wrong: where it stands, and what it should be."""
    first = error.errors(include_url=False, include_input=False)[0]
    where = brief(".".join(str(part) for part in first["loc"]))
    reason = first["msg"].removeprefix("Value error, ")
    return f"{where}: {reason}" if where else reason
