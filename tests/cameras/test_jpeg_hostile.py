"""A JPEG that is made to cost others much: their time, their memory, or their place on the line."""

from __future__ import annotations

import numpy as np
import pytest

from hardware.cameras import jpeg as picture
from hardware.cameras.jpeg import JpegError
from hardware.cameras.seen import UnseenError, grey

SCAN = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x00"
LONGEST_THUMBNAIL = 524_288  # what the controller takes of one, before it hangs up


def bomb(scans: int) -> bytes:
    """A picture of 16 million pixels in a thousand bytes, and a pass over all of them for each scan."""
    plain = picture.encoded(np.full((4000, 4000, 3), 100, np.uint8))
    return plain[: plain.index(b"\xff\xda")] + SCAN * scans + b"\xff\xd9"


def test_a_picture_of_endless_scans_never_enters_a_ring_and_is_never_looked_at() -> None:
    with pytest.raises(JpegError, match="scans"):
        picture.size_of(bomb(9))
    with pytest.raises(UnseenError):
        grey(bomb(9))


@pytest.mark.parametrize("sides", [(8_000, 320), (20_000, 100), (26_000, 640), (65_000, 8)])
def test_the_thumbnail_of_a_strip_of_noise_is_small_enough_to_be_taken(sides: tuple[int, int]) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (*sides, 3), dtype=np.uint8)
    small = picture.thumbnail(picture.encoded(noise, 10))
    width, height = picture.size_of(small)
    assert width <= 320
    assert height <= 640
    assert len(small) < LONGEST_THUMBNAIL // 2
