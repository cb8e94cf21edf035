"""``footnote embed``: the line a site owner copies."""

import base64
import hashlib
import json

from assistant.widget.pages import widget_js


def test_the_line_holds_the_file_to_its_hash(footnote):
    """The integrity is the SHA-384 of exactly the file that is served."""
    done = footnote("embed", "--url", "https://clinic.example/ask/")
    digest = base64.b64encode(hashlib.sha384(widget_js()).digest()).decode()
    assert done.code == 0
    assert done.out == (
        f'<script src="https://clinic.example/ask/widget.js" integrity="sha384-{digest}" '
        'crossorigin="anonymous" data-title="Ask a question" defer></script>\n'
    )


def test_as_data(footnote):
    """The hash alone is there for a template of the site's own."""
    told = json.loads(footnote("embed", "--json").out)
    assert told["integrity"] in told["line"]
    assert 'src="https://your.host/widget.js"' in told["line"]


def test_an_address_that_is_none(footnote):
    """A scheme that no page can load from is wrong usage, in one line that mends it."""
    done = footnote("embed", "--url", "clinic.example")
    assert (done.code, done.out) == (2, "")
    assert "https://" in done.err
