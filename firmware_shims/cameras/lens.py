"""What can happen before the sensor: a lens that is covered, dazzled or out of focus; and the sensor's noise.

Rule: pictures in, pictures out; nothing here knows what is in the room, nor any wire.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from firmware_shims.cameras.textures import Picture, stuff

COARSE = 8
DEFOCUS_SHARE = 0.006
"""Blur of a lens out of focus, as a share of the width: about 8 pixels of 1280."""


def _black(picture: Picture) -> Picture:
    """Tape over the lens."""
    return np.full_like(picture, 3)


def _cloth(picture: Picture) -> Picture:
    """A cloth over it, through which a little light comes."""
    return _cover(picture.shape[1], picture.shape[0], (52, 58, 74), 0.05)


def _hand(picture: Picture) -> Picture:
    """A hand held close: skin, far too near to be sharp, with some light between the fingers."""
    return _palm(picture.shape[1], picture.shape[0])


def _blinded(picture: Picture) -> Picture:
    """A lamp held into it."""
    return np.asarray(cv2.add(picture, _glare(picture.shape[1], picture.shape[0])), dtype=np.uint8)


def _defocused(picture: Picture) -> Picture:
    """Focus turned away; blurred at a quarter of the size, where it is cheap and no detail is left anyway."""
    height, width = picture.shape[:2]
    small = cv2.resize(picture, (width // 4, height // 4), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), max(0.8, width * DEFOCUS_SHARE / 4))
    return np.asarray(cv2.resize(soft, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


LENSES: dict[str, Callable[[Picture], Picture]] = {
    "covered": _cloth,
    "covered_black": _black,
    "covered_hand": _hand,
    "blinded": _blinded,
    "defocused": _defocused,
}


@lru_cache(maxsize=4)
def _cover(width: int, height: int, colour: tuple[int, int, int], strength: float) -> Picture:
    small = stuff(81, (width // COARSE, height // COARSE), colour, strength)
    return _soft(small, 2.6, (width, height))


@lru_cache(maxsize=4)
def _palm(width: int, height: int) -> Picture:
    palm = np.full((90, 160, 3), (58, 74, 124), dtype=np.uint8)
    for x in (19, 59, 99, 139):
        cv2.line(palm, (x, 0), (x + 10, 60), (92, 112, 170), 26)
    return _soft(palm, 5.7, (width, height))


def _soft(small: Picture, sigma: float, size: tuple[int, int]) -> Picture:
    """Something far out of focus, worked out small: blurred, and brought to size."""
    blurred = cv2.GaussianBlur(small, (0, 0), sigma)
    return np.asarray(cv2.resize(blurred, size, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


@lru_cache(maxsize=4)
def _glare(width: int, height: int) -> Picture:
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    away = np.hypot((x - width * 0.45) / width, (y - height * 0.4) / width)
    bright = np.clip(290 - 170 * away, 150, 255).astype(np.uint8)
    return np.asarray(cv2.merge([bright, bright, bright]), dtype=np.uint8)


class Noise:
    """A sensor's noise: seeded, of another pattern in every frame, about ``sigma`` grey levels."""

    def __init__(self, seed: int, size: tuple[int, int], sigma: float = 2.5) -> None:
        width, height = size
        self._shape, self._count = (height, width, 3), height * width * 3
        self._dice = np.random.default_rng(seed)
        # The difference of two evenly spread values of 0 … top has a deviation of about top / 2.45.
        top = max(1, round(sigma * 2.45))
        self._pool: npt.NDArray[np.uint8] = self._dice.integers(
            0, top + 1, size=self._count * 2, dtype=np.uint8
        )

    def on(self, picture: Picture) -> Picture:
        """The picture with noise; as two overlaid patterns out of a pool, for a millisecond at most."""
        brighter, darker = self._dice.integers(0, self._count, size=2)
        brightened = cv2.add(picture, self._pattern(int(brighter)))
        return cv2.subtract(brightened, self._pattern(int(darker)), dst=brightened).astype(
            np.uint8, copy=False
        )

    def _pattern(self, start: int) -> Picture:
        return self._pool[start : start + self._count].reshape(self._shape)
