"""``footnote key``: a new API key, and the hash by which a server knows it.

Owns the command's flags and words. The key itself is ``assistant.api.doors.keys``'s,
and is kept nowhere.
"""

from assistant.api.doors.keys import key_hash, new_key
from assistant.cli.run import Json
from assistant.cli.terminal import emit, json_text, lines, say


def key(*, as_json: Json = False) -> None:
    """Print a new API key, and its hash for the setting keys."""
    made = new_key()
    kept = key_hash(made)
    found = {"key": made, "sha256": kept}
    emit(json_text(found) if as_json else lines(list(found.items())))
    say(
        "Give the key to the program that asks; it sends 'Authorization: Bearer KEY'. The key is "
        "shown only now. Add the sha256 to keys in footnote.toml or FOOTNOTE_KEYS, and take an "
        "older one out once nobody uses it."
    )
