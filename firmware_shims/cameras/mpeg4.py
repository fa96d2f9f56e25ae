"""Pictures as an MPEG-4 stream, one by one: a codec that sends differences, as cameras on RTSP mostly do.

Rule: the encoder is OpenCV's own FFmpeg, which writes AVI into a pipe; what is read back out of it are the
frames (ISO/IEC 14496-2), key frames with their headers, for RTP as RFC 6416 says.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2

from firmware_shims.cameras.rtp_jpeg import PAYLOAD, header
from firmware_shims.cameras.textures import Picture

ROOM_BYTES = 1 << 20
"""What the pipe holds: a frame has to fit, as nobody reads while it is written."""
PAYLOAD_TYPE = 96
FRAME = b"00dc"
_LISTS = {b"RIFF", b"LIST"}


class Mpeg4Encoder:
    """Encodes pictures of ``size`` (width, height) at ``fps``; raises OSError where FFmpeg cannot."""

    def __init__(self, size: tuple[int, int], fps: float) -> None:
        self._held = b""
        with TemporaryDirectory(prefix="ironroom-") as folder:
            pipe = Path(folder) / "stream.avi"
            os.mkfifo(pipe, 0o600)
            self._pipe = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
            fcntl.fcntl(self._pipe, fcntl.F_SETPIPE_SZ, ROOM_BYTES)
            kind = cv2.VideoWriter.fourcc(*"mp4v")
            self._writer = cv2.VideoWriter(str(pipe), cv2.CAP_FFMPEG, kind, fps, size)
        if not self._writer.isOpened():
            self.close()
            raise OSError("this OpenCV cannot encode MPEG-4")

    def encode(self, picture: Picture) -> bytes:
        """The frame of a picture."""
        self._writer.write(picture)
        self._held += os.read(self._pipe, ROOM_BYTES)
        return b"".join(self._frames())

    def close(self) -> None:
        """End."""
        self._writer.release()
        os.close(self._pipe)

    def _frames(self) -> Iterator[bytes]:
        """Frames out of the chunks that came: a name of four letters, a length, and so many bytes."""
        while len(self._held) >= 12:
            name, size = self._held[:4], int.from_bytes(self._held[4:8], "little")
            if name in _LISTS:
                self._held = self._held[12:]
                continue
            end = 8 + size + (size & 1)
            if len(self._held) < end:
                return
            if name == FRAME:
                yield self._held[8 : 8 + size]
            self._held = self._held[end:]


def packets(frame: bytes, sequence: int, stamp: int) -> Iterator[bytes]:
    """RTP packets of one frame (RFC 6416, 5.1), numbered from ``sequence`` on; the last is marked."""
    for number, start in enumerate(range(0, len(frame), PAYLOAD)):
        last = start + PAYLOAD >= len(frame)
        head = header(sequence + number, stamp, last=last, kind=PAYLOAD_TYPE)
        yield head + frame[start : start + PAYLOAD]
