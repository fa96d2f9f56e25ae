"""ISO-DEP as a reader speaks it (ISO/IEC 14443-4): activation, blocks, chaining, waiting. No I/O.

Rule 1: every loop ends: by the time one answer may take, by the size it may have, by how often noise is
asked again.
Rule 2: a silent card raises SilentError and is not asked again here: a card torn away is never hidden.
Rule 3: what the standard does not allow is refused as broken; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic

from hardware.credentials.exchange import CardRefusedError
from hardware.signals import CardFault

SHORTEST_WAIT_S = 0.2
"""Waited for at least, whatever the card asks for: what answers late is to be called late, not gone."""
LONGEST_GUARD_S = 0.1
LONGEST_ANSWER = 4096
NOISES = 2
_CARRIER_HZ = 13.56e6
FRAMES = (16, 24, 32, 40, 48, 64, 96, 128, 256)
"""Lengths of frames, with CRC, that can be agreed upon (5.1, 5.2.3)."""
_AROUND = 3  # a block has one byte before its information field and two of CRC behind it
_I, _R_ACK, _R_NAK, _WTX = 0x02, 0xA2, 0xB2, 0xF2
_MORE = 0x10
_LONGEST_WTXM = 59


def rats(longest: int) -> bytes:
    """Request for answer to select: no card identifier, frames to us of so many bytes at most (5.1)."""
    return bytes((0xE0, 16 * max(n for n, size in enumerate(FRAMES) if size <= longest)))


Swap = Callable[[bytes, float], bytes]
"""Sends a frame and waits so many seconds for the answer. Raises SilentError and NoiseError."""


class SilentError(Exception):
    """The card does not answer: it is gone, or too far, or later than it may be."""


class NoiseError(Exception):
    """What came back is no frame: parity, CRC, framing."""


@dataclass(frozen=True, slots=True)
class Ats:
    """What a card's answer to select promises: its longest frame, its waiting and its guard time."""

    frame: int
    wait_s: float
    guard_s: float


def parse_ats(ats: bytes) -> Ats:
    """Read an answer to select (5.2). Raises CardRefusedError (``broken``) when it is none."""
    if not ats or ats[0] != len(ats):
        raise _broken("its answer to select has another length than it says")
    form = ats[1] if len(ats) > 1 else _I
    present = [bool(form & bit) for bit in (0x10, 0x20, 0x40)]
    if form & 0x80 or len(ats) < 1 + sum(present) + (len(ats) > 1):
        raise _broken("its answer to select is cut short")
    times = ats[2 + present[0]] if present[1] else 0x40
    # What is reserved counts as the default (5.2.3, 5.2.5).
    wait = times >> 4 if times >> 4 < 15 else 4
    guard = times & 0x0F if times & 0x0F < 15 else 0
    return Ats(FRAMES[min(form & 0x0F, 8)], _frame_time(wait), _frame_time(guard) if guard else 0.0)


def _frame_time(exponent: int) -> float:
    return 4096 / _CARRIER_HZ * 2.0**exponent


def _broken(why: str) -> CardRefusedError:
    return CardRefusedError(CardFault.BROKEN, why)


class IsoDep:
    """An activated card: ``transceive`` takes a command APDU and returns the response APDU.

    ``each_s`` is the longest an answer may take with all the time that the card asks for; its last frame is
    waited for all the same, and whoever times the exchange calls it late.
    """

    def __init__(self, swap: Swap, ats: Ats, each_s: float, clock: Callable[[], float] = monotonic) -> None:
        if ats.guard_s > LONGEST_GUARD_S:
            raise _broken("it wants to be left alone for longer than a card does")
        self.guard_s = ats.guard_s
        self._swap = swap
        self._room = ats.frame - _AROUND
        self._wait_s = max(ats.wait_s, SHORTEST_WAIT_S)
        self._frame_wait_s = ats.wait_s
        self._each_s = each_s
        self._clock = clock
        self._number = 0
        self._late = 0.0
        self._noises = 0

    def transceive(self, apdu: bytes) -> bytes:
        """Send a command. Raises SilentError, and CardRefusedError (``slow``, ``broken``)."""
        self._late = self._clock() + self._each_s
        self._noises = 0
        *heads, last = _cut(apdu, self._room)
        for part in heads:
            if self._information(_I | _MORE, part) != bytes((_R_ACK | self._number,)):
                raise _broken("it does not acknowledge a part of a command")
            self._number ^= 1
        return self._collected(self._information(_I, last))

    def _information(self, kind: int, part: bytes) -> bytes:
        block = bytes((kind | self._number,)) + part
        heard = self._heard(block, _R_NAK)
        while heard == bytes((_R_ACK | self._number ^ 1,)):
            # It never got our block, which it may say only when asked again (7.5.4.2, rule 6).
            self._disturbed()
            heard = self._heard(block, _R_NAK)
        return heard

    def _collected(self, heard: bytes) -> bytes:
        answer = bytearray()
        while True:
            if heard[0] & ~_MORE != _I | self._number:
                raise _broken("it answers with a block that does not belong here")
            answer += heard[1:]
            if len(answer) > LONGEST_ANSWER:
                raise _broken("its answer has no end")
            self._number ^= 1
            if not heard[0] & _MORE:
                return bytes(answer)
            heard = self._heard(bytes((_R_ACK | self._number,)), _R_ACK)

    def _heard(self, block: bytes, again: int) -> bytes:
        """The next block that is no plea for time; ``again`` is how to ask once more after noise."""
        wait_s = self._wait_s
        while True:
            left = self._late - self._clock()
            if left <= 0:
                raise CardRefusedError(CardFault.SLOW, "the card asks for more time than a card needs")
            try:
                # A wait cut short by our own deadline would turn a relay's late answer into a torn card.
                heard = self._swap(block, min(max(left, SHORTEST_WAIT_S), wait_s))
            except NoiseError:
                heard = b""
            if not heard:
                self._disturbed()
                block = bytes((again | self._number,))
            elif heard[0] == _WTX:
                block = _granted(heard)
                wait_s = max(self._wait_s, self._frame_wait_s * block[1])
            else:
                return heard

    def _disturbed(self) -> None:
        self._noises += 1
        if self._noises > NOISES:
            raise SilentError("nothing but noise comes from the card")


def _granted(plea: bytes) -> bytes:
    """Answer to a request for more time (7.3): the same factor; the two bits above it are about power."""
    factor = plea[1] & 0x3F if len(plea) == 2 else 0
    if not 1 <= factor <= _LONGEST_WTXM:
        raise _broken("it asks for more time in a wrong form")
    return bytes((_WTX, factor))


def _cut(apdu: bytes, room: int) -> Iterator[bytes]:
    for start in range(0, max(len(apdu), 1), room):
        yield apdu[start : start + room]
