"""Foreign readers of a camera: FFmpeg, through OpenCV, and a client that keeps every byte.

Rule: a reader knows the camera's address only, never what it is playing.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO
from urllib.parse import urlsplit

import cv2
import numpy as np
import numpy.typing as npt

from firmware_shims.cameras.camera import CameraShim
from firmware_shims.cameras.clock import read_clock

SIZE = (640, 360)
FPS = 50.0
LOOP_S = 0.4
WAIT_S = 20.0
LIMITS = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, 8000, cv2.CAP_PROP_READ_TIMEOUT_MSEC, 8000]
SCHEMES = ["http", "rtsp"]


@contextmanager
def reader(camera: CameraShim) -> Iterator[cv2.VideoCapture]:
    capture = cv2.VideoCapture(camera.url, cv2.CAP_FFMPEG, LIMITS)
    try:
        yield capture
    finally:
        capture.release()


def frame(capture: cv2.VideoCapture) -> npt.NDArray[np.uint8]:
    ok, picture = capture.read()
    assert ok
    return np.asarray(picture, dtype=np.uint8)


def fresh(capture: cv2.VideoCapture, since: float) -> npt.NDArray[np.uint8]:
    """The first frame that was drawn after a moment; what the reader hoarded before is passed over."""
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        picture = frame(capture)
        if (read_clock(picture) or 0.0) > since:
            return picture
    raise AssertionError("no frame came")


class Wire:
    """An HTTP client that believes nothing and keeps everything."""

    def __init__(self, camera: CameraShim) -> None:
        where = urlsplit(camera.url)
        assert where.hostname
        assert where.port
        self.socket = socket.create_connection((where.hostname, where.port), timeout=WAIT_S)
        self.socket.sendall(b"GET /door HTTP/1.1\r\nHost: camera\r\n\r\n")
        self.stream: BinaryIO = self.socket.makefile("rb")

    def head(self) -> dict[str, str]:
        lines: list[str] = []
        while (line := self.stream.readline(1000).decode("latin-1").strip()) or not lines:
            lines.append(line)
            assert len(lines) < 20
        return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}

    def part(self) -> bytes:
        body = self.stream.read(int(self.head()["content-length"]))
        self.stream.readline()
        return body

    def close(self) -> None:
        self.stream.close()
        self.socket.close()


def until(wire: Wire, fits: Callable[[bytes], bool]) -> bytes:
    """The first part that fits; the fault begins with one of the next frames."""
    for _ in range(int(FPS * LOOP_S * 3)):
        if fits(part := wire.part()):
            return part
    raise AssertionError("no such part came")


def until_same(wire: Wire) -> bytes:
    """The first part that is the same as the one before."""
    last = wire.part()
    for _ in range(int(FPS * 4)):
        if (part := wire.part()) == last:
            return part
        last = part
    raise AssertionError("it does not freeze")


def drained(wire: Wire) -> bytes:
    """All that still comes until nothing comes any more, though the connection stays."""
    wire.socket.settimeout(0.4)
    data = b""
    with suppress(TimeoutError):
        while more := wire.socket.recv(65_536):
            data += more
            assert len(data) < 30_000_000
        raise AssertionError("the connection was closed")
    return data


def decoded(jpeg: bytes) -> npt.NDArray[np.uint8]:
    picture = cv2.imdecode(np.frombuffer(jpeg, dtype=np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(picture, dtype=np.uint8)
