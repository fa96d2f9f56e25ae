"""JPEGs that are not what they say, made out of good ones.

Rule: ISO/IEC 10918-1 Annex B for markers; bytes in, bytes out.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

SOI, EOI, SOS, SOF0 = b"\xff\xd8", b"\xff\xd9", 0xDA, 0xC0
COM = b"\xff\xfe"
SEGMENT = 65_533
"""Most bytes that a segment can hold behind its length."""


def segments(jpeg: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start of what it holds and its end, of every segment to the start of the scan."""
    at = 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF:
        marker, size = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4])
        yield marker, at + 4, at + 2 + size
        if marker == SOS:
            return
        at += 2 + size


def truncated(jpeg: bytes) -> bytes:
    """The first half."""
    return jpeg[: len(jpeg) // 2]


def forged(jpeg: bytes) -> bytes:
    """The first half with the end of a whole one."""
    return truncated(jpeg) + EOI


def claiming(jpeg: bytes, width: int, height: int) -> bytes:
    """The same bytes with other sides in the frame header (B.2.2)."""
    for marker, start, _ in segments(jpeg):
        if marker == SOF0:
            sides = height.to_bytes(2) + width.to_bytes(2)
            return jpeg[: start + 1] + sides + jpeg[start + 5 :]
    raise ValueError("this is no baseline JPEG")


def padded(jpeg: bytes, size: int) -> bytes:
    """The same picture with comments in front of it, at least ``size`` bytes in all."""
    filling = random.Random(5).randbytes(SEGMENT)  # noqa: S311 - noise, not a secret
    comment = COM + (SEGMENT + 2).to_bytes(2) + filling
    count = max(0, -(-(size - len(jpeg)) // len(comment)))
    return SOI + comment * count + jpeg[2:]


def garbage(jpeg: bytes, seed: int) -> bytes:
    """Random bytes of the same size between the markers of a picture."""
    return SOI + random.Random(seed).randbytes(len(jpeg) - 4) + EOI  # noqa: S311 - noise, not a secret
