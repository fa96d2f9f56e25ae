"""Cameras as a foreign reader sees them on real sockets: who may look, and the faults of the wire."""

from __future__ import annotations

import time
from contextlib import closing

import cv2
import numpy as np
import pytest

from firmware_shims.cameras.camera import CameraShim, Make
from firmware_shims.cameras.clock import read_clock
from firmware_shims.cameras.scene import Scene
from tests.firmware_shims.camera_readers import (
    FPS,
    LIMITS,
    SCHEMES,
    SIZE,
    Wire,
    drained,
    frame,
    fresh,
    reader,
)


def test_ffmpeg_plays_it_and_the_clock_in_the_picture_is_the_time_it_was_drawn(camera: CameraShim) -> None:
    with reader(camera) as capture:
        begun = time.monotonic()
        picture = fresh(capture, begun)
        shown = read_clock(picture)
        assert shown is not None
        assert begun < shown <= time.monotonic()
        assert picture.shape == (SIZE[1], SIZE[0], 3)
        times = [read_clock(frame(capture)) or 0.0 for _ in range(8)]
    steps = np.diff(times)
    assert (steps > 0).all()
    assert np.median(steps) == pytest.approx(1 / FPS, abs=2 / FPS)


def test_what_happens_in_the_room_is_in_the_next_pictures(camera: CameraShim) -> None:
    with reader(camera) as capture:
        before = fresh(capture, time.monotonic())
        camera.eye.scene.stands("li", "door")
        after = fresh(capture, time.monotonic())
    assert cv2.absdiff(before, after)[20:].max() > 60


def test_several_look_at_the_same_camera_and_see_the_same_bytes(http: CameraShim) -> None:
    with closing(Wire(http)) as one, closing(Wire(http)) as other:
        one.head(), other.head()
        first = [one.part() for _ in range(10)]
        second = [other.part() for _ in range(10)]
    assert set(first) & set(second)


def test_nobody_looks_and_nothing_is_drawn(http: CameraShim) -> None:
    with closing(Wire(http)) as wire:
        wire.head(), wire.part()
        assert http.feed.listeners == 1
    assert http.feed.after(0, 0.0) is not None
    http.stop()
    assert http.feed.listeners == 0


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_camera_with_a_password_is_seen_by_who_knows_it_only(scheme: str) -> None:
    make = Make(size=SIZE, fps=FPS, scheme=scheme, login=("eye", "s3cret"))
    with CameraShim("door", Scene(), make) as camera:
        for login, may in (("", False), ("eye:wrong@", False), ("eye:s3cret@", True)):
            url = camera.url.replace("://", f"://{login}")
            capture = cv2.VideoCapture(url, cv2.CAP_FFMPEG, LIMITS)
            assert capture.isOpened() == may
            capture.release()


@pytest.mark.parametrize("lens", ["covered", "blinded"])
def test_a_covered_or_blinded_camera_goes_on_sending_and_comes_back(camera: CameraShim, lens: str) -> None:
    with reader(camera) as capture:
        good = fresh(capture, time.monotonic())
        camera.fault(lens)
        bad = fresh(capture, time.monotonic() + 1 / FPS)
        camera.back()
        again = fresh(capture, time.monotonic() + 1 / FPS)
    assert bad[20:].std() < good[20:].std() / 2
    assert cv2.absdiff(good, again)[20:].mean() < 8


@pytest.mark.parametrize("fault", ["stall", "half", "garbage", "rst", "lost"])
def test_after_a_fault_of_the_wire_a_new_reader_plays_it_again(camera: CameraShim, fault: str) -> None:
    with reader(camera) as capture:
        frame(capture)
        camera.fault(fault)
        camera.back()
    with reader(camera) as capture:
        assert read_clock(frame(capture)) is not None


@pytest.mark.parametrize("fault", ["lost", "error", "redirect"])
def test_a_camera_that_refuses_cannot_be_opened(camera: CameraShim, fault: str) -> None:
    camera.fault(fault)
    with reader(camera) as capture:
        assert not capture.isOpened()


def test_a_playlist_of_files_is_no_camera(http: CameraShim) -> None:
    http.fault("playlist")
    with closing(Wire(http)) as wire:
        assert wire.head()["content-type"] == "application/vnd.apple.mpegurl"
        assert b"file:///etc/passwd" in wire.stream.read()


def test_a_lost_camera_refuses_and_keeps_its_port(http: CameraShim, wire: Wire) -> None:
    http.fault("lost")
    while wire.socket.recv(65536):
        pass
    with pytest.raises(ConnectionRefusedError):
        Wire(http)
    http.back()
    with closing(Wire(http)) as again:
        assert again.head()


def test_a_stalled_camera_keeps_the_connection_and_sends_nothing(http: CameraShim, wire: Wire) -> None:
    http.fault("stall")
    drained(wire)
    http.back()
    with closing(Wire(http)) as again:
        assert again.head()


def test_half_a_frame_ends_in_the_middle(http: CameraShim, wire: Wire) -> None:
    http.fault("half")
    _, _, last = drained(wire).rpartition(b"Content-Length: ")
    length, _, rest = last.partition(b"\r\n")
    body = rest.partition(b"\r\n\r\n")[2]
    assert 0 < len(body) < int(length)
    assert body.startswith(b"\xff\xd8")


def test_a_silent_camera_takes_the_connection_and_does_not_answer(http: CameraShim) -> None:
    http.fault("silent")
    with closing(Wire(http)) as wire:
        wire.socket.settimeout(0.3)
        with pytest.raises(TimeoutError):
            wire.socket.recv(1)


def test_a_torn_down_connection_ends_in_a_reset(http: CameraShim, wire: Wire) -> None:
    http.fault("rst")
    with pytest.raises(ConnectionResetError):
        drained(wire)


def test_a_camera_knows_its_faults_only(camera: CameraShim) -> None:
    with pytest.raises(ValueError, match=r"door cannot be asleep; it can be covered, .* lost"):
        camera.fault("asleep")
