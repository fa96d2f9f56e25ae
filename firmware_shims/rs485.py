"""An RS-485 pair made of ptys: what one port says, all others hear. Rule 1: it carries bytes, not meanings.

Rule 2: it never blocks: a port that does not read loses bytes, as a UART does when it overruns.

    hub = Rs485Hub(3)          the panel opens hub.names[0], peripherals hub.names[1] and hub.names[2]
    hub.mangle = spoil         changes, drops (empty) or merely watches every burst
    hub.cut(1)  hub.splice(1)  the wires of one port
    hub.stall(1)  hub.flow(1)  what the port says arrives late, all at once
    hub.say(data)              somebody else speaks on the pair
    hub.pull(0)                the adapter of one port is gone, with its device
    Rs485Hub(3, baud=115200)   every burst takes its time on the wire
"""

from __future__ import annotations

import os
import pty
import tty
from contextlib import suppress
from selectors import EVENT_READ, BaseSelector, DefaultSelector
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable

    Mangle = Callable[[int, bytes], bytes]

BURST = 4096
CLOSE = 255


class Rs485Hub:
    """A pair of wires with ``ports`` connectors. ``names`` are their devices, to open as serial ports.

    ``mangle`` gets the port number and each burst it sent, and gives what the others hear; it runs on the
    hub's thread. With ``baud`` a burst arrives whole, when its last bit has. ``close`` pulls all plugs:
    whoever has a port open gets an input/output error.
    """

    def __init__(self, ports: int, *, baud: int | None = None) -> None:
        self._byte_time = 10 / baud if baud else 0.0
        self._never = Event()
        self.mangle: Mangle | None = None
        self._pairs = {port: pty.openpty() for port in range(ports)}
        self.names = tuple(os.ttyname(there) for _, there in self._pairs.values())
        self._lock = Lock()
        self._cut: set[int] = set()
        self._held: dict[int, bytes] = {}
        self._wake = os.pipe()
        for here, there in self._pairs.values():
            tty.setraw(there)
            os.set_blocking(here, False)
        self._thread = Thread(target=self._run, name="rs485 hub", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def cut(self, port: int) -> None:
        """Cuts the wires of one port: it neither hears nor is heard."""
        with self._lock:
            self._cut.add(port)

    def splice(self, port: int) -> None:
        """Joins the wires of one port again."""
        with self._lock:
            self._cut.discard(port)

    def stall(self, port: int) -> None:
        """Holds back what this port says."""
        with self._lock:
            self._held.setdefault(port, b"")

    def flow(self, port: int) -> None:
        """Lets go what ``stall`` held back, all at once."""
        with self._lock:
            held = self._held.pop(port, b"")
        self.say(held, port)

    def say(self, data: bytes, port: int = -1) -> None:
        """Puts bytes on the pair as if ``port`` had sent them; by default as somebody who has no port."""
        with self._lock:
            for other, (here, _) in self._pairs.items():
                if other != port and not self._cut & {port, other}:
                    _push(here, data)

    def pull(self, port: int) -> None:
        """Pulls the adapter of one port out, for good: whoever has it open gets an input/output error."""
        os.write(self._wake[1], bytes([port]))

    def close(self) -> None:
        """Ends the hub; its ports are gone."""
        if self._thread.is_alive():
            os.write(self._wake[1], bytes([CLOSE]))
            self._thread.join()
            for descriptor in (*self._wake, *(one for pair in self._pairs.values() for one in pair)):
                os.close(descriptor)

    def _run(self) -> None:
        with DefaultSelector() as selector:
            selector.register(self._wake[0], EVENT_READ, CLOSE)
            for port, (here, _) in self._pairs.items():
                selector.register(here, EVENT_READ, port)
            while all(self._served(selector, key.data, key.fd) for key, _ in selector.select()):
                pass

    def _served(self, selector: BaseSelector, port: int, descriptor: int) -> bool:
        """Carries what one port said, or obeys an order; False when the order was to close."""
        if port == CLOSE:
            return self._obeyed(selector)
        if port in self._pairs:
            self._carry(port, os.read(descriptor, BURST))
        return True

    def _obeyed(self, selector: BaseSelector) -> bool:
        port = os.read(self._wake[0], 1)[0]
        if port == CLOSE:
            return False
        with self._lock:
            here, there = self._pairs.pop(port)
        selector.unregister(here)
        os.close(here)
        os.close(there)
        return True

    def _carry(self, port: int, data: bytes) -> None:
        if self.mangle is not None:
            data = self.mangle(port, data)
        if self._byte_time:
            self._never.wait(self._byte_time * len(data))
        with self._lock:
            if port in self._held:
                self._held[port] = (self._held[port] + data)[-BURST:]
                return
        self.say(data, port)


def _push(descriptor: int, data: bytes) -> None:
    with suppress(BlockingIOError):
        os.write(descriptor, data)
