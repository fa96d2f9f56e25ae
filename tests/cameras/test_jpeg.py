"""What is done to a JPEG, and what is refused before anything is done to it."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.cameras import jpeg as picture
from hardware.cameras.areas import require
from hardware.cameras.jpeg import JpegError, Limits, TooBigError
from hardware.cameras.libraries import opencv
from hardware.cameras.masks import GREY, filled
from tests.cameras.senders import drawn

GOOD = picture.encoded(drawn(1))
SOF = GOOD.index(b"\xff\xc0")


def claiming(width: int, height: int) -> bytes:
    return GOOD[: SOF + 5] + height.to_bytes(2) + width.to_bytes(2) + GOOD[SOF + 9 :]


def test_the_size_is_read_without_decoding() -> None:
    assert picture.size_of(GOOD) == (160, 96)
    assert picture.size_of(claiming(1920, 1080)) == (1920, 1080)


def test_a_picture_that_claims_billions_of_pixels_costs_nothing() -> None:
    tracemalloc.start()
    try:
        for use in (picture.size_of, picture.check, picture.thumbnail, picture.decoded):
            with pytest.raises(TooBigError, match="65500x65500"):
                use(claiming(65500, 65500))
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_limits_hold_for_bytes_and_for_pixels() -> None:
    assert picture.size_of(GOOD, Limits(len(GOOD), 160 * 96)) == (160, 96)
    with pytest.raises(TooBigError, match="bytes"):
        picture.size_of(GOOD, Limits(len(GOOD) - 1, 160 * 96))
    with pytest.raises(TooBigError, match="pixels"):
        picture.size_of(GOOD, Limits(len(GOOD), 160 * 96 - 1))


def is_whole(data: bytes) -> bool:
    try:
        picture.check(data)
    except JpegError:
        return False
    return True


def test_words_for_what_is_wrong_are_stable() -> None:
    assert (JpegError.why, TooBigError.why) == ("broken", "too_big")


def test_half_a_picture_with_a_forged_end_is_not_whole() -> None:
    forged = GOOD[: len(GOOD) // 2] + b"\xff\xd9"
    assert picture.size_of(forged) == (160, 96)
    assert opencv().imdecode(np.frombuffer(forged, np.uint8), 1) is not None, "others take it for a picture"
    assert not is_whole(forged)
    assert is_whole(GOOD)


@given(st.integers(0, len(GOOD) - 1))
def test_a_truncated_picture_is_refused_wherever_it_ends(end: int) -> None:
    with pytest.raises(JpegError):
        picture.size_of(GOOD[:end])


@given(st.integers(SOF + 40, len(GOOD) - 3))
def test_a_truncated_picture_with_a_forged_end_is_refused_wherever_it_ends(end: int) -> None:
    cut = GOOD[:end] + b"\xff\xd9"
    # The last byte may hold nothing but filling bits (F.1.2.3): without it every pixel is still there.
    if is_whole(cut):
        assert end >= len(GOOD) - 4
        assert (picture.decoded(cut) == picture.decoded(GOOD)).all()


@given(st.binary(max_size=300), st.booleans())
def test_random_bytes_are_refused_and_nothing_else_happens(rubbish: bytes, dressed: bool) -> None:
    data = b"\xff\xd8" + rubbish + b"\xff\xd9" if dressed else rubbish
    assert not is_whole(data)


@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_flipped_bytes_give_a_picture_of_the_claimed_size_or_a_refusal(flips: list[tuple[int, int]]) -> None:
    data = bytearray(GOOD)
    for at, value in flips:
        data[at] = value
    limits = Limits(pixels=1 << 20)
    try:
        pixels = picture.decoded(bytes(data), limits)
    except JpegError:
        return
    assert (pixels.shape[1], pixels.shape[0]) == picture.size_of(bytes(data), limits)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8\xff\xd9",
        GOOD[:SOF] + b"\xff\xd9",
        GOOD[: SOF + 1] + b"\xc2" + GOOD[SOF + 2 :],
        GOOD[: SOF + 4] + b"\x0c" + GOOD[SOF + 5 :],
        GOOD[: SOF + 9] + b"\x04" + GOOD[SOF + 10 :],
        claiming(0, 96),
        claiming(160, 0),
        b"\xff\xd8\xff\xe0\x00\x01" + GOOD[2:],
        b"\xff\xd8\xff\xe0\xff\xff\xff\xd9",
        b"\xff\xd8\x00" + GOOD[2:],
        GOOD[:SOF] + b"\xff\xd0" + GOOD[SOF:],
        GOOD + b"\x00",
        b"\x89PNG\r\n\x1a\n" + bytes(100),
    ],
)
def test_what_is_no_sequential_picture_of_8_bits_is_refused(data: bytes) -> None:
    with pytest.raises(JpegError):
        picture.size_of(data)


def test_a_picture_of_endless_scans_is_refused_before_it_is_decoded() -> None:
    scans = b"\xff\xe1\x00\x12" + b"\xff\xda" * 8
    assert is_whole(GOOD[:2] + b"\xff\xe1\x00\x10" + b"\xff\xda" * 7 + GOOD[2:])
    with pytest.raises(JpegError, match="scans"):
        picture.check(GOOD[:2] + scans + GOOD[2:])


def test_a_grey_picture_is_a_picture() -> None:
    there, data = opencv().imencode(".jpg", drawn(1)[:, :, 0])
    assert there
    assert picture.size_of(data.tobytes()) == (160, 96)
    assert is_whole(data.tobytes())


def test_a_mask_leaves_nothing_of_what_is_under_it() -> None:
    mask = ((250, 250, 333, 333),)
    under = filled(np.zeros_like(drawn(1)), mask) == GREY
    one, other = drawn(1), np.where(under, 255 - drawn(1), drawn(1))
    first, second = (picture.encoded(filled(pixels, mask)) for pixels in (one, other))
    assert first == second, "whatever was under the mask, the bytes are the same"


def test_a_masked_picture_is_grey_there_and_as_before_elsewhere() -> None:
    seen = picture.decoded(picture.masked(GOOD, ((0, 0, 500, 500),))).astype(int)
    before = picture.decoded(GOOD).astype(int)
    assert abs(seen[:40, :72] - GREY).max() <= 2
    assert abs(seen[56:, 88:] - before[56:, 88:]).mean() < 12


def test_no_mask_leaves_the_bytes_of_the_camera() -> None:
    assert picture.masked(GOOD, ()) is GOOD


def test_a_broken_picture_is_not_masked_but_refused() -> None:
    with pytest.raises(JpegError):
        picture.masked(GOOD[:400] + b"\xff\xd9", ((0, 0, 10, 10),))


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 999), st.integers(0, 999), st.data())
def test_a_mask_is_never_smaller_than_drawn(
    wide: int, high: int, x: int, y: int, data: st.DataObject
) -> None:
    width, height = data.draw(st.integers(1, 1000 - x)), data.draw(st.integers(1, 1000 - y))
    pixels = filled(np.zeros((high, wide, 3), np.uint8), ((x, y, width, height),))
    for row, column in np.ndindex(high, wide):
        across = x * wide < (column + 1) * 1000 and column * 1000 < (x + width) * wide
        down = y * high < (row + 1) * 1000 and row * 1000 < (y + height) * high
        assert (pixels[row, column, 0] == GREY) == (across and down)


@pytest.mark.parametrize("sides", [(-1, 0, 9, 9), (0, 0, 0, 9), (0, 0, 9, 0), (992, 0, 9, 9), (0, 992, 9, 9)])
def test_a_mask_outside_of_the_picture_is_refused(sides: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match=r"empty|beyond"):
        require(sides)


def test_a_thumbnail_has_the_same_proportions_and_is_never_larger() -> None:
    large = picture.encoded(drawn(2, 1280, 720))
    assert picture.size_of(picture.thumbnail(large)) == (320, 180)
    assert picture.size_of(picture.thumbnail(large, 100)) == (100, 56)
    assert picture.size_of(picture.thumbnail(GOOD)) == (160, 96)
    assert picture.size_of(picture.thumbnail(picture.encoded(drawn(3, 2000, 2)), 20)) == (20, 1)


@given(st.text(max_size=500))
def test_a_comment_stands_first_and_touches_no_other_byte(text: str) -> None:
    told, said = picture.commented(GOOD, text), text.encode()
    assert told == b"\xff\xd8\xff\xfe" + (len(said) + 2).to_bytes(2) + said + GOOD[2:]
    assert picture.size_of(told) == (160, 96)


def test_a_commented_picture_has_the_same_pixels_for_everybody() -> None:
    told = picture.commented(GOOD, "li\N{SNOWMAN}" * 100)
    assert is_whole(told)
    seen = opencv().imdecode(np.frombuffer(told, np.uint8), 1)
    assert (seen == opencv().imdecode(np.frombuffer(GOOD, np.uint8), 1)).all()


def test_a_comment_fills_at_most_its_segment() -> None:
    assert is_whole(picture.commented(GOOD, "x" * picture.COMMENT_BYTES))
    with pytest.raises(ValueError, match="65533"):
        picture.commented(GOOD, "x" * (picture.COMMENT_BYTES + 1))
