"""A JPEG as RTP packets, and packets in the stream of an RTSP connection.

Rule: RFC 2435 with its tables in the first packet (Q = 255), RFC 3550 5.1, RFC 2326 10.12; no I/O.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from firmware_shims.cameras.jpeg_lies import EOI, SOF0, SOS, segments

PAYLOAD = 1400
CLOCK_HZ = 90_000
JPEG_TYPE = 26
DQT = 0xDB
TABLES_IN_BAND = 255
SUBSAMPLED = 1
"""Type of a JPEG with 4:2:0 chroma (RFC 2435, 4.1)."""
SSRC = 0x49524F4E


@dataclass(frozen=True, slots=True)
class Scan:
    """What travels of a JPEG: sides in blocks of 8 pixels, quantisation tables, entropy-coded bytes."""

    width: int
    height: int
    tables: bytes
    data: bytes

    def half(self) -> Scan:
        """The first half of it."""
        return replace(self, data=self.data[: len(self.data) // 2])


def scan_of(jpeg: bytes) -> Scan:
    """Take a baseline JPEG apart; ValueError when RTP cannot carry it."""
    tables: dict[int, bytes] = {}
    width = height = 0
    for marker, start, end in segments(jpeg):
        held = jpeg[start:end]
        if marker == DQT:
            tables |= {held[at] & 15: held[at + 1 : at + 65] for at in range(0, len(held), 65)}
        elif marker == SOF0:
            height, width = int.from_bytes(held[1:3]), int.from_bytes(held[3:5])
        elif marker == SOS:
            if width % 8 or height % 8 or not 8 <= min(width, height) <= max(width, height) <= 2040:
                raise ValueError(f"RFC 2435 cannot carry {width}x{height} pixels")
            return Scan(width // 8, height // 8, tables[0] + tables[1], jpeg[end:].removesuffix(EOI))
    raise ValueError("this is no baseline JPEG")


def packets(scan: Scan, sequence: int, stamp: int) -> Iterator[bytes]:
    """RTP packets of one frame, numbered from ``sequence`` on; ``stamp`` counts 1/90000 s."""
    at = 0
    while True:
        tables = bytes(2) + len(scan.tables).to_bytes(2) + scan.tables if at == 0 else b""
        piece = scan.data[at : at + PAYLOAD - len(tables)]
        last = at + len(piece) >= len(scan.data)
        sides = bytes((SUBSAMPLED, TABLES_IN_BAND, scan.width, scan.height))
        yield header(sequence, stamp, last=last) + bytes(1) + at.to_bytes(3) + sides + tables + piece
        if last:
            return
        at, sequence = at + len(piece), sequence + 1


def header(sequence: int, stamp: int, *, last: bool, kind: int = JPEG_TYPE) -> bytes:
    """Header of an RTP packet; ``last`` marks the end of a frame."""
    numbers = (sequence & 0xFFFF).to_bytes(2) + (stamp & 0xFFFF_FFFF).to_bytes(4)
    return bytes((0x80, last << 7 | kind)) + numbers + SSRC.to_bytes(4)


def interleaved(packet: bytes, channel: int) -> bytes:
    """A packet in the middle of the stream of requests and answers."""
    return b"$" + bytes((channel,)) + len(packet).to_bytes(2) + packet
