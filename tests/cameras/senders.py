"""Cameras of bytes: every test says itself what its camera sends. Rule: real sockets, on loopback only."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from time import monotonic
from typing import Any

import numpy as np

from hardware.cameras.address import Address
from hardware.cameras.capture import Camera, Health, Patience
from hardware.cameras.ring import Ring
from hardware.cameras.stream import Timeouts

LONG_S = 30.0
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=b\r\n\r\n"
QUICK = Patience(
    timeouts=Timeouts(open_s=1.0, read_s=0.6),
    first_s=0.05,
    longest_s=0.2,
    fault_after_s=1.0,
)


def part(jpeg: bytes, length: int | None = None) -> bytes:
    size = len(jpeg) if length is None else length
    return b"--b\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % size + jpeg + b"\r\n"


def drawn(seed: int, width: int = 160, height: int = 96) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Coarse noise: it has edges, compresses like a photograph and differs with every seed."""
    dice = np.random.default_rng(seed)
    coarse = dice.integers(0, 256, (-(-height // 8), -(-width // 8), 3), dtype=np.uint8)
    return np.ascontiguousarray(coarse.repeat(8, 0).repeat(8, 1)[:height, :width])


@dataclass
class Peer:
    """One connection of a camera, after the head of the request came."""

    link: socket.socket
    over: Event
    number: int
    asked: bytes
    heard: list[bytes]

    def send(self, data: bytes) -> None:
        self.link.sendall(data)

    def wait(self, seconds: float = LONG_S) -> None:
        """Nothing for a while; ends at once with the test."""
        if self.over.wait(seconds):
            raise ConnectionAbortedError

    def stream(self, jpegs: list[bytes], per_second: float = 20, times: int = 1_000_000) -> None:
        self.send(HEAD)
        for turn in range(times):
            self.send(part(jpegs[turn % len(jpegs)]))
            self.wait(1 / per_second)


@dataclass
class Wire:
    """A listening socket on loopback; ``serve`` is what the camera does with each connection."""

    serve: Callable[[Peer], None]
    asked: list[bytes] = field(default_factory=list)
    over: Event = field(default_factory=Event)
    links: list[socket.socket] = field(default_factory=list)
    threads: list[Thread] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.begin(self._accept)

    def url(self, scheme: str = "http", path: str = "/video") -> str:
        return f"{scheme}://127.0.0.1:{self.port}{path}"

    def address(self, scheme: str = "http", path: str = "/video") -> Address:
        return Address.parsed(self.url(scheme, path))

    def begin(self, target: Callable[..., None], *args: object) -> None:
        thread = Thread(target=target, args=args, daemon=True)
        self.threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                link, _ = self.listener.accept()
                self.links.append(link)
                self.begin(self._talk, link, len(self.links))

    def _talk(self, link: socket.socket, number: int) -> None:
        with link, suppress(OSError):
            asked = b""
            while b"\r\n\r\n" not in asked:
                more = link.recv(4096)
                if not more:
                    return
                asked += more
            self.asked.append(asked)
            self.serve(Peer(link, self.over, number, asked, self.asked))

    def stop(self) -> None:
        self.over.set()
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for link in self.links:
            with suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join(LONG_S)


@dataclass
class Watched:
    """A camera that runs, and the wire it looks at."""

    camera: Camera
    wire: Wire

    @property
    def ring(self) -> Ring:
        return self.camera.ring

    def becomes(self, *states: str) -> Health:
        return self.until(lambda health: health.state in states)

    def until(self, true: Callable[[Health], bool]) -> Health:
        end = monotonic() + LONG_S
        while not true(health := self.camera.health()):
            assert monotonic() < end, health
            Event().wait(0.01)
        return health
