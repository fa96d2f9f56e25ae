"""What a camera that sends MJPEG can do wrong on the wire, by name.

Rule 1: each is a few lines that send; the connection is the sender's, which also ends it.
Rule 2: garbage is seeded by the frame's number, so that a fault can be told again.
"""

from __future__ import annotations

import random
import socket
from collections.abc import Callable

from firmware_shims.cameras.feed import Frame
from firmware_shims.cameras.jpeg_lies import claiming, forged, garbage, padded, truncated
from firmware_shims.cameras.multipart import part
from firmware_shims.cameras.sender import CHUNK, DRIP_BYTES, DRIP_S, ELSEWHERE, Sender, reset_on_close

HUGE = 30_000_000
GIGABYTES = 8 << 30
SIDE = 65_500
PLAYLIST = f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10.0,\n{ELSEWHERE}\n#EXT-X-ENDLIST\n"


def _stall(sender: Sender, _: socket.socket, __: Frame) -> None:
    """Nothing more comes, and the connection stays."""
    sender.wait_other("stall")


def _half(sender: Sender, peer: socket.socket, frame: Frame) -> None:
    """Half a frame, and nothing more; the connection is useless from then on."""
    whole = part(frame)
    peer.sendall(whole[: len(whole) // 2])
    sender.wait_other("half")
    peer.shutdown(socket.SHUT_RDWR)


def _garbage(_: Sender, peer: socket.socket, frame: Frame) -> None:
    """Random bytes where a part should begin."""
    peer.sendall(random.Random(frame.number).randbytes(CHUNK))  # noqa: S311 - noise, not a secret


def _garbage_jpeg(_: Sender, peer: socket.socket, frame: Frame) -> None:
    """A part of the right form with random bytes for a picture."""
    peer.sendall(part(frame, garbage(frame.jpeg, frame.number)))


def _truncated(_: Sender, peer: socket.socket, frame: Frame) -> None:
    """Half a JPEG in a part of the right form."""
    peer.sendall(part(frame, truncated(frame.jpeg)))


def _forged(_: Sender, peer: socket.socket, frame: Frame) -> None:
    """Half a JPEG that ends as if it were whole."""
    peer.sendall(part(frame, forged(frame.jpeg)))


def _gigantic_length(sender: Sender, peer: socket.socket, frame: Frame) -> None:
    """A part of gigabytes by its own account, of which chunks come at the rate of frames."""
    peer.sendall(part(frame, length=GIGABYTES))
    while not sender.wait_other("gigantic_length", 1 / sender.feed.fps):
        peer.sendall(bytes(CHUNK))
    peer.shutdown(socket.SHUT_RDWR)


def _gigantic_header(_: Sender, peer: socket.socket, frame: Frame) -> None:
    """A picture of four thousand million pixels by its own account."""
    peer.sendall(part(frame, claiming(frame.jpeg, SIDE, SIDE)))


def _huge(_: Sender, peer: socket.socket, frame: Frame) -> None:
    """A good picture with thirty million bytes of comment."""
    peer.sendall(part(frame, padded(frame.jpeg, HUGE)))


def _flood(_: Sender, peer: socket.socket, frame: Frame) -> None:
    """As many frames as the socket takes."""
    whole = part(frame)
    for _again in range(32):
        peer.sendall(whole)


def _drip(sender: Sender, peer: socket.socket, frame: Frame) -> None:
    """A kilobyte a second."""
    whole = part(frame)
    for start in range(0, len(whole), DRIP_BYTES):
        peer.sendall(whole[start : start + DRIP_BYTES])
        if sender.wait_other("drip", DRIP_S):
            peer.sendall(whole[start + DRIP_BYTES :])
            return


def _rst(_: Sender, peer: socket.socket, __: Frame) -> None:
    """The connection is torn down."""
    reset_on_close(peer)
    raise ConnectionResetError


def _silent(sender: Sender, _: socket.socket) -> None:
    """Takes the connection and never answers."""
    sender.wait_other("silent")


def _error(_: Sender, peer: socket.socket) -> None:
    peer.sendall(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def _playlist(_: Sender, peer: socket.socket) -> None:
    """Not a camera at all: a playlist that wants a file of the reader's own box to be opened."""
    kind = "Content-Type: application/vnd.apple.mpegurl"
    opening = f"HTTP/1.1 200 OK\r\n{kind}\r\nContent-Length: {len(PLAYLIST)}\r\nConnection: close\r\n\r\n"
    peer.sendall((opening + PLAYLIST).encode())


def _redirect(_: Sender, peer: socket.socket) -> None:
    """Sends the reader to a file of its own box."""
    empty = "Content-Length: 0\r\nConnection: close"
    peer.sendall(f"HTTP/1.1 302 Found\r\nLocation: {ELSEWHERE}\r\n{empty}\r\n\r\n".encode())


FAULTS: dict[str, Callable[[Sender, socket.socket, Frame], None]] = {
    "stall": _stall,
    "half": _half,
    "garbage": _garbage,
    "garbage_jpeg": _garbage_jpeg,
    "truncated": _truncated,
    "forged": _forged,
    "gigantic_length": _gigantic_length,
    "gigantic_header": _gigantic_header,
    "huge": _huge,
    "flood": _flood,
    "drip": _drip,
    "rst": _rst,
}
"""What goes wrong with a frame."""
AT_OPEN: dict[str, Callable[[Sender, socket.socket], None]] = {
    "silent": _silent,
    "error": _error,
    "playlist": _playlist,
    "redirect": _redirect,
}
"""What goes wrong with the answer to a request; whoever looks on is cut off first."""
