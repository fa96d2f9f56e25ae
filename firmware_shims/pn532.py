"""A PN532 reader in software on a pty, with cards to put on it (NXP UM0701-02, chapter 7).

Rule 1: it is driven by an unchanged driver of the real chip and shows what the real chip shows: an
acknowledgement before each answer, a serial speed that survives the host, silence for what it cannot read.
Rule 2: it may stall, talk nonsense, be unplugged and come back; paced, its bytes take the time of the wire.
Not shown: parity and framing errors, the 15 ms of a real field scan, the time a real chip waits for a card
that says nothing, cards that collide beyond their UID.
"""

import secrets
import threading
from collections.abc import Callable
from enum import StrEnum

from firmware_shims.cards.type_a import Card
from firmware_shims.pn532_field import RfField, target
from firmware_shims.pn532_frames import ACK, ERROR, Acknowledge, Command, FrameReader, answer
from firmware_shims.pty_device import PtyDevice

_SPEEDS = (9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600, 1_288_000)
_POWER_ON_SPEED = 115200
_FIFO_DATA = 0x6339
_SENS_REQ = 0x26
_BITS_PER_BYTE = 10

__all__ = ["Card", "Health", "Pn532"]


class Health(StrEnum):
    """How the reader behaves towards the host."""

    WELL = "well"
    STALLED = "stalled"
    GARBAGE = "garbage"
    LYING = "lying"


class Pn532(PtyDevice):
    """The reader. ``port`` is the path for the driver, ending in ``name``; cards are named by UID in hex.

    ``paced``: bytes take their time on the wire at the speed that was agreed. ``mangle``: what a fault makes
    of each answer. ``chunk``: bytes written at once (0: all).
    """

    def __init__(self, name: str = "pn532") -> None:
        self.health = Health.WELL
        self.chunk = 0
        self.paced = False
        self.mangle: Callable[[bytes], bytes] | None = None
        self.field = RfField()
        self._scans = 0
        self._answered: dict[bytes, int] = {}
        self._scanned = threading.Condition()
        self._cut: int | None = None
        self.powered()
        super().__init__(name)

    def put(self, card: str | Card) -> None:
        """Put a card on the reader, beside those already there."""
        new = card if isinstance(card, Card) else Card(bytes.fromhex(card))
        self.call(lambda: self.field.cards.append(new))

    def put_together(self, *cards: str | Card) -> None:
        """Put cards on the reader in one movement."""
        new = [card if isinstance(card, Card) else Card(bytes.fromhex(card)) for card in cards]
        self.call(lambda: self.field.keep([*self.field.cards, *new]))

    def take(self, uid_hex: str = "") -> None:
        """Take one card away, or all."""
        uid = bytes.fromhex(uid_hex)
        self.call(lambda: self.field.keep([card for card in self.field.cards if uid not in {b"", card.uid}]))

    def swap(self, card: str | Card) -> None:
        """Put this card in the place of all others, in one movement."""
        new = card if isinstance(card, Card) else Card(bytes.fromhex(card))
        self.call(lambda: self.field.keep([new]))

    def tear(self, after: int) -> None:
        """Take all cards away when so many frames more were answered, in the middle of a conversation."""
        self.call(lambda: setattr(self.field, "frames_left", after))

    def relay(self, delay_s: float) -> None:
        """Let every answer of a card come so much later, as through a relay."""
        self.call(lambda: setattr(self.field, "delay_s", delay_s))

    def present(self, uid_hex: str, timeout: float = 10.0) -> bool:
        """Put a card, wait until the host has sensed it, take it away; whether it was sensed.

        A card that was here a moment ago waits until the host has seen it gone.
        """
        uid = bytes.fromhex(uid_hex)
        if not self._wait(lambda: self._scans >= self._answered.get(uid, -2) + 2, timeout):
            return False
        before = self._scans
        self.put(uid_hex)
        sensed = self._wait(lambda: self._answered.get(uid, 0) > before, timeout)
        self.take(uid_hex)
        return sensed

    def wait_gone(self, timeout: float = 10.0) -> bool:
        """Wait until no card is there, such as after ``tear``; whether that came."""
        return self._wait(lambda: not self.field.cards, timeout)

    def wait_scans(self, count: int, timeout: float = 10.0) -> bool:
        """Wait until the host has asked for cards so many times more; whether it did."""
        before = self._scans
        return self._wait(lambda: self._scans >= before + count, timeout)

    def stall(self) -> None:
        """Answer nothing any more."""
        self.health = Health.STALLED

    def garbage(self) -> None:
        """Answer nonsense to everything."""
        self.health = Health.GARBAGE

    def lie(self) -> None:
        """Answer scans and registers with nonsense in proper frames."""
        self.health = Health.LYING

    def heal(self) -> None:
        """Behave again."""
        self.health = Health.WELL

    def cut_next_scan(self, after: int) -> None:
        """Break off the next answer to a scan after so many bytes."""
        self._cut = after

    def powered(self) -> None:
        """Power: everything the host had set is forgotten."""
        self._speed = self._next_speed = _POWER_ON_SPEED
        self._registers: dict[int, int] = {}
        self._frames = FrameReader()
        self.field.power()

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
        known: dict[int, Callable[[bytes], bytes]] = {
            0x00: lambda data: data if data[:1] == b"\x00" else b"\x00",  # Diagnose: line echo, ROM, RAM
            0x02: lambda _: b"\x32\x01\x06\x07",  # GetFirmwareVersion: PN532 1.6
            0x06: self._read_register,
            0x08: self._write_register,
            0x10: self._set_serial_baudrate,
            0x12: lambda _: b"",  # SetParameters
            0x14: lambda _: b"",  # SAMConfiguration
            0x16: lambda _: b"\x00",  # PowerDown
            0x32: self.field.configured,
            0x42: self._in_communicate_thru,
            0x44: lambda _: self.field.release(),  # InDeselect
            0x4A: self._in_list_passive_target,
            0x52: lambda _: self.field.release(),  # InRelease
            0x54: lambda data: self.field.select(data[0] if data else 0),  # InSelect
        }
        if command.code not in known:
            return ERROR
        data = known[command.code](command.data)
        if self.health is Health.LYING and command.code in {0x06, 0x4A}:
            data = secrets.token_bytes(secrets.randbelow(16))
        frame = answer(command.code, data)
        return self._cut_short(frame) if command.code == 0x4A else frame

    def _cut_short(self, frame: bytes) -> bytes:
        after, self._cut = self._cut, None
        return frame[:after]

    def _read_register(self, data: bytes) -> bytes:
        addresses = [data[i] << 8 | data[i + 1] for i in range(0, len(data) - 1, 2)]
        return bytes(self._registers.get(address, 0) for address in addresses)

    def _write_register(self, data: bytes) -> bytes:
        for i in range(0, len(data) - 2, 3):
            self._registers[data[i] << 8 | data[i + 1]] = data[i + 2]
        return b""

    def _set_serial_baudrate(self, data: bytes) -> bytes:
        if data and data[0] < len(_SPEEDS):
            self._next_speed = _SPEEDS[data[0]]
        return b""

    def _in_list_passive_target(self, data: bytes) -> bytes:
        if len(data) < 2 or data[1] != 0:
            return b"\x00"
        # Without an answer the chip's buffer still holds the call, which is how drivers tell a torn card.
        self._registers[_FIFO_DATA] = 0x44 if self.field.cards else _SENS_REQ
        found = self.field.list(data[0], data[2:])
        self._scan_done([card.uid for card in found])
        return bytes([len(found)]) + b"".join(target(n, card) for n, card in enumerate(found, 1))

    def _in_communicate_thru(self, data: bytes) -> bytes:
        said = self.field.through(data)
        with self._scanned:
            self._scanned.notify_all()
        return said

    def _scan_done(self, uids: list[bytes]) -> None:
        with self._scanned:
            self._scans += 1
            self._answered.update(dict.fromkeys(uids, self._scans))
            self._scanned.notify_all()

    def _wait(self, condition: Callable[[], bool], timeout: float) -> bool:
        with self._scanned:
            return self._scanned.wait_for(condition, timeout)
