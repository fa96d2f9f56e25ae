"""The world on the other side of the pins: what the field drives, what the controller commands.

Rule 1: a line belongs to one controller at a time; a second one is told that it is busy.
Rule 2: when a controller dies its outputs keep their last level, the worst case, and the next
controller is greeted with the inputs as they are now.
Rule 3: a pin that nobody drives follows its resistor: the claimed one, else the chip's own at reset
(up for BCM 0-8, down for 9-27).
Rule 4: a chip that lost its supply for a moment has forgotten every direction and resistor, and nobody is
told: what is written to such a pin moves nothing until it is claimed as an output again.
"""

import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from firmware_shims.pin_caller import Caller
from firmware_shims.pin_wire import PINS, Op, Packet, PullBit, decode

Listener = Callable[[int, bool], None]
HISTORY = 100_000


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
        self._shorted: dict[int, int] = {}
        self._pulls: dict[int, PullBit] = {}
        self._controllers: list[Caller] = []
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

    def brown_out(self) -> None:
        """The supply dips: every pin falls back to its state at reset, and the controllers live on."""
        with self._changed:
            before = dict(self._commanded)
            self._commanded.clear()
            self._pulls.clear()
            fallen = [bcm for bcm, level in before.items() if self._note(bcm, level)]
            for bcm in range(PINS):
                self._announce(bcm)
            self._changed.notify_all()
        self._listeners_hear(fallen)

    def power_cut(self) -> None:
        """The supply goes: every pin falls back to its state at reset, and every controller is cut off."""
        self.brown_out()
        self.disconnect()

    def short(self, bcm: int, level: int | None) -> None:
        """Hold a pin at a level whatever is commanded, as a short circuit does; None mends it."""
        with self._changed:
            before = self._standing(bcm)
            if level is None:
                self._shorted.pop(bcm, None)
            else:
                self._shorted[bcm] = int(bool(level))
            moved = self._note(bcm, before)
            self._announce(bcm)
            self._changed.notify_all()
        self._listeners_hear([bcm] if moved else [])

    def drive(self, bcm: int, level: int | None) -> None:
        """What the field does to a pin: 0, 1, or None to let go of it."""
        with self._changed:
            if level is None:
                self._driven.pop(bcm, None)
            else:
                self._driven[bcm] = int(bool(level))
            self._announce(bcm)

    def level(self, bcm: int) -> bool:
        """What stands at a pin: a short, else what is commanded on an output, else what an input reads."""
        with self._changed:
            return bool(self._standing(bcm))

    def wait(self, bcm: int, level: int, timeout: float) -> bool:
        """Wait until a pin is at a level; whether it came to that within ``timeout`` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self.level(bcm) == bool(level), timeout)

    def wait_controllers(self, count: int, timeout: float) -> bool:
        """Wait until so many controllers are connected."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._controllers) == count, timeout)

    def _standing(self, bcm: int) -> int:
        return self._shorted.get(bcm, self._commanded.get(bcm, self._input(bcm)))

    def _input(self, bcm: int) -> int:
        pull = self._pulls.get(bcm, PullBit.UP if bcm <= 8 else PullBit.DOWN)
        # A pin with no resistor and no driver floats; BCM 2 and 3 have one soldered to the board.
        floating = int(bcm in {2, 3}) if pull is PullBit.NONE else int(pull is PullBit.UP)
        return self._driven.get(bcm, floating)

    def _announce(self, bcm: int) -> None:
        for controller in self._controllers:
            controller.tell(Packet(Op.LEVEL, bcm, self._standing(bcm)))

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
        controller = Caller(connection)
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

    def _greet(self, controller: Caller) -> None:
        with self._changed:
            for bcm in range(PINS):
                controller.tell(Packet(Op.LEVEL, bcm, self._standing(bcm)))
            controller.tell(Packet(Op.REPLY))
            self._controllers.append(controller)
            self._changed.notify_all()

    def _heard(self, controller: Caller, packet: Packet) -> None:
        with self._changed:
            moved = self._obeyed(controller, packet)
            self._changed.notify_all()
        self._listeners_hear([packet.bcm] if moved else [])

    def _listeners_hear(self, bcms: Iterable[int]) -> None:
        for bcm in bcms:
            for listener in list(self.listeners):
                listener(bcm, self.level(bcm))

    def _obeyed(self, controller: Caller, packet: Packet) -> bool:
        busy = any(packet.bcm in other.owns for other in self._controllers if other is not controller)
        moved = False if busy else self._done(controller, packet)
        controller.tell(Packet(Op.REPLY, packet.bcm, int(busy)))
        return moved

    def _done(self, controller: Caller, packet: Packet) -> bool:
        if packet.op is Op.WRITE:
            driven = packet.bcm in controller.owns and packet.bcm in self._commanded
            return driven and self._command(packet.bcm, packet.value)
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
        before = self._standing(bcm)
        self._commanded[bcm] = level
        self._announce(bcm)
        return self._note(bcm, before)

    def _note(self, bcm: int, before: int) -> bool:
        now = self._standing(bcm)
        if before != now:
            self.history.append((time.monotonic(), bcm, bool(now)))
        return before != now
