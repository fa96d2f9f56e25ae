"""Bytes and frames of OSDP, nothing more. Rule 1: no I/O, no clock, no keys.

Rule 2: strict: a byte string is a frame only if encoding that frame gives back the very same bytes.
Rule 3: rubbish never raises and never grows a buffer; it is counted and stepped over.

A frame on the wire (OSDP v2.2 section 5, IEC 60839-11-5)::

    53 | address | length low, high | control | [block length, type, data] | code, data, [MAC] | CRC low, high

``length`` counts all of it. Bit 7 of ``address`` marks a reply. ``control``: bits 0-1 sequence, bit 2 CRC
(a one-byte checksum is refused: it lets two flipped bits through), bit 3 security block, the rest zero.
"""

from __future__ import annotations

from binascii import crc_hqx
from dataclasses import dataclass

SOM = 0x53
MARK = b"\xff"
"""Sent before every frame, so that the line rests at mark for one character before it."""
REPLY = 0x80
HIGHEST_ADDRESS = 0x7E
"""0x7F is the broadcast address and belongs to nobody."""
MAX_FRAME = 1440
"""The longest frame the standard knows."""

HEADER = 5
CRC = 2
MAC = 4
WITH_CRC = 0x04
WITH_BLOCK = 0x08
SEQUENCE = 0x03
FIRST_BLOCK, FIRST_SEALED, LAST_BLOCK = 0x11, 0x15, 0x18


@dataclass(frozen=True, slots=True)
class Frame:
    """One message between panel and peripheral.

    ``block`` is the security block without its length byte (type, then data), empty in clear text.
    ``body`` is the command or reply code, its data and, under a block of type 15 to 18, four bytes of MAC.
    """

    address: int
    reply: bool
    sequence: int
    block: bytes
    body: bytes


def encode(frame: Frame) -> bytes:
    """The frame as it stands on the wire, without the mark before it."""
    block = bytes([len(frame.block) + 1]) + frame.block if frame.block else b""
    control = frame.sequence | WITH_CRC | (WITH_BLOCK if frame.block else 0)
    length = HEADER + len(block) + len(frame.body) + CRC
    head = bytes([SOM, frame.address | (REPLY if frame.reply else 0), *length.to_bytes(2, "little"), control])
    return checked(head + block + frame.body)


def checked(content: bytes) -> bytes:
    """Content followed by its CRC-16: polynomial 1021, start 1D0F, low byte first (annex E has examples)."""
    return content + crc_hqx(content, 0x1D0F).to_bytes(2, "little")


def covered(frame: Frame) -> bytes:
    """What the MAC of a sealed frame covers: everything from the start of message to the MAC."""
    return encode(frame)[: -CRC - MAC]


def decode(wire: bytes) -> Frame | None:
    """The frame these bytes are, or None: exactly one whole frame, nothing before or behind it."""
    if len(wire) < HEADER + 1 + CRC or checked(wire[:-CRC]) != wire:
        return None
    control, rest = wire[4], wire[HEADER:-CRC]
    start = rest[0] if control & WITH_BLOCK else 0
    block, body = rest[1:start], rest[start:]
    if control & WITH_BLOCK and not _block_fits(block, body):
        return None
    frame = Frame(wire[1] & ~REPLY, bool(wire[1] & REPLY), control & SEQUENCE, block, body)
    return frame if body and encode(frame) == wire else None


def _block_fits(block: bytes, body: bytes) -> bool:
    if not block or not FIRST_BLOCK <= block[0] <= LAST_BLOCK:
        return False
    return len(body) > (MAC if block[0] >= FIRST_SEALED else 0)


class Parser:
    """Takes bytes as they come and gives the frames in them, whatever stands between.

    Holds at most ``limit`` bytes between calls. ``rubbish`` counts bytes stepped over, ``broken`` frames
    whose check failed.
    """

    def __init__(self, limit: int = MAX_FRAME) -> None:
        self._held = bytearray()
        self._limit = limit
        self.rubbish = 0
        self.broken = 0

    def __len__(self) -> int:
        return len(self._held)

    def feed(self, data: bytes) -> list[Frame]:
        """The frames that these bytes complete, in order."""
        frames: list[Frame] = []
        for start in range(0, len(data), self._limit):
            self._held += data[start : start + self._limit]
            frames += self._cut()
        return frames

    def give_up(self) -> list[Frame]:
        """Stops waiting for the rest of a frame; gives whole frames that the false start had swallowed."""
        frames: list[Frame] = []
        while self._held:
            self._skip(1)
            frames += self._cut()
        return frames

    def _cut(self) -> list[Frame]:
        frames: list[Frame] = []
        while self._seek() and (length := self._length()) <= len(self._held):
            frame = decode(bytes(self._held[:length])) if length else None
            if frame is None:
                self.broken += bool(length)
                self._skip(1)
            else:
                frames.append(frame)
                del self._held[:length]
        return frames

    def _seek(self) -> bool:
        """Moves to the next start of message; False when there is none."""
        start = self._held.find(SOM)
        self._skip(len(self._held) if start < 0 else start)
        return start >= 0

    def _length(self) -> int:
        """Length of the frame that starts here, 0 if none can, more than is held while that is unknown."""
        if len(self._held) < HEADER:
            return HEADER
        length = int.from_bytes(self._held[2:4], "little")
        control = self._held[4]
        plausible = control & WITH_CRC and not control & ~(SEQUENCE | WITH_CRC | WITH_BLOCK)
        return length if plausible and HEADER + 1 + CRC <= length <= self._limit else 0

    def _skip(self, count: int) -> None:
        self.rubbish += count - self._held.count(MARK, 0, count)
        del self._held[:count]
