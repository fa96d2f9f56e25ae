"""A camera that does not show what it should is found; a good one in any light is left alone."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.eyes_camera import Lens
from hardware.cameras.honesty import Honesty
from hardware.cameras.lasting import BACK, Lasting
from hardware.cameras.seen import UnseenError, grey
from tests.cameras.honesty_rig import GOOD, Camera, pictures, reference, sensor, table

FAULTS = {
    "covered": Lens(cover=1.0),
    "moved": Lens(right=24, down=10),
    "defocused": Lens(soft=2.5),
    "blinded": Lens(glare=400),
}


@pytest.mark.parametrize("word", FAULTS)
def test_a_fault_is_named_once_most_looks_of_ten_seconds_show_it(word: str) -> None:
    camera = Camera()
    assert camera.sees(GOOD, 3) == BACK
    assert camera.sees(FAULTS[word], 13) == word


def test_a_fault_ends_when_the_view_is_back() -> None:
    camera = Camera()
    assert camera.sees(FAULTS["covered"], 12) == "covered"
    assert camera.sees(GOOD, 12) == BACK


def test_a_hand_before_the_lens_for_a_moment_is_no_fault() -> None:
    camera = Camera()
    camera.sees(GOOD, 10)
    assert camera.sees(FAULTS["covered"], 4) == BACK
    assert camera.sees(GOOD, 10) == BACK


@pytest.mark.parametrize(
    "lens", [Lens(light=0.45), Lens(light=0.08, noise=2), Lens(noise=12), Lens(quality=50), Lens(grey=True)]
)
def test_light_darkness_and_noise_are_no_fault(lens: Lens) -> None:
    camera = Camera()
    camera.sees(GOOD, 3)
    assert camera.sees(lens, 14) == BACK


def test_a_dark_room_is_told_from_a_covered_lens() -> None:
    camera = Camera()
    camera.sees(Lens(light=0.06, noise=2), 3)
    last = camera.honesty.look(sensor().jpeg(table().empty(), Lens(light=0.06, noise=2)), 100.0)
    assert last.look.is_dark
    assert camera.sees(Lens(cover=1.0, light=0.06, noise=2), 14) == BACK, "they are older than the last look"
    camera.at = 200.0
    assert camera.sees(Lens(cover=1.0, light=0.06, noise=2), 14) == "covered"


def test_half_a_view_covered_for_minutes_is_found() -> None:
    camera, half = Camera(), pictures(Lens(cover=0.5), 2)
    verdicts = [camera.honesty.look(jpeg, at) for at, jpeg in enumerate(half)]
    assert {verdict.look.word for verdict in verdicts} == {""}, "single looks do not see it"
    covered = camera.until("covered", lambda _: sensor().jpeg(table().empty(), Lens(cover=0.5)), 150)
    assert 100 <= covered <= 140


def test_without_a_reference_only_a_view_of_nothing_is_found() -> None:
    camera = Camera(learned=False)
    assert camera.sees(FAULTS["moved"], 12) == BACK
    assert camera.sees(FAULTS["covered"], 12) == "covered"
    assert camera.sees(GOOD, 12) == BACK
    assert camera.sees(FAULTS["blinded"], 12) == "blinded"


def test_a_new_reference_forgets_what_was_thought_and_the_next_look_says_so() -> None:
    camera = Camera()
    camera.sees(FAULTS["covered"], 12)
    camera.honesty.learn(reference())
    verdict = camera.honesty.look(pictures(GOOD)[0], 50.0)
    assert (verdict.condition, verdict.is_new) == (BACK, True)


def test_the_reference_follows_light_of_good_looks_alone() -> None:
    camera = Camera()
    for jpeg in pictures(FAULTS["covered"], 4):
        camera.at += 1
        camera.honesty.follow(camera.honesty.look(jpeg, camera.at))
    assert camera.honesty.reference is reference()
    camera.at += 1
    camera.honesty.follow(camera.honesty.look(pictures(GOOD)[0], camera.at))
    assert camera.honesty.reference is not reference()


def test_a_picture_that_is_not_newer_says_nothing_new() -> None:
    camera = Camera()
    first = camera.honesty.look(pictures(GOOD)[0], 5.0)
    assert camera.honesty.look(pictures(GOOD)[1], 5.0) is first


def test_a_header_of_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    _, data = cv2.imencode(".jpg", np.zeros((8, 8), np.uint8))
    jpeg = bytearray(data.tobytes())
    at = jpeg.index(b"\xff\xc0")
    jpeg[at + 5 : at + 9] = b"\xff\xff\xff\xff"
    with pytest.raises(UnseenError, match="too large"):
        grey(bytes(jpeg))


@given(st.binary(max_size=200), st.integers(0, 10_000), st.binary(min_size=1, max_size=40))
@settings(max_examples=40, deadline=None)
def test_bytes_from_a_camera_never_raise(noise: bytes, at: int, patch: bytes) -> None:
    honesty = Honesty(reference(), fault_after_s=10.0)
    good = pictures(GOOD)[0]
    torn = good[: at % len(good)] + patch + good[at % len(good) + len(patch) :]
    for when, jpeg in enumerate((noise, b"\xff\xd8" + noise, torn, good[: at % len(good)])):
        assert honesty.look(jpeg, float(when)).condition == BACK


@given(st.lists(st.sampled_from(["", "covered"]), min_size=1, max_size=80))
@settings(deadline=None)
def test_a_condition_changes_only_when_eight_of_ten_looks_agree(words: list[str]) -> None:
    lasting = Lasting(10.0)
    for at, word in enumerate(words):
        before = lasting.condition
        after = lasting.note(float(at), word)
        if after != before:
            window = words[at - 10 : at + 1]
            assert len(window) == 11
            assert window.count("covered" if after == "covered" else "") >= 0.8 * 11
