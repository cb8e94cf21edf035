"""``doctor --offline``: what the owner is told of an answer that was watched."""

import json

import pytest


@pytest.mark.parametrize(("ok", "code"), [(True, 0), (False, 1)])
def test_tells_what_was_seen(footnote, ok, code):
    """The finding stands beside the others, and what left the machine fails the command."""
    done = footnote("doctor", "--offline", "--json", examine=(), offline_answer=(ok, "seen"))
    ((finding),) = json.loads(done.out)
    assert (done.code, finding) == (code, {"name": "offline answer", "ok": ok, "detail": "seen"})
