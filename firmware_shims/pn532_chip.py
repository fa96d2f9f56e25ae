"""The chip PN532 itself: what each command answers and does to the field (NXP UM0701-02, chapter 7).

Rule 1: it knows commands and no wire: frames, speeds and messages are made around it.
Rule 2: one thread at a time gives it commands; anybody may wait for what it has scanned.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable

from firmware_shims.pn532_field import RfField, target

LIST, READ_REGISTER = 0x4A, 0x06
_FIFO_DATA = 0x6339
_SENS_REQ = 0x26


class Pn532Chip:
    """Commands and their answers; ``field`` is where cards are."""

    def __init__(self) -> None:
        self.field = RfField()
        self.lies = False
        """Whether scans and registers are answered with nonsense."""
        self._registers: dict[int, int] = {}
        self._scans = 0
        self._answered: dict[bytes, int] = {}
        self._scanned = threading.Condition()

    def powered(self) -> None:
        """Power: everything the host had set is forgotten."""
        self._registers = {}
        self.field.power()

    def answer(self, code: int, data: bytes) -> bytes | None:
        """What stands behind the code of the answer; None: a command that the chip does not know."""
        known: dict[int, Callable[[bytes], bytes]] = {
            0x00: lambda data: data if data[:1] == b"\x00" else b"\x00",  # Diagnose: line echo, ROM, RAM
            0x02: lambda _: b"\x32\x01\x06\x07",  # GetFirmwareVersion: PN532 1.6
            READ_REGISTER: self._read_register,
            0x08: self._write_register,
            0x10: lambda _: b"",  # SetSerialBaudrate, which the line follows
            0x12: lambda _: b"",  # SetParameters
            0x14: lambda _: b"",  # SAMConfiguration
            0x16: lambda _: b"\x00",  # PowerDown
            0x32: self.field.configured,
            0x42: self._in_communicate_thru,
            0x44: lambda _: self.field.release(),  # InDeselect
            LIST: self._in_list_passive_target,
            0x52: lambda _: self.field.release(),  # InRelease
            0x54: lambda data: self.field.select(data[0] if data else 0),  # InSelect
        }
        if code not in known:
            return None
        said = known[code](data)
        if self.lies and code in {READ_REGISTER, LIST}:
            return secrets.token_bytes(secrets.randbelow(16))
        return said

    def wait_scans(self, count: int, timeout: float) -> bool:
        """Wait until the host has asked for cards so many times more; whether it did."""
        before = self._scans
        return self.wait(lambda: self._scans >= before + count, timeout)

    def wait_missed(self, uid: bytes, timeout: float) -> bool:
        """Wait until the host has had time to see that this card is away; whether it had."""
        return self.wait(lambda: self._scans >= self._answered.get(uid, -2) + 2, timeout)

    def wait_sensed(self, uid: bytes, put: Callable[[], None], timeout: float) -> bool:
        """Put a card and wait until the host has sensed it; whether it did."""
        before = self._scans
        put()
        return self.wait(lambda: self._answered.get(uid, 0) > before, timeout)

    def wait(self, condition: Callable[[], bool], timeout: float) -> bool:
        """Wait for something that only a command of the host can bring about; whether it came."""
        with self._scanned:
            return self._scanned.wait_for(condition, timeout)

    def _read_register(self, data: bytes) -> bytes:
        addresses = [data[i] << 8 | data[i + 1] for i in range(0, len(data) - 1, 2)]
        return bytes(self._registers.get(address, 0) for address in addresses)

    def _write_register(self, data: bytes) -> bytes:
        for i in range(0, len(data) - 2, 3):
            self._registers[data[i] << 8 | data[i + 1]] = data[i + 2]
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
