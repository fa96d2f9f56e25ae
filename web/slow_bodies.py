"""Requests whose body does not come: their connection is ended. Rule: a body has its time, as a header has.

Granian gives a request to a thread as soon as its header is there, and waits for the body as long as the
browser likes: whoever sends one byte and then nothing holds a thread, and with a hundred such requests the
console. So one address may bring a few bodies at a time, all together fewer than there are threads, and
who is late is hung up on.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

OF_ONE, OF_ALL = 8, 24
"""Requests with a body at the same time, of one address and of all."""
BODY_S = 10.0
"""Seconds that a body may take, and one more for each SLOWEST bytes of it."""
SLOWEST = 200_000
LOOK_S = 1.0
BARE = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN_FILES = Path("/proc/self/fd")
R = TypeVar("R")
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class SlowBodies:
    """A WSGI application around another one (PEP 3333); its watch ends with the process."""

    def __init__(self, inner: Wsgi) -> None:
        self._inner, self._lock = inner, threading.Lock()
        self._begun = Counter[str]()
        self._due: dict[object, tuple[float, str]] = {}
        self._watching = False

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Serve one request; its body is watched while it is read."""
        peer = str(environ.get("REMOTE_ADDR", ""))
        length = environ.get("CONTENT_LENGTH") or "0"
        size = int(length) if length.isdecimal() and len(length) < 16 else 0
        environ["wsgi.input"] = _Body(self, environ["wsgi.input"], peer, BODY_S + size / SLOWEST)
        if not size and "HTTP_TRANSFER_ENCODING" not in environ and environ["REQUEST_METHOD"] in BARE:
            return self._inner(environ, start_response)
        if not self._take(peer):
            start_response("503 Service Unavailable", [("Retry-After", "3"), ("Content-Length", "0")])
            return []
        try:
            return self._inner(environ, start_response)
        finally:
            self._give_back(peer)

    def _take(self, peer: str) -> bool:
        with self._lock:
            if self._begun[peer] >= OF_ONE or self._begun.total() >= OF_ALL:
                return False
            self._begun[peer] += 1
            return True

    def _give_back(self, peer: str) -> None:
        with self._lock:
            self._begun[peer] -= 1
            self._begun += Counter()  # drops whoever has none

    def begin(self, token: object, peer: str, seconds: float) -> None:
        """A body of a peer is read from now on."""
        with self._lock:
            self._due[token] = (time.monotonic() + seconds, peer)
            if not self._watching:
                self._watching = True
                threading.Thread(target=self._watch, name="slow bodies", daemon=True).start()

    def end(self, token: object) -> None:
        """It was read, or not."""
        with self._lock:
            self._due.pop(token, None)

    def overdue(self, now: float) -> set[str]:
        """Peers whose body should have come by now."""
        with self._lock:
            return {peer for due, peer in self._due.values() if now >= due}

    def _watch(self) -> None:
        pause = threading.Event()
        while not pause.wait(LOOK_S):
            if slow := self.overdue(time.monotonic()):
                hang_up(slow)


class _Body:
    """The input of one request (PEP 3333), watched from the first read on."""

    def __init__(self, watch: SlowBodies, inner: Any, peer: str, seconds: float) -> None:
        self._watch, self._inner, self._peer = watch, inner, peer
        self._until = time.monotonic() + seconds

    def read(self, size: int = -1) -> bytes:
        """Bytes of the body."""
        found: bytes = self._watched(self._inner.read, size)
        return found

    def readline(self, size: int = -1) -> bytes:
        """One line of it."""
        line: bytes = self._watched(self._inner.readline, size)
        return line

    def readlines(self, hint: int = -1) -> list[bytes]:
        """All lines of it."""
        lines: list[bytes] = self._watched(self._inner.readlines, hint)
        return lines

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readlines())

    def _watched(self, read: Callable[[int], R], size: int) -> R:
        token = object()
        self._watch.begin(token, self._peer, self._until - time.monotonic())
        try:
            return read(size)
        finally:
            self._watch.end(token)


def hang_up(peers: set[str]) -> int:
    """End every connection of this process with one of these addresses; answers how many there were.

    Granian does not tell which connection a request came on; a browser that loses its others comes back.
    """
    ended = 0
    for entry in OPEN_FILES.iterdir():
        with suppress(OSError):  # a file, or one that was closed meanwhile
            if not str(entry.readlink()).startswith("socket:"):
                continue
            with socket.socket(fileno=os.dup(int(entry.name))) as line:
                if line.family in (socket.AF_INET, socket.AF_INET6) and line.getpeername()[0] in peers:
                    line.shutdown(socket.SHUT_RDWR)
                    ended += 1
    return ended
