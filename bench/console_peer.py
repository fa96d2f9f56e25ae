"""A page of the same size from the same server with nothing behind it: what TLS and Granian cost alone.

Rule: server, threads and certificate as those of the console (web/serving.py). In use:
``python -m bench.console_peer PORT CERTIFICATE KEY BYTES``.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from bench.console_house import HERE
from controller.leashed import put_on

THREADS = 96
LOOK_S = 0.5


def main() -> None:
    """Serve until the end."""
    put_on()
    port, certificate, key, size = sys.argv[1:]
    server = MPServer(
        "peer",
        address=HERE,
        port=int(port),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        http=HTTPModes.auto,
        log_level=LogLevels.error,
        ssl_cert=Path(certificate),
        ssl_key=Path(key),
        workers_kill_timeout=1,
    )
    server.serve(target_loader=partial(_loaded, int(size), os.getpid()), wrap_loader=False)


def _loaded(size: int, parent: int) -> Callable[..., Iterable[bytes]]:
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    page = b"<!doctype html>".ljust(size)

    def app(_: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
        start("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(size))])
        return [page]

    return app


def _end_with(parent: int) -> None:
    """A parent that is killed while its worker starts asks nobody to end."""
    while os.getppid() == parent:
        threading.Event().wait(LOOK_S)
    os._exit(0)


if __name__ == "__main__":
    main()
