"""One opened stream of one camera, through OpenCV. Rule 1: when it fails it is closed, never healed.

Rule 2: every way in which it can end is a StreamError, whose ``why`` is a stable word and whose text holds no
address. Rule 3: what it hands out is whole, within the limits, and masked already.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import Any, Literal

from hardware.cameras.address import Address
from hardware.cameras.areas import Area
from hardware.cameras.jpeg import LIMITS, JpegError, Limits, TooBigError, encoded, masked, size_of
from hardware.cameras.libraries import opencv
from hardware.cameras.masks import filled
from hardware.cameras.ring import Frame

_JPEG_CODEC = int.from_bytes(b"MJPG", "little")
# What some cameras put after the end of a picture, to fill a block.
_PADDING = b"\x00\r\n"
# Whoever had to wait so long for a picture got a new one; but not for ever, a camera may be quick.
_WAITED_S, _BACKLOG = 0.02, 50


Fault = Literal["lost", "ended", "stalled", "broken", "too_big", "flooding"]


class StreamError(Exception):
    """The stream cannot go on; ``why`` is one of ``Fault``, and the sentence holds no address."""

    def __init__(self, why: Fault, sentence: str) -> None:
        super().__init__(sentence)
        self.why = why


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds that opening a stream, and then each picture as a whole, may take.

    Neither can be interrupted, and looking up a host name is within none of them: give addresses in numbers.
    """

    open_s: float = 4.0
    read_s: float = 2.0


class Stream:
    """An opened stream; StreamError where the camera is not there, silent, or sends something else.

    MJPEG, by HTTP or RTSP, is passed on as it came. Other codecs (H.264, H.265, MPEG-4) are decoded, because
    their pictures build on each other, and encoded as JPEG where one is wanted; a decoder paints over what a
    damaged stream lacks, so that only MJPEG can be shown to be whole. Cameras of this box (V4L2) are read so,
    too; they could not be tried on a machine without one. RTSP is carried by TCP.
    """

    def __init__(
        self,
        address: Address,
        masks: tuple[Area, ...] = (),
        limits: Limits = LIMITS,
        timeouts: Timeouts = Timeouts(),
    ) -> None:
        self._cv2 = opencv()
        self._masks, self._limits, self._timeouts = masks, limits, timeouts
        self._backlog = _BACKLOG
        self._capture = self._opened(address)
        try:
            self._as_sent = self._ready(address)
        except StreamError:
            self.close()
            raise

    def _opened(self, address: Address) -> Any:
        cv2, began = self._cv2, monotonic()
        if address.device:
            capture = cv2.VideoCapture(address.device, cv2.CAP_V4L2)
        else:
            capture = cv2.VideoCapture(address.opened_as(), cv2.CAP_FFMPEG, self._parameters())
        if not capture.isOpened():
            capture.release()
            silent = monotonic() - began > self._timeouts.open_s * 0.9
            raise StreamError("lost", "does not answer" if silent else "refuses, or sends no known stream")
        return capture

    def _parameters(self) -> list[int]:
        """They count only here: afterwards OpenCV takes no timeout any more, and waits for 30 seconds."""
        open_ms, read_ms = round(self._timeouts.open_s * 1000), round(self._timeouts.read_s * 1000)
        cv2 = self._cv2
        return [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, open_ms, cv2.CAP_PROP_READ_TIMEOUT_MSEC, read_ms]

    def _ready(self, address: Address) -> bool:
        """Whether pictures come as JPEG and are passed on as such."""
        cv2, capture = self._cv2, self._capture
        wide, high = capture.get(cv2.CAP_PROP_FRAME_WIDTH), capture.get(cv2.CAP_PROP_FRAME_HEIGHT)
        if wide * high > self._limits.pixels:
            raise StreamError("too_big", f"sends {wide:.0f}x{high:.0f} pixels, which are too many")
        if address.device or int(capture.get(cv2.CAP_PROP_FOURCC)) != _JPEG_CODEC:
            return False
        if not capture.set(cv2.CAP_PROP_FORMAT, -1):
            raise StreamError("broken", "its pictures cannot be passed on as they came")
        return True

    @property
    def as_sent(self) -> bool:
        """Whether pictures are those of the camera, byte for byte (unless masked)."""
        return self._as_sent

    def grab(self) -> float:
        """Wait for the next picture; when it had arrived, in monotonic seconds. StreamError.

        Every picture must be grabbed, wanted or not: else the next ones are old ones. Those that came while
        the stream was being opened are passed over, as nobody knows when that was.
        """
        while self._backlog:
            began = monotonic()
            at = self._next()
            self._backlog = 0 if at - began > _WAITED_S else self._backlog - 1
            if not self._backlog:
                return at
        return self._next()

    def _next(self) -> float:
        began = monotonic()
        there = self._capture.grab()
        at = monotonic()
        # Half a picture, cut off by the timeout, is handed out as if it were one.
        if at - began > self._timeouts.read_s * 0.9:
            raise StreamError("stalled", "sends nothing more, or too slowly")
        if not there:
            raise StreamError("ended", "has ended the stream")
        return at

    def picture(self, at: float) -> Frame:
        """The picture that was grabbed at ``at``: looked at, within the limits, masked. JpegError."""
        there, pixels = self._capture.retrieve()
        if not there or pixels is None or pixels.size == 0:
            raise JpegError("no picture")
        jpeg = self._passed(pixels) if self._as_sent else self._encoded(pixels)
        width, height = size_of(jpeg, self._limits)
        return Frame(jpeg, at, width, height, bool(self._masks))

    def _passed(self, packet: Any) -> bytes:
        if packet.size > self._limits.bytes:
            raise TooBigError(f"{packet.size} bytes, at most {self._limits.bytes} are allowed")
        jpeg = packet.tobytes().rstrip(_PADDING)
        return masked(jpeg, self._masks, self._limits)

    def _encoded(self, pixels: Any) -> bytes:
        if pixels.ndim != 3 or pixels.shape[2] != 3:
            raise JpegError("no picture in colour")
        if pixels.shape[0] * pixels.shape[1] > self._limits.pixels:
            raise TooBigError("more pixels than allowed")
        return encoded(filled(pixels, self._masks))

    def close(self) -> None:
        """Let go of the camera."""
        self._capture.release()
