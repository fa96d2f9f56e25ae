"""A PN532 reader in software on a pty, with cards to put on it (NXP UM0701-02, chapters 6.2 and 7).

Rule 1: it is driven by an unchanged driver of the real chip and shows what the real chip shows: an
acknowledgement before each answer, a serial speed that survives the host, silence for what it cannot read.
Rule 2: it may stall, talk nonsense, be unplugged and come back; paced, its bytes take the time of the wire.
Not shown: parity and framing errors, the 15 ms of a real field scan, the time a real chip waits for a card
that says nothing, cards that collide beyond their UID.
"""

import secrets
import threading

from firmware_shims.cards.type_a import Card
from firmware_shims.pn532_chip import LIST
from firmware_shims.pn532_frames import ACK, ERROR, Acknowledge, Command, FrameReader, answer
from firmware_shims.pn532_reader import Health, Pn532Reader
from firmware_shims.pty_device import PtyDevice

_SPEEDS = (9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600, 1_288_000)
_POWER_ON_SPEED = 115200
_SET_SPEED = 0x10
_BITS_PER_BYTE = 10

__all__ = ["Card", "Health", "Pn532"]


class Pn532(PtyDevice, Pn532Reader):
    """The reader. ``port`` is the path for the driver, ending in ``name``.

    ``paced``: bytes take their time on the wire at the speed that was agreed. ``chunk``: bytes written at
    once (0: all).
    """

    def __init__(self, name: str = "pn532") -> None:
        Pn532Reader.__init__(self)
        self.chunk = 0
        self.paced = False
        self._cut: int | None = None
        self.powered()
        PtyDevice.__init__(self, name)

    def cut_next_scan(self, after: int) -> None:
        """Break off the next answer to a scan after so many bytes."""
        self._cut = after

    def powered(self) -> None:
        """Power: everything the host had set is forgotten."""
        self._speed = self._next_speed = _POWER_ON_SPEED
        self._frames = FrameReader()
        self.chip.powered()

    def received(self, data: bytes) -> None:
        """Bytes from the host; at another speed than the chip's they are noise to it."""
        if self.host_speed() == self._next_speed:
            # The chip changes at the host's acknowledgement, which a driver may flush away unsent.
            self._speed = self._next_speed
        if self.host_speed() != self._speed or self.health is Health.STALLED:
            return
        self._pace(data)
        for frame in self._frames.feed(data):
            self._handle(frame)

    def _handle(self, frame: Command | Acknowledge) -> None:
        if isinstance(frame, Acknowledge):
            self._speed = self._next_speed
        elif self.health is Health.GARBAGE:
            self._say(secrets.token_bytes(secrets.randbelow(40)))
        else:
            self._say(ACK)
            said = self._answer(frame)
            self._say(self.mangle(said) if self.mangle else said)

    def _pace(self, data: bytes) -> None:
        if self.paced:
            threading.Event().wait(len(data) * _BITS_PER_BYTE / self._speed)

    def _say(self, data: bytes) -> None:
        self._pace(data)
        step = self.chunk or len(data) or 1
        for start in range(0, len(data), step):
            self.send(data[start : start + step])

    def _answer(self, command: Command) -> bytes:
        if command.code == _SET_SPEED and command.data and command.data[0] < len(_SPEEDS):
            self._next_speed = _SPEEDS[command.data[0]]
        data = self.chip.answer(command.code, command.data)
        if data is None:
            return ERROR
        frame = answer(command.code, data)
        return self._cut_short(frame) if command.code == LIST else frame

    def _cut_short(self, frame: bytes) -> bytes:
        after, self._cut = self._cut, None
        return frame[:after]
