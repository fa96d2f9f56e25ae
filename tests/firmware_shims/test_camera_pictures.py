"""Faults that stand in the pictures of an MJPEG camera: frozen, looped, broken and far too large ones."""

from __future__ import annotations

import time

import cv2
import numpy as np

from firmware_shims.cameras.camera import CameraShim
from firmware_shims.cameras.clock import read_clock
from firmware_shims.cameras.mjpeg_faults import GIGABYTES, HUGE
from tests.firmware_shims.camera_readers import FPS, LOOP_S, SIZE, Wire, decoded, until, until_same


def test_a_frozen_camera_repeats_one_frame_byte_by_byte(http: CameraShim, wire: Wire) -> None:
    http.fault("frozen")
    same = until_same(wire)
    assert {wire.part() for _ in range(6)} == {same}
    http.back()
    until(wire, lambda part: part != same)


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
