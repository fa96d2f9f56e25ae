"""One picture as the witnesses look at it: grey, small, and cut into blocks. No file, no clock, no thread.

Rule 1: what is masked, and where the camera writes its clock, is never looked at.
Rule 2: a picture is as large as its JPEG header says before a byte of it is decoded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.cameras.areas import WHOLE, Area
from hardware.cameras.jpeg import JpegError, size_of

Bytes = NDArray[np.uint8]
Floats = NDArray[np.floating[Any]]
Numbers = NDArray[np.integer[Any] | np.floating[Any]]

SMALL = (320, 180)
"""Columns and rows at which pictures are compared."""
FINE = (640, 360)
"""Columns and rows at which sharpness is measured: at 320 a weakly defocused lens still looks sharp."""
BLOCKS = (8, 5)
"""Columns and rows of blocks, each 40 x 36 small pixels."""
_MARGIN = 2


class UnseenError(ValueError):
    """The bytes are no picture that may be looked at; the text says why."""


@dataclass(frozen=True, slots=True)
class Grey:
    """A picture in grey: ``small`` (180 x 320) and ``fine`` (360 x 640), bytes."""

    small: Bytes
    fine: Bytes


def grey(jpeg: bytes) -> Grey:
    """The picture of a JPEG in grey; raises UnseenError for bytes that are none, or too large a one."""
    try:
        found = cv2.imdecode(np.frombuffer(jpeg, np.uint8), _reduction(size_of(jpeg)[0]))
    except (JpegError, cv2.error) as error:
        raise UnseenError("no JPEG, or too large a one") from error
    if found is None:
        raise UnseenError("not a JPEG that can be decoded")
    return of_pixels(found)


def of_pixels(pixels: Numbers) -> Grey:
    """A grey or blue-green-red picture of any size, as bytes, at the sizes that are looked at."""
    flat = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY) if pixels.ndim == 3 else pixels
    fine = cv2.resize(flat, FINE, interpolation=cv2.INTER_AREA)
    small = cv2.resize(fine, SMALL, interpolation=cv2.INTER_AREA)
    return Grey(small.astype(np.uint8, copy=False), fine.astype(np.uint8, copy=False))


def weights(areas: Iterable[Area]) -> Floats:
    """1 where a small picture is looked at, 0 within the areas and two pixels around them."""
    free = np.ones(SMALL[::-1], np.float32)
    for left, top, width, height in areas:
        x, y = left * SMALL[0] / WHOLE, top * SMALL[1] / WHOLE
        right, bottom = x + width * SMALL[0] / WHOLE, y + height * SMALL[1] / WHOLE
        rows = slice(max(int(y) - _MARGIN, 0), int(np.ceil(bottom)) + _MARGIN)
        free[rows, max(int(x) - _MARGIN, 0) : int(np.ceil(right)) + _MARGIN] = 0
    return free


def blocks(values: Numbers) -> Floats:
    """Mean of each block of a picture of any size, 5 x 8."""
    found = cv2.resize(values, BLOCKS, interpolation=cv2.INTER_AREA)
    return found.astype(np.float32, copy=False)


def _reduction(width: int) -> int:
    """Decode no finer than needed: a quarter of the cosine terms cost a quarter of the time."""
    if width >= 4 * FINE[0]:
        return cv2.IMREAD_REDUCED_GRAYSCALE_4
    return cv2.IMREAD_REDUCED_GRAYSCALE_2 if width >= 2 * FINE[0] else cv2.IMREAD_GRAYSCALE
