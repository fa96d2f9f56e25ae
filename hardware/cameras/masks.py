"""Rectangles of a picture that nobody shall ever see: shelves, reading tables. Rule 1: filled, not blurred.

Rule 2: a mask is at least as large as it was drawn, whatever the size of the picture.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hardware.cameras.areas import WHOLE, Area

GREY = 96


def filled(
    pixels: np.ndarray[Any, np.dtype[np.uint8]], masks: tuple[Area, ...]
) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """The same array, with every mask filled with grey in place; edges are rounded outwards."""
    high, wide = pixels.shape[:2]
    for left, top, width, height in masks:
        rows = slice(_down(top, high), _up(top + height, high))
        columns = slice(_down(left, wide), _up(left + width, wide))
        pixels[rows, columns] = GREY
    return pixels


def _down(part: int, of: int) -> int:
    return part * of // WHOLE


def _up(part: int, of: int) -> int:
    return -(-part * of // WHOLE)
