"""A camera that sends RTP/JPEG over RTSP, in the connection of the requests.

Rule: RTSP 1.0 (RFC 2326) over TCP alone; one connection is one session. Lies stand in rtsp_faults.py.
"""

from __future__ import annotations

import select
import socket
from collections.abc import Callable
from typing import ClassVar

from firmware_shims.cameras.feed import Frame
from firmware_shims.cameras.rtp_jpeg import CLOCK_HZ, JPEG_TYPE, Scan, interleaved, packets, scan_of
from firmware_shims.cameras.rtsp_faults import AT_OPEN, FAULTS
from firmware_shims.cameras.rtsp_requests import (
    SESSION,
    Request,
    Requests,
    TooMuchError,
    answer,
    description,
)
from firmware_shims.cameras.sender import FRAME_S, Sender, may

RECEIVED = 4096


class RtspSender(Sender):
    """Sends ``feed``; with ``login`` (name and password) only to those who know it."""

    scheme: ClassVar[str] = "rtsp"
    faults: ClassVar[tuple[str, ...]] = (*FAULTS, *AT_OPEN)
    at_open: ClassVar[tuple[str, ...]] = tuple(AT_OPEN)

    def serve(self, peer: socket.socket) -> None:
        """Requests, and from PLAY on frames, until somebody has had enough."""
        Session(self, peer).run()


class Session:
    """One connection to ``sender``."""

    def __init__(self, sender: RtspSender, peer: socket.socket) -> None:
        self.sender, self.peer = sender, peer
        self.channel: int | None = None
        self.playing = False
        self._requests = Requests()
        self.sequence = 1
        self._open = True

    def run(self) -> None:
        """Serve it to its end."""
        while self._open and not self.playing and not self.sender.over:
            self._hear()
        if self._open:
            with self.sender.feed.listened():
                self._play()

    def send(self, scan: Scan, at: float) -> None:
        """Send a frame."""
        self.peer.sendall(self.wrapped(scan, at))

    def wrapped(self, scan: Scan, at: float) -> bytes:
        """A frame as it travels; ``at`` is its second."""
        made = [
            interleaved(packet, self.channel or 0)
            for packet in packets(scan, self.sequence, round(at * CLOCK_HZ))
        ]
        self.sequence += len(made)
        return b"".join(made)

    def _play(self) -> None:
        number = 0
        heard = select.poll()
        heard.register(self.peer, select.POLLIN)
        while self._open and not self.sender.over and (frame := self.sender.feed.after(number, FRAME_S)):
            number = frame.number
            if self.sender.gone:
                return
            self._frame(frame)
            if heard.poll(0):
                self._hear()

    def _frame(self, frame: Frame) -> None:
        if self.sender.wire in FAULTS:
            FAULTS[self.sender.wire](self, frame)
        else:
            self.show(frame)

    def show(self, frame: Frame) -> None:
        """Send a frame as it is."""
        self.send(scan_of(frame.jpeg), frame.at)

    def _hear(self) -> None:
        data = self.peer.recv(RECEIVED)
        try:
            requests = list(self._requests.take(data))
        except (TooMuchError, ValueError):
            data, requests = b"", []
        self._open = bool(data)
        for request in requests:
            self._answer(request)

    def _answer(self, request: Request) -> None:
        wire = self.sender.wire
        if wire in AT_OPEN:
            AT_OPEN[wire](self, request)
            self._open = False
        elif not may(request.headers.get("authorization", ""), self.sender.login):
            self.peer.sendall(answer(request, 401, WWW_Authenticate='Basic realm="camera"'))
        else:
            self.peer.sendall(self._reply(request))

    def _reply(self, request: Request) -> bytes:
        reply = REPLIES.get(request.method)
        return reply(self, request) if reply else answer(request, 405, Allow=", ".join(REPLIES))

    def options(self, request: Request) -> bytes:
        """What can be asked."""
        return answer(request, Public=", ".join(REPLIES))

    def describe(self, request: Request) -> bytes:
        """What there is to see."""
        return answer(request, body=description(self.media()), Content_Base=f"{request.url}/")

    def set_up(self, request: Request) -> bytes:
        """Where packets go: into this connection, or nowhere."""
        if request.channel is None:
            return answer(request, 461)
        self.channel = request.channel
        both = f"{self.channel}-{self.channel + 1}"
        return answer(request, Transport=f"RTP/AVP/TCP;unicast;interleaved={both}", Session=SESSION)

    def play(self, request: Request) -> bytes:
        """Begin."""
        self.playing = self.channel is not None
        return answer(request, Session=SESSION) if self.playing else answer(request, 454)

    def alive(self, request: Request) -> bytes:
        """Somebody is still there."""
        return answer(request, Session=SESSION)

    def tear_down(self, request: Request) -> bytes:
        """End."""
        self._open = False
        return answer(request, Session=SESSION)

    def media(self) -> str:
        """What DESCRIBE says of the stream."""
        rate = f"a=framerate:{self.sender.feed.fps:g}\r\n"
        return f"m=video 0 RTP/AVP {JPEG_TYPE}\r\na=rtpmap:{JPEG_TYPE} JPEG/{CLOCK_HZ}\r\n{rate}"


REPLIES: dict[str, Callable[[Session, Request], bytes]] = {
    "OPTIONS": Session.options,
    "DESCRIBE": Session.describe,
    "SETUP": Session.set_up,
    "PLAY": Session.play,
    "GET_PARAMETER": Session.alive,
    "TEARDOWN": Session.tear_down,
}
