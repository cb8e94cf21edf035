"""``footnote key``."""

import hashlib
import json

from assistant.api.doors.keys import Keys
from assistant.cli.app import run
from assistant.settings import Settings


def test_a_key_and_its_hash(capsys):
    """The key is printed once, with the hash that goes into the settings."""
    assert run(["key", "--json"]) == 0
    out, err = capsys.readouterr()
    made = json.loads(out)
    assert made["sha256"] == hashlib.sha256(made["key"].encode()).hexdigest()
    assert Keys(Settings(keys=[made["sha256"]]).keys).hold(made["key"])
    assert "FOOTNOTE_KEYS" in err
    assert made["key"] not in err


def test_a_key_for_people(capsys):
    """Without --json it is two lines, and every key is another."""
    shown = set()
    for _ in range(2):
        assert run(["key"]) == 0
        (_, key), (_, kept) = (line.split() for line in capsys.readouterr().out.splitlines())
        assert hashlib.sha256(key.encode()).hexdigest() == kept
        shown.add(key)
    assert len(shown) == 2
