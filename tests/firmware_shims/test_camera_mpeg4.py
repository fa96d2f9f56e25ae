"""The camera whose codec sends differences: frame by frame, and through FFmpeg on a real socket."""

from __future__ import annotations

import time

import cv2
import numpy as np
import pytest

from firmware_shims.camera_process import CameraProcess
from firmware_shims.cameras.clock import read_clock
from firmware_shims.cameras.eye import Eye
from firmware_shims.cameras.mpeg4 import Mpeg4Encoder, packets
from firmware_shims.cameras.scene import Scene

KEY, DIFFERENCE = b"\x00\x00\x01\xb0", b"\x00\x00\x01\xb6"
WAIT_S = 20.0


@pytest.mark.parametrize("size", [(640, 360), (1280, 720)])
def test_every_picture_gives_one_frame_at_once_and_the_first_is_a_key(size: tuple[int, int]) -> None:
    eye, encoder = Eye(Scene(), "room", size), Mpeg4Encoder(size, 25)
    frames = [encoder.encode(eye.picture(1 + number / 25)) for number in range(14)]
    encoder.close()
    assert frames[0].startswith(KEY)
    assert all(frame.startswith(DIFFERENCE) for frame in frames[1:10])
    assert len(frames[0]) > 3 * len(frames[5])
    assert KEY in {frame[:4] for frame in frames[1:]}


def test_a_frame_goes_into_packets_of_which_the_last_is_marked() -> None:
    made = list(packets(bytes(3000), 65_534, 9))
    assert b"".join(packet[12:] for packet in made) == bytes(3000)
    assert [packet[1] for packet in made] == [96, 96, 96 | 128]
    assert [int.from_bytes(packet[2:4]) for packet in made] == [65_534, 65_535, 0]


def test_ffmpeg_plays_it_and_reads_the_clock_out_of_differences() -> None:
    made = {"size": [640, 360], "fps": 50, "scheme": "rtsp+mpeg4"}
    with CameraProcess({"cameras": {"door": made}}) as process:
        limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, 8000, cv2.CAP_PROP_READ_TIMEOUT_MSEC, 8000]
        capture = cv2.VideoCapture(process.urls["door"], cv2.CAP_FFMPEG, limits)
        begun, shown = time.monotonic(), list[float]()
        while len(shown) < 5 and time.monotonic() < begun + WAIT_S:
            ok, picture = capture.read()
            assert ok
            moment = read_clock(np.asarray(picture, dtype=np.uint8))
            assert moment is not None
            shown += [moment] if moment > begun else []
        capture.release()
    assert len(shown) == 5
    assert sorted(set(shown)) == shown
    assert shown[-1] <= time.monotonic()
