"""A camera that sends MJPEG over HTTP: a multipart answer that never ends, one JPEG a part.

Rule: HTTP/1.1 (RFC 9112), parts as in multipart.py; what it can do wrong stands in mjpeg_faults.py.
"""

from __future__ import annotations

import hmac
import socket
from base64 import b64encode

from firmware_shims.cameras.feed import Feed
from firmware_shims.cameras.mjpeg_faults import AT_OPEN, FAULTS
from firmware_shims.cameras.multipart import OPENING, part
from firmware_shims.cameras.sender import Sender, head

FRAME_S = 5.0
UNAUTHORISED = (
    b'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="camera"\r\n'
    b"Content-Length: 0\r\nConnection: close\r\n\r\n"
)


class MjpegSender(Sender):
    """Sends ``feed``; with ``login`` (name and password) only to those who know it (RFC 7617)."""

    scheme = "http"

    def __init__(self, feed: Feed, login: tuple[str, str] | None = None) -> None:
        super().__init__(feed)
        self._login = login and b64encode(":".join(login).encode()).decode()

    def serve(self, peer: socket.socket) -> None:
        """One request, and frames until somebody has had enough."""
        asked = head(peer)
        if asked is None:
            return
        if not self._may(asked):
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
            if self.wire in AT_OPEN or self.wire == "lost":
                return
            if self.wire in FAULTS:
                FAULTS[self.wire](self, peer, frame)
            else:
                peer.sendall(part(frame))

    def _may(self, asked: bytes) -> bool:
        if self._login is None:
            return True
        for line in asked.decode("latin-1").split("\r\n")[1:]:
            name, _, value = line.partition(":")
            if name.strip().lower() == "authorization":
                given = value.strip().removeprefix("Basic ")
                return hmac.compare_digest(given.encode(), self._login.encode())
        return False
