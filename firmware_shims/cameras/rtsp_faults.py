"""What a camera that speaks RTSP can do wrong on the wire, by name: the same names as over HTTP.

Rule: a receiver of RTP/JPEG makes the end of a picture itself, so half a picture is a forged one here.
"""

from __future__ import annotations

import random
import socket
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from firmware_shims.cameras.feed import Frame
from firmware_shims.cameras.rtp_jpeg import Scan, scan_of
from firmware_shims.cameras.rtsp_requests import Request, answer
from firmware_shims.cameras.sender import CHUNK, DRIP_BYTES, DRIP_S, ELSEWHERE, Sender, reset_on_close

MOST_BLOCKS = 255
BURST = 32


class Speaking(Protocol):
    """What a fault needs of a connection."""

    peer: socket.socket

    @property
    def sender(self) -> Sender:
        """Whose connection it is."""

    def send(self, scan: Scan, at: float) -> None:
        """Send a frame."""

    def wrapped(self, scan: Scan, at: float) -> bytes:
        """A frame as it travels."""


def _stall(session: Speaking, _: Frame) -> None:
    """Nothing more comes, and the connection stays."""
    session.sender.wait_other("stall")


def _half(session: Speaking, frame: Frame) -> None:
    """Half a frame, and nothing more; the connection is useless from then on."""
    whole = session.wrapped(scan_of(frame.jpeg), frame.at)
    session.peer.sendall(whole[: len(whole) // 2])
    session.sender.wait_other("half")
    session.peer.shutdown(socket.SHUT_RDWR)


def _garbage(session: Speaking, frame: Frame) -> None:
    """Random bytes where a packet should begin."""
    session.peer.sendall(random.Random(frame.number).randbytes(CHUNK))  # noqa: S311 - noise, not a secret


def _garbage_jpeg(session: Speaking, frame: Frame) -> None:
    """Packets of the right form with random bytes for a picture."""
    scan = scan_of(frame.jpeg)
    noise = random.Random(frame.number).randbytes(len(scan.data))  # noqa: S311 - noise, not a secret
    session.send(replace(scan, data=noise), frame.at)


def _truncated(session: Speaking, frame: Frame) -> None:
    """Half a picture that says it was the whole one."""
    session.send(scan_of(frame.jpeg).half(), frame.at)


def _gigantic_header(session: Speaking, frame: Frame) -> None:
    """The largest sides that a packet can claim, around the bytes of a smaller picture."""
    session.send(replace(scan_of(frame.jpeg), width=MOST_BLOCKS, height=MOST_BLOCKS), frame.at)


def _huge(session: Speaking, frame: Frame) -> None:
    """Packets that go on to the last offset that they can tell, sixteen million bytes of one frame."""
    scan = scan_of(frame.jpeg)
    session.send(
        replace(scan, data=(scan.data * (1 + (1 << 24) // len(scan.data)))[: (1 << 24) - 1]), frame.at
    )


def _flood(session: Speaking, frame: Frame) -> None:
    """As many frames as the socket takes."""
    scan = scan_of(frame.jpeg)
    for again in range(BURST):
        session.send(scan, frame.at + again / 1000)


def _drip(session: Speaking, frame: Frame) -> None:
    """A kilobyte a second."""
    whole = session.wrapped(scan_of(frame.jpeg), frame.at)
    for start in range(0, len(whole), DRIP_BYTES):
        session.peer.sendall(whole[start : start + DRIP_BYTES])
        if session.sender.wait_other("drip", DRIP_S):
            session.peer.sendall(whole[start + DRIP_BYTES :])
            return


def _rst(session: Speaking, _: Frame) -> None:
    """The connection is torn down."""
    reset_on_close(session.peer)
    raise ConnectionResetError


def _silent(session: Speaking, _: Request) -> None:
    """Takes the request and never answers."""
    session.sender.wait_other("silent")


def _error(session: Speaking, request: Request) -> None:
    session.peer.sendall(answer(request, 500))


def _redirect(session: Speaking, request: Request) -> None:
    """Sends the reader to a file of its own box."""
    session.peer.sendall(answer(request, 302, Location=ELSEWHERE))


FAULTS: dict[str, Callable[[Speaking, Frame], None]] = {
    "stall": _stall,
    "half": _half,
    "garbage": _garbage,
    "garbage_jpeg": _garbage_jpeg,
    "truncated": _truncated,
    "gigantic_header": _gigantic_header,
    "huge": _huge,
    "flood": _flood,
    "drip": _drip,
    "rst": _rst,
}
"""What goes wrong with a frame."""
AT_OPEN: dict[str, Callable[[Speaking, Request], None]] = {
    "silent": _silent,
    "error": _error,
    "redirect": _redirect,
}
"""What goes wrong with the first answer; whoever looks on is cut off first."""
