"""The console's server: Granian with TLS and HTTP/2, one worker, a thread for every stream and more.

Rule 1: one worker, because live.py has one ring; HTTP/2 carries all streams of a browser (RFC 9113).
Rule 2: the worker holds the reading end of a pipe; when that ends, so does it, whatever ended the parent.
"""

from __future__ import annotations

import logging
import os
import resource
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings, HTTP2Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from controller.errors import ConfigError
from web.factory import create_app
from web.live import Live
from web.settings import Settings
from web.slow_bodies import SlowBodies

PAGES = 32
"""Threads for pages, beside one for every stream."""
CONNECTIONS = 4_000
"""Connections at a time: each costs a file and no thread; the fewer, the sooner idle ones shut all out."""
STOP_S = 2
GRACE_S = 1.0
LOOK_S = 0.05
FILES = 500
"""Files beside the connections."""
HEADERS = 32 << 10
PKCS8 = b"-----BEGIN PRIVATE KEY-----"


class _Server(MPServer):
    """Granian, which lets go of the leash before it asks its worker to end."""

    leash = -1

    def shutdown(self, exit_code: int = 0) -> None:
        """Let streams end first, so that the worker can stop at once."""
        os.close(self.leash)
        super().shutdown(exit_code)  # type: ignore[no-untyped-call]


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; raises ConfigError for files that cannot be used."""
    for file in (settings.certificate, settings.key):
        _require(file)
    _require_pkcs8(settings.key)
    create_app(settings)  # what is wrong with the pages is said here, not by a worker that will not start
    reading, writing = os.pipe()
    server = _Server(
        "web",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=settings.streams + PAGES,
        backpressure=CONNECTIONS,
        http=HTTPModes.auto,
        http1_settings=HTTP1Settings(header_read_timeout=10_000, max_buffer_size=HEADERS * 2),
        http2_settings=HTTP2Settings(max_headers_size=HEADERS, max_concurrent_streams=100),
        websockets=False,
        log_level=LogLevels.error,
        ssl_cert=settings.certificate,
        ssl_key=settings.key,
        workers_kill_timeout=STOP_S,
    )
    server.leash = writing
    server.serve(target_loader=partial(_loaded, settings, reading, writing, os.getpid()), wrap_loader=False)


def _loaded(settings: Settings, reading: int, writing: int, parent: int) -> Any:
    """Make the app in the worker, whose parent may have been killed by now."""
    os.close(writing)
    _allow_files(CONNECTIONS + FILES)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    app = create_app(settings)
    app.wsgi_app = SlowBodies(app.wsgi_app)  # type: ignore[method-assign]  # Flask's own way (its documentation)
    live: Live = app.extensions["live"]
    live.start()
    threading.Thread(target=_end_with_parent, args=(reading, live, parent), daemon=True).start()
    return app


def _end_with_parent(reading: int, live: Live, parent: int) -> None:
    """Nothing is ever written into the pipe: its end is the parent's, or that the parent is about to end.

    Then the parent asks the worker to end, and has to be given the time for it; a parent that is killed
    meanwhile asks nobody.
    """
    os.read(reading, 1)
    live.stop()
    last = time.monotonic() + STOP_S + GRACE_S
    while os.getppid() == parent and time.monotonic() < last:
        threading.Event().wait(LOOK_S)
    os._exit(1)


def _allow_files(wanted: int) -> None:
    """Let this process have so many open files, as far as the system lets it."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if most == resource.RLIM_INFINITY else most
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(now, min(wanted, most)), most))


def _require(file: Path | None) -> None:
    if file is not None:
        try:
            file.open("rb").close()
        except OSError as error:
            raise ConfigError(f"{file}: it cannot be read ({error.strerror})") from None


def _require_pkcs8(key: Path | None) -> None:
    if key is not None and PKCS8 not in key.read_bytes():
        raise ConfigError(f"{key}: the key has to be PKCS#8 without a password, as `ironroom tls` writes it")
