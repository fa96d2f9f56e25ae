"""A camera that sends MJPEG over HTTP: a multipart answer that never ends, one JPEG a part.

Rule: HTTP/1.1 (RFC 9112), parts as in multipart.py; what it can do wrong stands in mjpeg_faults.py.
"""

from __future__ import annotations

import socket
from typing import ClassVar

from firmware_shims.cameras.mjpeg_faults import AT_OPEN, FAULTS
from firmware_shims.cameras.multipart import OPENING, part
from firmware_shims.cameras.sender import FRAME_S, Sender, head, may

UNAUTHORISED = (
    b'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="camera"\r\n'
    b"Content-Length: 0\r\nConnection: close\r\n\r\n"
)


class MjpegSender(Sender):
    """Sends ``feed``; with ``login`` (name and password) only to those who know it."""

    scheme: ClassVar[str] = "http"
    faults: ClassVar[tuple[str, ...]] = (*FAULTS, *AT_OPEN)
    at_open: ClassVar[tuple[str, ...]] = tuple(AT_OPEN)

    def serve(self, peer: socket.socket) -> None:
        """One request, and frames until somebody has had enough."""
        asked = head(peer)
        if asked is None:
            return
        if not may(_authorisation(asked), self.login):
            peer.sendall(UNAUTHORISED)
        elif self.wire in AT_OPEN:
            AT_OPEN[self.wire](self, peer)
        else:
            with self.feed.listened():
                self._stream(peer)

    def _stream(self, peer: socket.socket) -> None:
        peer.sendall(OPENING)
        number = 0
        while not self.over and (frame := self.feed.after(number, FRAME_S)):
            number = frame.number
            if self.gone:
                return
            if self.wire in FAULTS:
                FAULTS[self.wire](self, peer, frame)
            else:
                peer.sendall(part(frame))


def _authorisation(asked: bytes) -> str:
    for line in asked.decode("latin-1").split("\r\n")[1:]:
        name, _, value = line.partition(":")
        if name.strip().lower() == "authorization":
            return value.strip()
    return ""
