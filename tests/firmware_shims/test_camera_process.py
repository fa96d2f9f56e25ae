"""Cameras in a process of their own, and as part of a whole room on wires."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from controller import config
from firmware_shims.bench import Bench, NotInTheRoomError
from firmware_shims.camera_process import CameraProcess
from firmware_shims.cameras.clock import read_clock
from firmware_shims.room_cameras import RoomCameras

SMALL = {"size": [640, 360], "fps": 30}
WAIT_S = 20.0


@pytest.fixture(scope="module")
def process() -> Iterator[CameraProcess]:
    with CameraProcess({"cameras": {"door": SMALL, "room": {**SMALL, "scheme": "rtsp"}}}) as process:
        yield process


def seen(url: str, since: float = 0.0) -> npt.NDArray[np.uint8]:
    """A picture that was drawn after a moment."""
    limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, 8000, cv2.CAP_PROP_READ_TIMEOUT_MSEC, 8000]
    capture = cv2.VideoCapture(url, cv2.CAP_FFMPEG, limits)
    try:
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end:
            ok, picture = capture.read()
            assert ok
            if not since or (read_clock(np.asarray(picture, dtype=np.uint8)) or 0.0) > since:
                return np.asarray(picture, dtype=np.uint8)
        raise AssertionError("no such picture came")
    finally:
        capture.release()


def refuses(url: str) -> bool:
    where = urlsplit(url)
    with socket.socket() as there:
        return there.connect_ex((str(where.hostname), int(where.port or 0))) != 0


def test_cameras_of_another_process_are_seen_and_tell_the_time_of_this_box(process: CameraProcess) -> None:
    for url in process.urls.values():
        begun = time.monotonic()
        assert (read_clock(seen(url, begun)) or 0.0) <= time.monotonic()


def test_orders_reach_the_room_and_the_cameras(process: CameraProcess) -> None:
    before = seen(process.urls["door"], time.monotonic())
    assert process.tell("stands", who="li", spot="door") == 0
    assert cv2.absdiff(before, seen(process.urls["door"], time.monotonic()))[20:].max() > 60
    assert process.tell("leaves", who="li", door="main") > 0.5
    process.tell("empty")
    process.tell("fault", camera="door", fault="lost")
    assert refuses(process.urls["door"])
    process.tell("back", camera="door")
    assert not refuses(process.urls["door"])


@pytest.mark.parametrize(
    ("order", "wrong"),
    [
        ({"do": "sing"}, "no such order"),
        ({"do": "opens"}, "no such order"),
        ({"do": "opens", "what": "side"}, "nothing called side"),
        ({"do": "fault", "camera": "door", "fault": "asleep"}, "door cannot be asleep"),
        ({"do": "walks", "who": "nobody", "spot": "table"}, "nobody called nobody"),
    ],
)
def test_a_wrong_order_is_named_and_the_next_is_carried_out(
    process: CameraProcess, order: dict[str, str], wrong: str
) -> None:
    with pytest.raises(ValueError, match=wrong):
        process.tell(**order)
    assert process.tell("empty") == 0


def test_stopped_it_is_gone_and_so_are_its_ports() -> None:
    with CameraProcess({"cameras": {"door": SMALL}}) as process:
        url = process.urls["door"]
    assert refuses(url)
    with pytest.raises(ValueError, match="closed file"):
        process.tell("empty")


def test_a_room_without_cameras_has_none_and_says_so(tmp_path: Path) -> None:
    site = config.load(config.builtin("example"))
    with Bench(site.text, site.addresses, tmp_path) as bench:
        assert "192.0.2.11" in bench.site.read_text()
        with pytest.raises(NotInTheRoomError, match="door is not a camera of this room"):
            bench.camera("door")


def test_a_room_with_cameras_shows_its_doors_as_their_contacts_are(tmp_path: Path) -> None:
    plain = config.load(config.builtin("example"))
    site = config.loads(plain.text.replace("rtsp://", "http://"), "http.toml")
    with Bench(site.text, site.addresses, tmp_path, cameras=site.cameras) as bench:
        moved = config.load(bench.site).cameras
        assert {urlsplit(url).hostname for url in moved.values()} == {"127.0.0.1"}
        assert [urlsplit(url).path for url in moved.values()] == ["/door", "/room"]
        shut = seen(moved["door"])
        bench.level("main.contact", "active")
        assert differs(moved["door"], shut)
        bench.camera("door").fault("lost")
        assert refuses(moved["door"])
        bench.camera("door").back()
        assert not refuses(moved["door"])
    assert refuses(moved["door"])


def differs(url: str, before: npt.NDArray[np.uint8]) -> bool:
    """Whether the picture becomes another than it was, by more than noise."""
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        if (cv2.absdiff(before, seen(url)).max(axis=2) > 40).mean() > 0.03:
            return True
    return False


def test_a_camera_on_a_wire_that_is_not_here_is_named() -> None:
    with pytest.raises(ValueError, match="can play v4l2:///dev/video0"):
        RoomCameras({"door": "v4l2:///dev/video0"}, {})
