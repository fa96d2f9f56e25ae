"""What a camera should see is learned from an empty, lit room, and kept so that any change of it is found."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.eyes_camera import Lens
from hardware.cameras.reference import Learning, NoReferenceError, parsed
from hardware.cameras.seen import grey, of_pixels
from tests.cameras.honesty_rig import GOOD, pictures, reference, sensor, table


def test_a_reference_comes_back_from_its_file_as_it_was() -> None:
    again = parsed(reference().spelled())
    assert again.spelled() == reference().spelled()
    assert np.array_equal(again.small, reference().small)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_any_changed_byte_of_the_file_is_found(data: st.DataObject) -> None:
    spelled = bytearray(reference().spelled())
    spelled[data.draw(st.integers(0, len(spelled) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(NoReferenceError, match="learn it again"):
        parsed(bytes(spelled))


@pytest.mark.parametrize("raw", [b"", b"{}\n", b"[" * 5_000, b"null\n" + bytes(58_080)])
def test_other_bytes_are_no_reference(raw: bytes) -> None:
    with pytest.raises(NoReferenceError):
        parsed(raw)


def test_what_is_masked_is_not_in_the_reference() -> None:
    learning = Learning(((0, 0, 500, 1_000),), frames=4)
    found = [learning.add(grey(jpeg)) for jpeg in pictures(GOOD, 4)][-1]
    assert found is not None
    assert (found.small[:, :160] == 128).all()
    assert not (found.small[:, 170:] == 128).all()
    assert not found.telling[:, :4].any()


@pytest.mark.parametrize(
    ("lens", "why"),
    [
        (Lens(light=0.1), "too dark"),
        (Lens(glare=900), "too bright"),
        (Lens(cover=1.0, light=3.0), "too little"),
    ],
)
def test_a_view_that_tells_nothing_teaches_nothing(lens: Lens, why: str) -> None:
    learning = Learning(frames=2)
    learning.add(grey(sensor().jpeg(table().empty(), lens)))
    with pytest.raises(NoReferenceError, match=why):
        learning.add(grey(sensor().jpeg(table().empty(), lens)))


def test_a_room_in_which_somebody_moves_teaches_nothing() -> None:
    learning = Learning(frames=4)
    shown = [table().with_person(where) for where in (0.1, 0.4, 0.6, 0.9)]
    *first, last = (grey(sensor().jpeg(pixels, GOOD)) for pixels in shown)
    for one in first:
        assert learning.add(one) is None
    with pytest.raises(NoReferenceError, match="moved"):
        learning.add(last)


def test_following_changes_the_light_and_never_the_view() -> None:
    found = reference()
    for _ in range(200):
        found = found.follow(of_pixels(np.full((180, 320), 90, np.uint8)))
    assert np.array_equal(found.small, reference().small)
    assert np.array_equal(found.sharp.detail, reference().sharp.detail)
    assert found.light.min() >= 0.25
    assert found.light.max() <= 4.0
    assert parsed(found.spelled()).spelled() == found.spelled()
