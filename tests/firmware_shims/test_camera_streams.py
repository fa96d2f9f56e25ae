"""Cameras as a foreign reader sees them: FFmpeg, through OpenCV, on real sockets; and as bytes."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import BinaryIO
from urllib.parse import urlsplit

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from firmware_shims.cameras.camera import CameraShim, Make
from firmware_shims.cameras.clock import read_clock
from firmware_shims.cameras.mjpeg_faults import GIGABYTES, HUGE
from firmware_shims.cameras.scene import Scene

SIZE = (640, 360)
FPS = 50.0
LOOP_S = 0.4
WAIT_S = 20.0
LIMITS = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, 8000, cv2.CAP_PROP_READ_TIMEOUT_MSEC, 8000]
SCHEMES = ["http", "rtsp"]


@pytest.fixture(params=SCHEMES)
def camera(request: pytest.FixtureRequest) -> Iterator[CameraShim]:
    with CameraShim("door", Scene(), Make(size=SIZE, fps=FPS, scheme=request.param)) as camera:
        yield camera


@pytest.fixture
def http() -> Iterator[CameraShim]:
    with CameraShim("door", Scene(), Make(size=SIZE, fps=FPS, loop_s=LOOP_S)) as camera:
        yield camera


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


@pytest.fixture
def wire(http: CameraShim) -> Iterator[Wire]:
    with closing(Wire(http)) as wire:
        assert "multipart/x-mixed-replace" in wire.head()["content-type"]
        assert wire.part().endswith(b"\xff\xd9")
        yield wire


def until(wire: Wire, fits: Callable[[bytes], bool]) -> bytes:
    """The first part that fits; the fault begins with one of the next frames."""
    for _ in range(int(FPS * LOOP_S * 3)):
        if fits(part := wire.part()):
            return part
    raise AssertionError("no such part came")


def decoded(jpeg: bytes) -> npt.NDArray[np.uint8]:
    picture = cv2.imdecode(np.frombuffer(jpeg, dtype=np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(picture, dtype=np.uint8)


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


def test_a_frozen_camera_repeats_one_frame_byte_by_byte(http: CameraShim, wire: Wire) -> None:
    http.fault("frozen")
    same = until_same(wire)
    assert {wire.part() for _ in range(6)} == {same}
    http.back()
    until(wire, lambda part: part != same)


def until_same(wire: Wire) -> bytes:
    """The first part that is the same as the one before."""
    last = wire.part()
    for _ in range(int(FPS * 4)):
        if (part := wire.part()) == last:
            return part
        last = part
    raise AssertionError("it does not freeze")


def test_a_frozen_camera_with_a_running_clock_changes_nothing_but_the_clock(
    http: CameraShim, wire: Wire
) -> None:
    http.fault("frozen_clock")
    for _ in range(4):
        wire.part()
    first, second = decoded(wire.part()), decoded(wire.part())
    assert (read_clock(second) or 0) > (read_clock(first) or 0)
    assert np.array_equal(first[32:], second[32:])


def test_a_looped_camera_repeats_a_stretch_bit_by_bit(http: CameraShim, wire: Wire) -> None:
    long = int(FPS * LOOP_S)
    http.fault("looped")
    parts = [wire.part() for _ in range(3 * long)]
    assert len(set(parts[long:])) <= long + 1
    assert len(set(parts)) > long // 2
    times = [read_clock(decoded(part)) or 0.0 for part in parts[-long:]]
    assert max(times) < time.monotonic() - LOOP_S / 4


def test_a_loop_that_is_encoded_anew_has_new_bytes_and_old_pictures(http: CameraShim, wire: Wire) -> None:
    long = int(FPS * LOOP_S)
    http.fault("looped_anew")
    parts = [wire.part() for _ in range(3 * long)]
    assert len(set(parts)) == len(parts)
    times = [read_clock(decoded(part)) for part in parts[long:]]
    assert len(set(times)) <= long + 1


def test_a_loop_under_a_running_clock_shows_the_old_room_at_the_right_time(
    http: CameraShim, wire: Wire
) -> None:
    http.fault("looped_clock")
    http.eye.scene.stands("li", "door")
    for _ in range(int(FPS * LOOP_S) + 8):
        wire.part()
    begun = time.monotonic()
    http.eye.scene.empty()
    for _ in range(int(FPS)):
        picture = decoded(wire.part())
    assert (read_clock(picture) or 0.0) > begun - LOOP_S
    http.back()
    assert cv2.absdiff(decoded(until(wire, bool)), picture)[32:].max() > 0


def test_a_truncated_frame_comes_in_a_whole_part_without_an_end(http: CameraShim, wire: Wire) -> None:
    http.fault("truncated")
    part = until(wire, lambda part: not part.endswith(b"\xff\xd9"))
    assert part.startswith(b"\xff\xd8")


def test_a_forged_end_fools_a_decoder(http: CameraShim, wire: Wire) -> None:
    whole = len(wire.part())
    http.fault("forged")
    part = until(wire, lambda part: len(part) < whole * 0.7)
    assert part.startswith(b"\xff\xd8")
    assert part.endswith(b"\xff\xd9")
    assert decoded(part).shape == (SIZE[1], SIZE[0], 3)


def test_a_part_of_garbage_has_the_ends_of_a_picture_and_is_none(http: CameraShim, wire: Wire) -> None:
    http.fault("garbage_jpeg")
    part = until(wire, lambda part: part[2:3] != b"\xff")
    assert part.startswith(b"\xff\xd8")
    assert part.endswith(b"\xff\xd9")
    assert cv2.imdecode(np.frombuffer(part, dtype=np.uint8), cv2.IMREAD_COLOR) is None


def test_a_gigantic_header_claims_four_thousand_million_pixels(http: CameraShim, wire: Wire) -> None:
    http.fault("gigantic_header")
    until(wire, lambda part: (65_500).to_bytes(2) * 2 in part[:1000])


def test_a_gigantic_part_says_so_and_keeps_coming(http: CameraShim, wire: Wire) -> None:
    http.fault("gigantic_length")
    while int(length := wire.head()["content-length"]) != GIGABYTES:
        wire.stream.read(int(length) + 2)
    assert len(wire.stream.read(3 * 65_536)) == 3 * 65_536


def test_a_huge_part_is_a_good_picture_of_thirty_million_bytes(http: CameraShim, wire: Wire) -> None:
    http.fault("huge")
    part = until(wire, lambda part: len(part) >= HUGE)
    assert read_clock(decoded(part)) is not None


def test_a_flood_is_faster_than_any_camera(http: CameraShim, wire: Wire) -> None:
    http.fault("flood")
    same = until_same(wire)
    assert [wire.part() for _ in range(8)].count(same) >= 7


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
