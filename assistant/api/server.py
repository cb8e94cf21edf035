"""``footnote serve``: open the index, bind the address, answer until told to stop.

Owns the life of the server process. The only file that knows uvicorn.
"""

import math
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from functools import partial
from ipaddress import ip_address
from typing import NoReturn

import structlog
import uvicorn

from assistant.answering import opening
from assistant.api.app import create_app
from assistant.api.work.connections import limited
from assistant.api.work.listening import address, bind
from assistant.api.work.live import Answers, LiveAssistant
from assistant.api.work.logs import configure
from assistant.refusal.kept import version
from assistant.settings import Settings

log = structlog.get_logger(__name__)


def serve(
    settings: Settings,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    opener: Callable[[Settings], AbstractContextManager[Callable[[], Answers]]] = opening,
) -> None:
    """Serve until interrupted; port 0 takes any free port, which the log names.

    Raises ``FootnoteError`` when the index, the models, a setting or the address cannot be used;
    ``KeyboardInterrupt`` after SIGINT and ``SystemExit(0)`` after SIGTERM, both once what was
    accepted is answered, or after ``grace`` seconds.
    """
    configure()
    published = partial(version, settings.index)
    with opener(settings) as open_next, closing(LiveAssistant(open_next, published)) as live:
        app = create_app(reachable(settings, host), live)
        with closing(bind(host, port)) as listener:
            config = uvicorn.Config(
                app,
                http=limited(patience=settings.patience, most=settings.connections),
                ws="none",
                log_config=None,
                access_log=False,
                server_header=False,
                # An address that a client claims to have is believed only when told to.
                proxy_headers=False,
                timeout_graceful_shutdown=math.ceil(settings.grace),
            )
            # uvicorn finishes its work, then hands the signal to whoever handled it before.
            signal.signal(signal.SIGTERM, _stop)
            # What tells a server to read its configuration again tells this one to look for a
            # newer index; nothing that is being answered notices.
            signal.signal(signal.SIGHUP, lambda _signal, _frame: live.look_again())
            log.info("listening", url=address(listener), index_id=live.index_id)
            uvicorn.Server(config).run(sockets=[listener])


def reachable(settings: Settings, host: str) -> Settings:
    """Return the settings with ``host`` among the allowed hosts, unless it means every address.

    Whoever is given an address to listen on is meant to answer there, and no page can make a
    browser send the name or number of this very machine unless it was loaded from it.
    """
    if _is_every_address(host):
        return settings
    return settings.model_copy(update={"allowed_hosts": [*settings.allowed_hosts, host]})


def _is_every_address(host: str) -> bool:
    try:
        return not host or ip_address(host).is_unspecified
    except ValueError:  # a name
        return False


def _stop(_signal: int, _frame: object) -> NoReturn:
    sys.exit(0)
