"""Frames of the PN532 on a serial line (NXP UM0701-02, 6.2.1), seen from the chip. No I/O.

Rule 1: what is not a frame is skipped, wherever the line cuts it; nothing here raises on bytes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

ACK = bytes.fromhex("0000ff00ff00")
ERROR = bytes.fromhex("0000ff01ff7f8100")
_START = b"\x00\xff"
_TO_CHIP, _TO_HOST = 0xD4, 0xD5
_LONGEST = 265


@dataclass(frozen=True, slots=True)
class Command:
    """A command frame: its code and what follows."""

    code: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """The host acknowledges, or cancels what it asked for."""


class FrameReader:
    """Finds frames in a stream of bytes."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Command | Acknowledge]:
        """Take bytes; the frames they complete."""
        self._buffer += data
        while (start := self._buffer.find(_START)) >= 0:
            del self._buffer[:start]
            size = self._size()
            if size is None:
                return
            frame = bytes(self._buffer[:size])
            del self._buffer[:size]
            yield from _frame(frame)
        # A start code may be cut behind its first byte; a preamble of zeros needs no more room than that.
        del self._buffer[:-1]

    def _size(self) -> int | None:
        # How much to take off the buffer from the start code on; None while that is not all there.
        head = self._buffer
        if len(head) < 4 or (head[2:4] == b"\xff\xff" and len(head) < 7):
            return None
        if bytes(head[2:4]) in {b"\x00\xff", b"\xff\x00"}:
            return 4
        extended = head[2:4] == b"\xff\xff"
        body, length = (7, head[4] << 8 | head[5]) if extended else (4, head[2])
        if sum(head[body - (3 if extended else 2) : body]) & 0xFF or length > _LONGEST:
            return len(_START)
        return body + length + 1 if len(head) > body + length else None


def _frame(frame: bytes) -> Iterator[Command | Acknowledge]:
    if frame[2:] == b"\x00\xff":
        yield Acknowledge()
    body = frame[7:] if frame[2:4] == b"\xff\xff" else frame[4:]
    if len(body) > 2 and sum(body) & 0xFF == 0 and body[0] == _TO_CHIP:
        yield Command(body[1], body[2:-1])


def answer(code: int, data: bytes) -> bytes:
    """The frame that answers a command code."""
    body = bytes((_TO_HOST, code + 1)) + data
    size = len(body)
    if size < 255:
        head = bytes((size, -size & 0xFF))
    else:
        head = b"\xff\xff" + bytes((size >> 8, size & 0xFF, -(size >> 8) - size & 0xFF))
    return b"\x00\x00\xff" + head + body + bytes((-sum(body) & 0xFF, 0))
