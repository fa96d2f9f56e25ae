"""A log witness on loopback that answers as it is told to: falsely, hugely, slowly, or never.

Rule: knows HTTP and no more; what the lie says is made by whoever tells it to lie.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterable
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import Self

HEAD = 65_536
Pieces = Iterable[bytes]


def answer(status: int, body: bytes, kind: str = "text/plain", *headers: str) -> bytes:
    """A whole HTTP/1.1 answer."""
    lines = [f"HTTP/1.1 {status} x", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


class LyingWitness:
    """Listens, and answers each body that was sent with the pieces of ``lie``, ``pause_s`` between them.

    A lie without pieces is silence: the connection stays open until ``stop``. ``bodies`` is what it was sent.
    With ``tls`` it speaks https.
    """

    def __init__(
        self, lie: Callable[[bytes], Pieces], pause_s: float = 0.0, tls: ssl.SSLContext | None = None
    ) -> None:
        self.lie, self.bodies = lie, list[bytes]()
        self._tls = tls
        self._pause_s, self._over = pause_s, Event()
        self._lock = Lock()
        self._peers: list[socket.socket] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._threads = [Thread(target=self._listen, daemon=True)]

    @property
    def url(self) -> str:
        """Where it is asked."""
        scheme = "https" if self._tls else "http"
        return f"{scheme}://127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for one in (self._socket, *self._peers):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._socket.close()

    def _listen(self) -> None:
        while not self._over.is_set():
            try:
                peer, _ = self._socket.accept()
            except OSError:
                return
            if self._tls:
                peer = self._tls.wrap_socket(peer, server_side=True, do_handshake_on_connect=False)
            thread = Thread(target=self._serve, args=(peer,), daemon=True)
            with self._lock:
                self._peers.append(peer)
                self._threads.append(thread)
            thread.start()

    def _serve(self, peer: socket.socket) -> None:
        with peer, suppress(OSError), peer.makefile("rb") as stream:
            while (body := _body(stream.readline)) is not None and not self._over.is_set():
                octets = stream.read(body)
                with self._lock:
                    self.bodies.append(octets)
                silent = True
                for piece in self.lie(octets):
                    silent = False
                    peer.sendall(piece)
                    self._over.wait(self._pause_s)
                if silent:
                    self._over.wait()


def _body(readline: Callable[[int], bytes]) -> int | None:
    """Length of the body behind the head of a request, None at the end of the stream."""
    length = None
    while (line := readline(HEAD)).strip():
        length = length or 0
        name, _, value = line.decode("latin-1").partition(":")
        if name.lower() == "content-length":
            length = int(value)
    return length
