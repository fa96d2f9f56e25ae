"""What the hook at ``ioctl`` and the world behind a device file say to each other, on a Unix packet socket.

Rule 1: one packet is one call of the kernel or one answer to it; memory is copied, never pointed at.
Rule 2: the world never begins; it answers each call once, with an errno or with what the kernel would write.
"""

import struct
from dataclasses import dataclass
from typing import Self, TypeVar

# The world behind a device file ``spidev0.0`` listens on the socket ``spidev0.0.world`` beside it.
WORLD_SUFFIX = ".world"
PACKET = 65536

T = TypeVar("T")

_HEAD = struct.Struct("<IH")
_PART = struct.Struct("<QHH")
_SIZE = struct.Struct("<H")


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of an argument: an integer or an address, flags, and memory as it is before the call."""

    word: int = 0
    flags: int = 0
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Call:
    """One ioctl: its request number and its argument in pieces."""

    request: int
    parts: tuple[Part, ...] = ()

    def encode(self) -> bytes:
        """One packet."""
        parts = (_PART.pack(p.word, p.flags, len(p.data)) + p.data for p in self.parts)
        return _HEAD.pack(self.request, len(self.parts)) + b"".join(parts)

    @classmethod
    def decode(cls, packet: bytes) -> Self:
        """A call from a packet; ValueError for anything else."""
        request, count = _unpack(_HEAD, packet, 0)
        parts, place = [], _HEAD.size
        for _ in range(count):
            word, flags, size = _unpack(_PART, packet, place)
            place += _PART.size + size
            parts.append(Part(word, flags, packet[place - size : place]))
        return _whole(cls(request, tuple(parts)), place, packet)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the kernel gives back: an errno (0: done), and the memory of each piece as it is afterwards.

    A piece that is empty stays as it was.
    """

    errno: int = 0
    parts: tuple[bytes, ...] = ()

    def encode(self) -> bytes:
        """One packet."""
        return _HEAD.pack(self.errno, len(self.parts)) + b"".join(
            _SIZE.pack(len(part)) + part for part in self.parts
        )

    @classmethod
    def decode(cls, packet: bytes) -> Self:
        """An answer from a packet; ValueError for anything else."""
        errno, count = _unpack(_HEAD, packet, 0)
        parts, place = [], _HEAD.size
        for _ in range(count):
            (size,) = _unpack(_SIZE, packet, place)
            place += _SIZE.size + size
            parts.append(packet[place - size : place])
        return _whole(cls(errno, tuple(parts)), place, packet)


def _unpack(form: struct.Struct, packet: bytes, place: int) -> tuple[int, ...]:
    try:
        return form.unpack_from(packet, place)
    except struct.error as error:
        raise ValueError(f"no packet of the kernel wire: {error}") from error


def _whole(value: T, end: int, packet: bytes) -> T:
    if end != len(packet):
        raise ValueError(f"no packet of the kernel wire: {end} bytes were due, {len(packet)} came")
    return value
