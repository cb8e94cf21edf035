"""A server process for ``test_server``: the real command line around a fake assistant.

``python serving.py SECONDS ARGUMENT…``: each answer takes SECONDS.
"""

import signal
import sys
import time
from contextlib import contextmanager

from conftest import FakeAssistant

from assistant.api.server import serve
from assistant.models.stopping import checkpoint
from tests.assistant.cli.steps import run_with

SECONDS = float(sys.argv[1])


class Announcing(FakeAssistant):
    """Says when it is closed."""

    def close(self):
        """Close, once."""
        super().close()
        sys.stdout.write("closed\n")


def _work(_question):
    sys.stdout.write("asked\n")
    sys.stdout.flush()
    check = checkpoint()
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        check()
        # One call of a model: that work is given up between two is what is tested.
        time.sleep(0.01)


@contextmanager
def _opener(_settings):
    yield lambda: Announcing(work=_work)


class ServingSteps:
    """The real steps, but for the models."""

    def serve(self, settings, *, host, port):
        """Serve a fake."""
        serve(settings, host=host, port=port, opener=_opener)


# A script that runs the tests in the background ignores SIGINT for all that it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(run_with(sys.argv[2:], ServingSteps()))
