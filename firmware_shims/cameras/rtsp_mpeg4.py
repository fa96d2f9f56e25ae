"""A camera that sends MPEG-4 over RTSP: what its reader gets are differences, and no JPEG to pass on.

Rule 1: all but the frames is as in rtsp.py; each client has an encoder of its own, and so a key frame first.
Rule 2: only in a process of cameras: OpenCV opens one encoder or reader at a time, and here one waits for the
other.
"""

from __future__ import annotations

import socket
from typing import ClassVar

import cv2
import numpy as np

from firmware_shims.cameras.feed import Frame
from firmware_shims.cameras.mpeg4 import PAYLOAD_TYPE, Mpeg4Encoder, packets
from firmware_shims.cameras.rtp_jpeg import CLOCK_HZ, interleaved
from firmware_shims.cameras.rtsp import RtspSender, Session
from firmware_shims.cameras.rtsp_faults import AT_OPEN


class Mpeg4Sender(RtspSender):
    """Sends ``feed`` as MPEG-4; it can stall, send garbage and tear down, as what it sends are no JPEGs."""

    faults: ClassVar[tuple[str, ...]] = ("stall", "garbage", "rst", *AT_OPEN)

    def serve(self, peer: socket.socket) -> None:
        """Requests, and from PLAY on frames, until somebody has had enough."""
        session = Mpeg4Session(self, peer)
        try:
            session.run()
        finally:
            session.encoder.close()


class Mpeg4Session(Session):
    """One connection to such a sender."""

    def __init__(self, sender: RtspSender, peer: socket.socket) -> None:
        super().__init__(sender, peer)
        self.encoder = Mpeg4Encoder(sender.feed.eye.size, sender.feed.fps)

    def media(self) -> str:
        """What DESCRIBE says of the stream; its headers come with every key frame."""
        named = f"a=rtpmap:{PAYLOAD_TYPE} MP4V-ES/{CLOCK_HZ}\r\na=fmtp:{PAYLOAD_TYPE} profile-level-id=1\r\n"
        return f"m=video 0 RTP/AVP {PAYLOAD_TYPE}\r\n{named}a=framerate:{self.sender.feed.fps:g}\r\n"

    def show(self, frame: Frame) -> None:
        """Send a frame."""
        picture = cv2.imdecode(np.frombuffer(frame.jpeg, dtype=np.uint8), cv2.IMREAD_COLOR)
        assert picture is not None
        coded = self.encoder.encode(np.asarray(picture, dtype=np.uint8))
        made = list(packets(coded, self.sequence, round(frame.at * CLOCK_HZ)))
        self.sequence += len(made)
        self.peer.sendall(b"".join(interleaved(packet, self.channel or 0) for packet in made))
