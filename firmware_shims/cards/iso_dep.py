"""ISO-DEP as a card speaks it (ISO/IEC 14443-4): answer to select, blocks, chaining, pleas for time.

Rule 1: it follows the card's side of the rules of 7.5.4 to the letter and shows what a driver must bear.
Rule 2: what the standard calls invalid is met with silence (7.5.5.3).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from firmware_shims.cards.type_a import Card

DESFIRE_ATS = bytes.fromhex("067577810280")
"""Frames of 64 bytes, 77 ms of waiting (FWI 8), a short guard time (SFGI 1), as a MIFARE DESFire says."""
_RATS, _PPS, _DESELECT, _WTX = 0xE0, 0xD0, 0xC2, 0xF2
_FRAMES = (16, 24, 32, 40, 48, 64, 96, 128, 256)
_AROUND = 3
_MORE = 0x10


class Applet(Protocol):
    """What runs on a card: it has the card's UID and answers a command APDU, or nothing."""

    @property
    def uid(self) -> bytes:
        """UID of the card: 4, 7 or 10 bytes."""

    def answer(self, apdu: bytes) -> bytes | None:
        """Response APDU: data, SW1, SW2."""


class IsoDep:
    """A card's frames around an applet: a callable from frame to frame, for Card.talk.

    ``pleas`` is how often it asks for more time before each answer, ``factor`` for how much. An applet with
    a method ``power_on`` begins afresh with every field.
    """

    def __init__(self, applet: Applet, *, ats: bytes = DESFIRE_ATS, pleas: int = 0, factor: int = 1) -> None:
        self.applet = applet
        self.ats = ats
        self.pleas = pleas
        self.factor = factor
        self.apdus: list[bytes] = []
        """Command APDUs that reached the applet."""
        self._power_on: Callable[[], None] | None = getattr(applet, "power_on", None)
        self.reset()

    def reset(self) -> None:
        """The field is gone, and everything since the answer to select with it."""
        self._active = False
        self._number = 1
        self._room = _FRAMES[2] - _AROUND
        self._command = b""
        self._answer = b""
        self._said: bytes | None = None
        self._pleas_left = 0
        if self._power_on:
            self._power_on()

    def __call__(self, frame: bytes) -> bytes | None:
        """A frame from the reader, without CRC; the card's frame, or silence."""
        if not frame:
            return None
        if not self._active:
            return self._activate(frame)
        said = self._block(frame)
        if said is not None:
            self._said = said
        return said

    def _activate(self, frame: bytes) -> bytes | None:
        if len(frame) != 2 or frame[0] != _RATS or frame[1] & 0x0F == 15:
            return None
        self._active = True
        self._room = _FRAMES[min(frame[1] >> 4, 8)] - _AROUND
        return self.ats

    def _block(self, frame: bytes) -> bytes | None:
        kind = frame[0]
        if kind & 0xEE == 0x02:
            return self._information(kind, frame[1:])
        if kind & 0xE6 == 0xA2 and len(frame) == 1:
            return self._receipt(kind)
        if kind == _DESELECT and len(frame) == 1:
            self.reset()
            return frame
        if kind == _WTX and len(frame) == 2 and self._pleas_left:
            return self._next()
        return frame[:1] if kind == _PPS and self._said is None else None

    def _information(self, kind: int, part: bytes) -> bytes | None:
        # Rule D: the number turns with every information block, whatever that block's own number.
        self._number ^= 1
        self._command += part
        if kind & _MORE:
            return bytes((0xA2 | self._number,))
        command, self._command = self._command, b""
        self.apdus.append(command)
        answer = self.applet.answer(command)
        if answer is None:
            return None
        self._answer = answer
        self._pleas_left = self.pleas + 1
        return self._next()

    def _receipt(self, kind: int) -> bytes | None:
        if kind & 1 == self._number:
            return self._said  # rule 11: once more
        if kind & 0x10:
            return bytes((0xA2 | self._number,))  # rule 12
        if not self._answer:
            return None
        self._number ^= 1  # rules E and 13
        return self._next()

    def _next(self) -> bytes:
        self._pleas_left = max(0, self._pleas_left - 1)
        if self._pleas_left:
            return bytes((_WTX, self.factor))
        part, self._answer = self._answer[: self._room], self._answer[self._room :]
        return bytes((0x02 | (_MORE if self._answer else 0) | self._number,)) + part


def card(applet: Applet, *, ats: bytes = DESFIRE_ATS, pleas: int = 0) -> Card:
    """A card on which an applet runs, to be put on a reader."""
    dep = IsoDep(applet, ats=ats, pleas=pleas)
    return Card(applet.uid, talk=dep, reset=dep.reset)
