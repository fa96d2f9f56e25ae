"""The chip inside the stand-in for lgpio: lines, their modes, and the wire to the world.

Rule 1: a status is lgpio's number, negative for an error; this file raises nothing of its own.
Rule 2: a claim made after the world has gone, or moved to another path, goes to the world that is there
now, with all lines free: one process can outlive several worlds.
"""

import atexit
import os
import queue
import socket
import threading
from contextlib import suppress

from firmware_shims.pin_alerts import ALERTS
from firmware_shims.pin_wire import PATH_VARIABLE, PINS, Op, Packet, PullBit, decode

CANNOT_OPEN, BAD_GPIO, BAD_READ, BAD_WRITE, BUSY, NOT_ALLOCATED = -78, -73, -76, -77, -79, -80
BAD_DEBOUNCE, BAD_HANDLE = -98, -5
ERRORS = {
    CANNOT_OPEN: "can not open gpiochip",
    BAD_GPIO: "bad GPIO number",
    BAD_READ: "bad GPIO read",
    BAD_WRITE: "bad GPIO write",
    BUSY: "GPIO busy",
    NOT_ALLOCATED: "GPIO not allocated",
    BAD_DEBOUNCE: "bad debounce microseconds",
    BAD_HANDLE: "unknown handle",
}
INPUT, OUTPUT, ALERT = 0x100, 0x200, 0x400
KERNEL_USED, KERNEL_OUTPUT, KERNEL_INPUT, EDGES = 0x1, 0x2, 0x10000, 17
PULLS = {0x20: PullBit.UP, 0x40: PullBit.DOWN, 0x80: PullBit.NONE}
ANSWER_S = 5.0


class Wire:
    """One connection to the world, and what it last said."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.alive = True
        self.levels = [0] * PINS
        self._replies: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._asking = threading.Lock()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            self._socket.connect(path)
        except OSError:
            self._socket.close()
            raise
        threading.Thread(target=self._listen, name="lgpio-world", daemon=True).start()
        self._answer()

    def ask(self, packet: Packet) -> int:
        """Send a wish and wait until the world has obeyed; 0 done, 1 busy, -1 nobody there.

        As on real pins, a level is there for all to see when the call that set it returns.
        """
        with self._asking, suppress(OSError):
            if self.alive:
                self._socket.send(packet.encode())
                return self._answer()
        self.alive = False
        return -1

    def close(self) -> None:
        """Hang up."""
        self.alive = False
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _answer(self) -> int:
        try:
            return self._replies.get(timeout=ANSWER_S)
        except queue.Empty:
            # A reply that comes after this would be taken for the next one's.
            self.alive = False
            return -1

    def _listen(self) -> None:
        try:
            with suppress(OSError):
                while data := self._socket.recv(16):
                    self._heard(decode(data))
        finally:
            self.alive = False
            self._replies.put(-1)

    def _heard(self, packet: Packet) -> None:
        if packet.op is Op.REPLY:
            self._replies.put(packet.value)
        elif self.levels[packet.bcm] != packet.value:
            self.levels[packet.bcm] = packet.value
            ALERTS.edge(packet.bcm, packet.value)


class Chip:
    """The lines of the chip as this process holds them."""

    def __init__(self) -> None:
        self._wire: Wire | None = None
        self._modes: dict[int, int] = {}

    def open(self) -> int:
        """Connect to the world that the environment names."""
        return 0 if self._connected() else CANNOT_OPEN

    def close(self) -> int:
        """Hang up; all lines are free."""
        for gpio in list(self._modes):
            ALERTS.unwatch(gpio)
        self._modes.clear()
        if self._wire is not None:
            self._wire.close()
            self._wire = None
        return 0

    def mode(self, gpio: int) -> int:
        """The mode bits of a line."""
        return self._modes.get(gpio, 0) if 0 <= gpio < PINS else BAD_GPIO

    def claim_input(self, gpio: int, flags: int, edges: int) -> int:
        """Claim for input, with edges to alert on or none."""
        ALERTS.unwatch(gpio)
        status = self._claim(Packet(Op.CLAIM_INPUT, gpio, PULLS.get(flags & 0xE0, PullBit.NONE)))
        if status == 0:
            claimed = (ALERT | edges << EDGES) if edges else INPUT
            self._modes[gpio] = KERNEL_USED | KERNEL_INPUT | flags & 0xE0 | claimed
            if edges:
                ALERTS.watch(gpio, edges, self.read(gpio))
        return status

    def claim_output(self, gpio: int, level: int, flags: int) -> int:
        """Claim for output at a level."""
        ALERTS.unwatch(gpio)
        status = self._claim(Packet(Op.CLAIM_OUTPUT, gpio, level))
        if status == 0:
            self._modes[gpio] = KERNEL_USED | KERNEL_OUTPUT | flags & 0xE0 | OUTPUT
        return status

    def free(self, gpio: int) -> int:
        """Give a line back."""
        ALERTS.unwatch(gpio)
        if gpio not in self._modes:
            return NOT_ALLOCATED
        del self._modes[gpio]
        return 0 if self._send(Packet(Op.FREE, gpio)) else BAD_WRITE

    def read(self, gpio: int) -> int:
        """The level of a line as it stands, of an output too: what was written need not be what is there."""
        if self._wire is None or not self._wire.alive:
            return BAD_READ
        return self._wire.levels[gpio]

    def write(self, gpio: int, level: int) -> int:
        """Set an output."""
        if not self._modes.get(gpio, 0) & OUTPUT:
            return NOT_ALLOCATED
        return 0 if self._send(Packet(Op.WRITE, gpio, level)) else BAD_WRITE

    def _claim(self, packet: Packet) -> int:
        if not 0 <= packet.bcm < PINS:
            return BAD_GPIO
        wire = self._connected()
        if wire is None:
            return CANNOT_OPEN
        return {0: 0, 1: BUSY}.get(wire.ask(packet), BAD_WRITE)

    def _send(self, packet: Packet) -> bool:
        return self._wire is not None and self._wire.ask(packet) == 0

    def _connected(self) -> Wire | None:
        path = os.environ.get(PATH_VARIABLE, "")
        if self._wire is not None and self._wire.alive and self._wire.path == path:
            return self._wire
        self.close()
        with suppress(OSError):
            self._wire = Wire(path)
        return self._wire


CHIP = Chip()
atexit.register(CHIP.close)
