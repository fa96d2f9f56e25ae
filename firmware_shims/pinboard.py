"""The world on the other side of the pins: what the field drives, what the controller commands.

Rule 1: a line belongs to one controller at a time; a second one is told that it is busy.
Rule 2: when a controller dies its outputs keep their last level, the worst case, and the next
controller is greeted with the inputs as they are now.
Rule 3: a pin that nobody drives follows its resistor: the claimed one, else the chip's own at reset
(up for BCM 0-8, down for 9-27).
"""

import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from firmware_shims.pin_wire import PINS, Op, Packet, PullBit, decode

Listener = Callable[[int, bool], None]
HISTORY = 100_000
BACKLOG = 4096


class _Controller:
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


class PinBoard:
    """The pins of one Raspberry Pi, seen from the field. Use it as a context manager.

    ``listeners`` are called with (bcm, level) at each change of a commanded level, on the thread that
    received it, so they must not call the controller; ``history`` keeps (monotonic second, bcm, level) of
    the newest 100,000.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        self.listeners: list[Listener] = []
        self.history: deque[tuple[float, int, bool]] = deque(maxlen=HISTORY)
        self._driven: dict[int, int] = {}
        self._commanded: dict[int, int] = {}
        self._pulls: dict[int, PullBit] = {}
        self._controllers: list[_Controller] = []
        self._changed = threading.Condition(threading.RLock())
        self._server = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._server.bind(self.path)
        self._server.listen()
        self._threads = [threading.Thread(target=self._accept, name="pinboard", daemon=True)]
        self._threads[0].start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up on every controller and take the socket away."""
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self.disconnect()
        for thread in list(self._threads):
            thread.join()
        Path(self.path).unlink(missing_ok=True)

    def disconnect(self) -> None:
        """Pull the pins out from under every controller; new ones are welcome."""
        with self._changed:
            controllers = list(self._controllers)
        for controller in controllers:
            controller.hang_up()

    def drive(self, bcm: int, level: int | None) -> None:
        """What the field does to a pin: 0, 1, or None to let go of it."""
        with self._changed:
            if level is None:
                self._driven.pop(bcm, None)
            else:
                self._driven[bcm] = int(bool(level))
            self._announce(bcm)

    def level(self, bcm: int) -> bool:
        """What the controller commands on an output, else what an input reads."""
        with self._changed:
            return bool(self._commanded.get(bcm, self._input(bcm)))

    def wait(self, bcm: int, level: int, timeout: float) -> bool:
        """Wait until a pin is at a level; whether it came to that within ``timeout`` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self.level(bcm) == bool(level), timeout)

    def wait_controllers(self, count: int, timeout: float) -> bool:
        """Wait until so many controllers are connected."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._controllers) == count, timeout)

    def _input(self, bcm: int) -> int:
        pull = self._pulls.get(bcm, PullBit.UP if bcm <= 8 else PullBit.DOWN)
        # A pin with no resistor and no driver floats; BCM 2 and 3 have one soldered to the board.
        floating = int(bcm in {2, 3}) if pull is PullBit.NONE else int(pull is PullBit.UP)
        return self._driven.get(bcm, floating)

    def _announce(self, bcm: int) -> None:
        for controller in self._controllers:
            controller.tell(Packet(Op.LEVEL, bcm, self._input(bcm)))

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._server.accept()
                thread = threading.Thread(
                    target=self._serve, args=(connection,), name="pinboard-pins", daemon=True
                )
                self._threads = [*(old for old in self._threads if old.is_alive()), thread]
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        controller = _Controller(connection)
        sender = threading.Thread(target=controller.send_news, name="pinboard-news", daemon=True)
        self._greet(controller)
        sender.start()
        with connection, suppress(OSError):
            while data := connection.recv(16):
                self._heard(controller, decode(data))
        controller.hang_up()
        sender.join()
        with self._changed:
            self._controllers.remove(controller)
            self._changed.notify_all()

    def _greet(self, controller: _Controller) -> None:
        with self._changed:
            for bcm in range(PINS):
                controller.tell(Packet(Op.LEVEL, bcm, self._input(bcm)))
            controller.tell(Packet(Op.REPLY))
            self._controllers.append(controller)
            self._changed.notify_all()

    def _heard(self, controller: _Controller, packet: Packet) -> None:
        with self._changed:
            moved = self._obeyed(controller, packet)
            self._changed.notify_all()
        for listener in list(self.listeners) if moved else []:
            listener(packet.bcm, bool(packet.value))

    def _obeyed(self, controller: _Controller, packet: Packet) -> bool:
        busy = any(packet.bcm in other.owns for other in self._controllers if other is not controller)
        moved = False if busy else self._done(controller, packet)
        controller.tell(Packet(Op.REPLY, packet.bcm, int(busy)))
        return moved

    def _done(self, controller: _Controller, packet: Packet) -> bool:
        if packet.op is Op.WRITE:
            return packet.bcm in controller.owns and self._command(packet.bcm, packet.value)
        if packet.op is Op.FREE:
            controller.owns.discard(packet.bcm)
            return False
        controller.owns.add(packet.bcm)
        return self._configure(packet)

    def _configure(self, packet: Packet) -> bool:
        if packet.op is Op.CLAIM_OUTPUT:
            return self._command(packet.bcm, packet.value)
        self._pulls[packet.bcm] = PullBit(packet.value)
        self._commanded.pop(packet.bcm, None)
        self._announce(packet.bcm)
        return False

    def _command(self, bcm: int, level: int) -> bool:
        before = self._commanded.get(bcm, self._input(bcm))
        self._commanded[bcm] = level
        if before != level:
            self.history.append((time.monotonic(), bcm, bool(level)))
        return before != level
