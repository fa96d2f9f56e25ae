"""A room is occupied or empty by what hides it; light is nobody, and in the dark nothing is said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.eyes_camera import Drawn, Lens
from bench.eyes_honesty import learned
from hardware.cameras.people import Occupied, Presence, presence
from hardware.cameras.seen import grey, of_pixels
from tests.cameras.honesty_rig import GOOD, reference, sensor, table

LIGHTS = [GOOD, Lens(light=0.5), Lens(light=1.3), Lens(noise=12), Lens(grey=True, light=0.8), Lens(shake=3)]


@pytest.mark.parametrize("lens", LIGHTS)
def test_somebody_is_seen_in_any_light(lens: Lens) -> None:
    for where in (0.1, 0.35, 0.8):
        jpeg = sensor().jpeg(table().with_person(where), lens)
        assert presence(grey(jpeg), reference()).is_occupied


@pytest.mark.parametrize("lens", LIGHTS)
def test_nobody_is_seen_in_an_empty_room_in_any_light(lens: Lens) -> None:
    assert presence(grey(sensor().jpeg(table().empty(), lens)), reference()).is_occupied is False


def test_in_the_dark_nothing_is_said() -> None:
    jpeg = sensor().jpeg(table().with_person(0.3), Lens(light=0.1))
    assert presence(grey(jpeg), reference()).is_occupied is None


def test_a_drawn_room_is_occupied_when_somebody_is_drawn() -> None:
    room = Drawn("room")
    found = learned(room, sensor())
    assert presence(grey(sensor().jpeg(room.with_person(0.3), GOOD)), found).is_occupied
    assert presence(grey(sensor().jpeg(room.empty(), GOOD)), found).is_occupied is False


def test_what_is_masked_hides_nobody_and_shows_nobody() -> None:
    masked = learned(table(), sensor())
    masked = type(masked)(masked.small, masked.sharp, ((0, 0, 1_000, 1_000),))
    assert presence(grey(sensor().jpeg(table().with_person(0.5), GOOD)), masked).share == 0


def test_a_room_is_neither_before_looks_agree() -> None:
    room = Occupied(10.0)
    assert room.note(0.0, Presence(True, 0.1)) is None
    for at in range(1, 11):
        room.note(float(at), Presence(True, 0.1))
    assert room.is_occupied is True
    for at in range(11, 21):
        room.note(float(at), Presence(None, 0.0))
    assert room.is_occupied is True, "darkness does not empty a room"
    for at in range(21, 32):
        room.note(float(at), Presence(False, 0.0))
    assert room.is_occupied is False


@given(st.integers(0, 255), st.integers(0, 255))
@settings(max_examples=40, deadline=None)
def test_any_even_picture_gets_an_answer(first: int, second: int) -> None:
    pixels = np.full((90, 160), first, np.uint8)
    pixels[:, 80:] = second
    assert 0 <= presence(of_pixels(pixels), reference()).share <= 1
