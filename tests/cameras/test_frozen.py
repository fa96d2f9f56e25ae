"""A picture that stands still and a recording that is played again are found, with a clock in them too."""

from __future__ import annotations

from bench.eyes_camera import again
from hardware.cameras.lasting import BACK
from tests.cameras.honesty_rig import GOOD, Camera, pictures, sensor, table


def test_the_same_bytes_for_ten_seconds_are_a_frozen_camera() -> None:
    camera = Camera()
    camera.sees(GOOD, 3)
    assert camera.until("frozen", lambda _: pictures(GOOD)[0], 20) <= 13


def test_a_running_clock_does_not_hide_a_frozen_picture() -> None:
    camera = Camera()
    frozen = camera.until("frozen", lambda n: again(pictures(GOOD)[0], 80, f"06:31:{n:02}"), 60)
    assert 20 <= frozen <= 40


def test_a_still_room_is_not_a_frozen_camera() -> None:
    assert Camera().sees(GOOD, 50) == BACK


def test_a_camera_that_moves_again_is_no_longer_frozen() -> None:
    camera = Camera()
    camera.until("frozen", lambda _: pictures(GOOD)[0], 20)
    assert camera.sees(GOOD, 14) == BACK


def test_bytes_that_come_again_are_a_recording() -> None:
    camera, tape = Camera(), pictures(GOOD, 8)
    assert camera.until("looped", lambda n: tape[n * 3 % 8], 30) == 11, "three repetitions after all eight"


def test_a_recording_that_is_encoded_anew_is_told_by_its_noise() -> None:
    camera, tape = Camera(), pictures(GOOD, 16)
    looped = camera.until("looped", lambda n: again(tape[n * 7 % 16], 60 + n % 25), 60)
    assert looped <= 60


def test_a_black_picture_is_nobodys_recording() -> None:
    camera = Camera()
    drawn = table().empty()
    black = [sensor().jpeg(drawn * 0, GOOD) for _ in range(2)]
    camera.until("looped", lambda n: black[n % 2], 12)
    assert camera.honesty.condition == "covered"
