"""What every camera on a network has: a port on loopback, a thread a client, and a plug that can be pulled.

Rule 1: bounded: so many clients at once, nothing waits for a client for ever, everything ends with ``stop``.
Rule 2: a camera that is lost keeps its port from others, and refuses.
"""

from __future__ import annotations

import hmac
import socket
import struct
from abc import ABC, abstractmethod
from base64 import b64encode
from contextlib import suppress
from threading import Condition, Thread
from typing import ClassVar

from firmware_shims.cameras.feed import Feed

CLIENTS = 16
PATIENCE_S = 20.0
"""How long one read or write may take before a client is given up."""
FRAME_S = 5.0
"""How long a frame of one's own camera is waited for."""
HEAD = 16_384
DRIP_BYTES, DRIP_S = 256, 0.25
CHUNK = 65_536
ELSEWHERE = "file:///etc/passwd"
"""Where a camera that lies about what it is would like its reader to look."""
LOST = "lost"


class Sender(ABC):
    """Sends ``feed`` on a port of its own; ``wire`` is the fault of the wire, empty when there is none.

    With ``login`` (name and password) it sends only to those who know them (Basic, RFC 7617).
    """

    scheme: ClassVar[str]
    faults: ClassVar[tuple[str, ...]]
    at_open: ClassVar[tuple[str, ...]]

    def __init__(self, feed: Feed, login: tuple[str, str] | None = None) -> None:
        self.feed, self.login = feed, login
        self.wire = ""
        self._turn = Condition()
        self._over = False
        self._peers: dict[socket.socket, Thread] = {}
        self._port = 0
        self._listener = self._bound()
        self._port = self._listener.getsockname()[1]
        self._thread: Thread | None = None

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self._port}"

    def start(self) -> None:
        """Listen."""
        self._listen()

    def stop(self) -> None:
        """End, whatever it is in the middle of."""
        with self._turn:
            self._over = True
            self._turn.notify_all()
        self._deaf()
        self.cut()
        for thread in list(self._peers.values()):
            thread.join()

    @property
    def over(self) -> bool:
        """Whether it was stopped."""
        with self._turn:
            return self._over

    @property
    def gone(self) -> bool:
        """Whether whoever looks on now is to be left alone."""
        return self.wire == LOST or self.wire in self.at_open

    def behave(self, wire: str = "") -> None:
        """Behave like this on the wire from now on: ``lost`` refuses, empty is a good camera."""
        was = self.wire
        with self._turn:
            self.wire = wire
            self._turn.notify_all()
        if wire == LOST:
            self._deaf()
            self._listener = self._bound()
            self.cut()
        elif was == LOST:
            self._listen()
        if wire in self.at_open:
            self.cut()

    def wait_other(self, wire: str, timeout: float | None = None) -> bool:
        """Wait until it is to behave otherwise, or to stop; whether it is."""
        with self._turn:
            return self._turn.wait_for(lambda: self._over or self.wire != wire, timeout)

    def cut(self, *, reset: bool = False) -> None:
        """Close every connection, with a RST if so told."""
        for peer in list(self._peers):
            with suppress(OSError):
                if reset:
                    reset_on_close(peer)
                peer.shutdown(socket.SHUT_RDWR)

    @abstractmethod
    def serve(self, peer: socket.socket) -> None:
        """Serve one client until it goes; OSError is the end of it."""

    def _bound(self) -> socket.socket:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self._port))
        return listener

    def _listen(self) -> None:
        self._listener.listen(CLIENTS)
        self._thread = Thread(
            target=self._accept, args=(self._listener,), name=f"shim-{self.scheme}", daemon=True
        )
        self._thread.start()

    def _deaf(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        if self._thread:
            self._thread.join()
            self._thread = None

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            with self._turn:
                if self._over or len(self._peers) >= CLIENTS:
                    peer.close()
                    continue
                peer.settimeout(PATIENCE_S)
                thread = Thread(target=self._talk, args=(peer,), name=f"shim-{self.scheme}-peer", daemon=True)
                self._peers[peer] = thread
            thread.start()

    def _talk(self, peer: socket.socket) -> None:
        try:
            with suppress(OSError):
                self.serve(peer)
        finally:
            with self._turn:
                self._peers.pop(peer, None)
            peer.close()


def reset_on_close(peer: socket.socket) -> None:
    """Let the next close be a RST instead of a farewell (RFC 9293, 3.5.3)."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def may(authorisation: str, login: tuple[str, str] | None) -> bool:
    """Whether somebody with this header knows the login, if there is one."""
    if login is None:
        return True
    right = "Basic " + b64encode(":".join(login).encode()).decode()
    return hmac.compare_digest(authorisation.encode("latin-1", "replace"), right.encode())


def head(peer: socket.socket) -> bytes | None:
    """The head of a request to its empty line; None when the client goes, or has more than it may."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = peer.recv(4096)
        data += more
        if not more or len(data) > HEAD:
            return None
    return data
