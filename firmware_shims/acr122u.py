"""An ACR122U in software: CCID messages around a PN532 (USB CCID 1.1, chapter 6; ACS ACR122U API 2.04, 5).

Rule 1: it follows the numbers of messages, says what it does not know, and never raises on bytes.
Rule 2: it may stall, halt, talk nonsense, be late, cut its answers and be unplugged.
Not shown: its own polling for cards, its lamp and sounder, and the PC/SC commands to cards of other kinds.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from firmware_shims.pn532_frames import ACK
from firmware_shims.pn532_reader import Health, Pn532Reader
from firmware_shims.usb_world import UsbDevice

_HEAD = 10
_POWER_ON, _POWER_OFF, _SLOT_STATUS, _ESCAPE, _XFR_BLOCK = 0x62, 0x63, 0x65, 0x6B, 0x6F
_DATA_BLOCK, _SLOT, _ESCAPED = 0x80, 0x81, 0x83
_NO_CARD, _FAILED, _MORE_TIME = 0x02, 0x40, 0x80
_UNKNOWN, _BAD_LENGTH, _MUTE = 0, 1, 0xFE
_VERSION = b"ACR122U207"
_OK, _WRONG, _WRONG_COMMAND = b"\x90\x00", b"\x63\x00", b"\x63\x7f"
_PASS_ON = bytes.fromhex("ff000000")


class Acr122u(UsbDevice, Pn532Reader):
    """The reader, to be plugged into a UsbWorld.

    ``mangle``: what a fault makes of each message to the host. ``chunk``: bytes of a transfer (0: all).
    ``slip``: added to the number of each answer. ``pleas``: how often it asks for time before each answer.
    ``hold_back``: so many of the next answers come only before the one that follows them. ``version``: what
    it calls itself.
    """

    make = (0x072F, 0x2200)

    def __init__(self) -> None:
        UsbDevice.__init__(self)
        Pn532Reader.__init__(self)
        self.version = _VERSION
        self.chunk = self.slip = self.pleas = self.hold_back = 0
        self._held_back: list[bytes] = []

    def call(self, function: Callable[[], None]) -> None:
        """Run a function between two messages."""
        with self.turn:
            function()

    def powered(self) -> None:
        """Power: everything is forgotten."""
        self._held_back = []
        self.chip.powered()

    def received(self, data: bytes) -> None:
        """A message from the host."""
        if self.health is Health.STALLED:
            return
        if self.health is Health.GARBAGE:
            self.send(secrets.token_bytes(secrets.randbelow(40)))
            return
        number = data[6] if len(data) >= _HEAD else 0
        for _ in range(self.pleas):
            self.send(_message(_DATA_BLOCK, b"", number, _MORE_TIME, 1))
        said = self._answer(data, number + self.slip & 0xFF)
        if self.hold_back:
            self.hold_back -= 1
            self._held_back.append(said)
            return
        late, self._held_back = self._held_back, []
        for message in (*late, said):
            self._say(self.mangle(message) if self.mangle else message)

    def _say(self, message: bytes) -> None:
        step = self.chunk or len(message) or 1
        for start in range(0, len(message) or 1, step):
            self.send(message[start : start + step])

    def _answer(self, data: bytes, number: int) -> bytes:
        if len(data) < _HEAD or int.from_bytes(data[1:5], "little") != len(data) - _HEAD:
            return _message(_SLOT, b"", number, _FAILED, _BAD_LENGTH)
        kind = data[0]
        if kind == _POWER_ON:
            # It does not look for cards by itself here, so that there is none to be given power.
            return _message(_DATA_BLOCK, b"", number, _FAILED | _NO_CARD, _MUTE)
        if kind in {_POWER_OFF, _SLOT_STATUS}:
            return _message(_SLOT, b"", number, _NO_CARD, 0)
        if kind in {_ESCAPE, _XFR_BLOCK}:
            said = self._command(data[_HEAD:])
            return _message(_ESCAPED if kind == _ESCAPE else _DATA_BLOCK, said, number, 0, 0)
        return _message(_SLOT, b"", number, _FAILED, _UNKNOWN)

    def _command(self, apdu: bytes) -> bytes:
        """A pseudo-APDU (API 2.04, 5 and 6)."""
        match apdu[:3]:
            case b"\xff\x00\x48":
                return self.version
            case b"\xff\x00\x51":
                return b"\x90" + apdu[3:4]
            case b"\xff\x00\x40" if len(apdu) == 9:
                return b"\x90\x02"
        if apdu == ACK or apdu[:4] != _PASS_ON or len(apdu) < 7 or len(apdu) - 5 != apdu[4]:
            return _WRONG
        said = self.chip.answer(apdu[6], apdu[7:]) if apdu[5] == 0xD4 else None
        return _WRONG_COMMAND if said is None else bytes((0xD5, apdu[6] + 1)) + said + _OK


def _message(kind: int, data: bytes, number: int, status: int, error: int) -> bytes:
    return bytes((kind, *len(data).to_bytes(4, "little"), 0, number, status, error, 0)) + data
