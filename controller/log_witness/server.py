"""The log witness on a socket. Rule: everything a peer can make large, many or slow has a limit here."""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from waitress import create_server, wasyncore
from waitress.channel import HTTPChannel

from controller.errors import LogBusy, UserMistake
from controller.ledger.formats.witness_wire import REQUEST_BYTES
from controller.ledger.private import private_file
from controller.log_witness.app import App, Application
from controller.log_witness.key import load_key
from controller.log_witness.memory import Memory
from controller.log_witness.trusted import Trusted, begin_list

LOCK = "witness.lock"
PORT = 7380
REQUEST_S = 10
"""A request must be whole within this time, and a connection is not kept longer without one."""

_LOOK_S = 1.0
_LIMITS = {
    "threads": 4,
    "connection_limit": 64,
    "backlog": 64,
    "channel_timeout": REQUEST_S,
    "cleanup_interval": 2,
    "max_request_header_size": 8192,
    "max_request_body_size": REQUEST_BYTES,
    "inbuf_overflow": REQUEST_BYTES + 1,
    "ident": None,
    "clear_untrusted_proxy_headers": True,
    "expose_tracebacks": False,
}


# Waitress warns of every request that waits for a thread; the guard is told of what matters elsewhere.
logging.getLogger("waitress.queue").setLevel(logging.ERROR)


class _Channel(HTTPChannel):  # type: ignore[misc] # waitress has no types
    """A connection on which half a request is no sign of life: drops in time cannot keep it open."""

    last_activity: float

    def handle_read(self) -> None:
        before, midway = self.last_activity, self.request is not None
        super().handle_read()
        if midway and self.request is not None:
            self.last_activity = before


class Server:
    """A log witness that has its socket and its folder: `run` serves, `stop` ends that from any thread."""

    def __init__(self, app: Application, host: str, port: int) -> None:
        self._map: dict[int, Any] = {}
        self._stopping = False
        try:
            self._server = create_server(app, map=self._map, host=host, port=port, **_LIMITS)
        except (OSError, ValueError) as error:
            self._close_all()
            raise UserMistake(f"{host}:{port}: this address cannot be listened on ({error})") from error
        self._server.channel_class = _Channel

    @property
    def address(self) -> str:
        """ADDRESS:PORT, with the port that was found where any was asked for."""
        return f"{self._server.effective_host}:{self._server.effective_port}"

    def run(self) -> None:
        """Serve until `stop`, or until a signal's handler raises SystemExit in this thread."""
        with suppress(SystemExit):
            while not self._stopping:
                wasyncore.loop(timeout=_LOOK_S, use_poll=True, map=self._map, count=1)

    def stop(self) -> None:
        """Let `run` return; before `close`."""
        self._stopping = True
        self._server.pull_trigger()

    def close(self) -> None:
        """Hang up on everybody and let go of the socket, after `run` has returned."""
        self._close_all()
        self._server.task_dispatcher.shutdown()

    def _close_all(self) -> None:
        wasyncore.close_all(self._map)


@contextmanager
def listening(folder: Path, host: str = "127.0.0.1", port: int = PORT) -> Iterator[Server]:
    """A server on this address (port 0: any free one) for this folder, which has a key.

    Raises LogMissing without a key, LogBusy when another process serves this folder, LogExposed,
    FormatRefused for a wrong list of logs, UserMistake when the address cannot be had.
    """
    cosigner = load_key(folder)
    with _alone(folder):
        server = Server(App(Memory(folder), Trusted(begin_list(folder)), cosigner), host, port)
        try:
            yield server
        finally:
            server.close()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    file = folder / LOCK
    private_file(file)
    descriptor = os.open(file, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise LogBusy(f"{folder}: another process is this log witness; there is one for a folder") from None
    finally:
        os.close(descriptor)
