"""One controller that is connected to the world of pins: what it owns, and what is still to be told to it.

Rule 1: telling never blocks and is bounded; the last level of every pin always arrives.
"""

import socket
import threading
from collections import deque
from contextlib import suppress

from firmware_shims.pin_wire import Op, Packet

BACKLOG = 4096


class Caller:
    """One connected controller: what it owns, and what is still to be told to it."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.owns: set[int] = set()
        self._news: deque[Packet] = deque()
        self._some = threading.Condition()
        self._open = True

    def tell(self, packet: Packet) -> None:
        """Queue a packet; never blocks, so a frozen controller cannot hold the world.

        When too much waits, the pin's older changes are lost, never its last: as in a kernel's buffer.
        """
        with self._some:
            if len(self._news) >= BACKLOG:
                self._news = deque(old for old in self._news if old.op is Op.REPLY or old.bcm != packet.bcm)
            self._news.append(packet)
            self._some.notify()

    def send_news(self) -> None:
        """Send what is queued until the controller is gone."""
        with suppress(OSError):
            while packet := self._next():
                self.connection.send(packet.encode())

    def hang_up(self) -> None:
        """End the connection and the sending."""
        with self._some:
            self._open = False
            self._some.notify()
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _next(self) -> Packet | None:
        with self._some:
            self._some.wait_for(lambda: self._news or not self._open)
            return self._news.popleft() if self._open else None
