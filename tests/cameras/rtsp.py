"""A camera that speaks RTSP over one TCP connection, as much of it as tests need (RFC 2326, 2435, 6416).

Rule: it sends what it is given; frames are a codec's packets, one a picture.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.cameras.senders import Peer

MPEG4 = b"m=video 0 RTP/AVP 96\r\na=rtpmap:96 MP4V-ES/90000\r\na=control:track\r\n"
JPEG = b"m=video 0 RTP/AVP 26\r\na=control:track\r\n"
ROOT = Path(__file__).parent.parent.parent
_CHUNK = 1200
_WRITER = """
import sys, cv2, numpy as np
from tests.cameras.senders import drawn
pictures, width, height = map(int, sys.argv[2:])
writer = cv2.VideoWriter(sys.argv[1], cv2.VideoWriter.fourcc(*"mp4v"), 20, (width, height))
for turn in range(pictures):
    writer.write(np.roll(drawn(1, width, height), turn * 2, axis=1))
writer.release()
"""


def mpeg4(folder: Path, pictures: int, width: int = 160, height: int = 96) -> list[bytes]:
    """Packets of an MPEG-4 stream, the first a key frame, taken out of an AVI file (chunks 00dc)."""
    file = folder / "stream.avi"
    # In a process of its own: where FFmpeg's memory is bounded, OpenCV's writer crashes at large pictures.
    sides = [str(number) for number in (pictures, width, height)]
    subprocess.run([sys.executable, "-c", _WRITER, str(file), *sides], cwd=ROOT, check=True, timeout=60)
    data = file.read_bytes()
    return list(_chunks(data, data.index(b"movi") + 4))


def _chunks(data: bytes, at: int) -> Iterator[bytes]:
    while (name := data[at : at + 4]) in (b"00dc", b"JUNK"):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        if name == b"00dc":
            yield data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def describe(peer: Peer, media: bytes, refuse: bytes = b"", moved: bytes = b"") -> None:
    """Answer until PLAY; ``refuse`` to a DESCRIBE without Authorization, ``moved`` to any at all."""
    asked = peer.asked
    while not asked.startswith(b"PLAY"):
        if moved and asked.startswith(b"DESCRIBE"):
            peer.send(_answer(asked, b"", b"").replace(b"200 OK", b"302 Moved\r\nLocation: " + moved))
        else:
            peer.send(_answer(asked, media, refuse))
        asked = _next(peer)
    peer.send(_answer(asked, media, refuse))


def _next(peer: Peer) -> bytes:
    asked = b""
    while b"\r\n\r\n" not in asked:
        more = peer.link.recv(4096)
        if not more:
            raise ConnectionResetError
        asked += more
    peer.heard.append(asked)
    return asked


def _answer(asked: bytes, media: bytes, refuse: bytes) -> bytes:
    lines = asked.split(b"\r\n")
    number = next(line for line in lines if line.lower().startswith(b"cseq"))
    status, extra, body = b"RTSP/1.0 200 OK", b"Session: 1\r\n", b""
    if asked.startswith(b"OPTIONS"):
        extra = b"Public: DESCRIBE, SETUP, PLAY, TEARDOWN\r\n"
    elif asked.startswith(b"DESCRIBE") and refuse and b"Authorization:" not in asked:
        status, extra = b"RTSP/1.0 401 Unauthorized", refuse
    elif asked.startswith(b"DESCRIBE"):
        extra = b"Content-Type: application/sdp\r\n"
        body = b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=camera\r\nt=0 0\r\n" + media
    elif asked.startswith(b"SETUP"):
        extra = b"Session: 1\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"
    length = b"Content-Length: %d\r\n" % len(body) if body else b""
    return status + b"\r\n" + number + b"\r\n" + extra + length + b"\r\n" + body


class Rtp:
    """Packets of one stream in the interleaved form (RFC 2326, 10.12)."""

    def __init__(self, peer: Peer, kind: int) -> None:
        self._peer, self._kind = peer, kind
        self._number = self._time = 0

    def send(self, payloads: list[bytes]) -> None:
        """The packets of one picture, the last one marked."""
        self._time += 4500
        for turn, payload in enumerate(payloads):
            last = 0x80 if turn == len(payloads) - 1 else 0
            head = bytes((0x80, last | self._kind)) + self._number.to_bytes(2) + self._time.to_bytes(4)
            packet = head + b"\x00\x00\x00\x07" + payload
            self._number = (self._number + 1) & 0xFFFF
            self._peer.send(b"$\x00" + len(packet).to_bytes(2) + packet)


def pieces(frame: bytes) -> list[bytes]:
    """An elementary stream as payloads (RFC 6416, 6.2)."""
    return [frame[at : at + _CHUNK] for at in range(0, len(frame), _CHUNK)]


def jpeg_pieces(jpeg: bytes, width: int, height: int) -> list[bytes]:
    """A baseline 4:2:0 JPEG with the usual Huffman tables as payloads (RFC 2435, 3.1)."""
    tables = b"".join(part[1:] for part in _tables(jpeg))
    at = jpeg.index(b"\xff\xda")
    scan = jpeg[at + 2 + int.from_bytes(jpeg[at + 2 : at + 4]) : -2]
    found = []
    for start in range(0, len(scan), _CHUNK):
        head = b"\x00" + start.to_bytes(3) + bytes((1, 255, width // 8, height // 8))
        quant = b"\x00\x00" + len(tables).to_bytes(2) + tables if start == 0 else b""
        found.append(head + quant + scan[start : start + _CHUNK])
    return found


def _tables(jpeg: bytes) -> Iterator[bytes]:
    at = 2
    while jpeg[at + 1] != 0xDA:
        size = int.from_bytes(jpeg[at + 2 : at + 4])
        if jpeg[at + 1] == 0xDB:
            body = jpeg[at + 4 : at + 2 + size]
            yield from (body[turn : turn + 65] for turn in range(0, len(body), 65))
        at += 2 + size
