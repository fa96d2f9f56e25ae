"""Rectangles of a picture that nobody shall ever see: shelves, reading tables. Rule 1: filled, not blurred.

Rule 2: a mask is at least as large as it was drawn, whatever the size of the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

WHOLE = 1000
GREY = 96


@dataclass(frozen=True, slots=True)
class Mask:
    """A rectangle in thousandths of the picture, from its left upper corner; ValueError beyond it."""

    x: int
    y: int
    width: int
    height: int

    def __post_init__(self) -> None:
        inside = min(self.x, self.y) >= 0 and min(self.width, self.height) > 0
        if not inside or max(self.x + self.width, self.y + self.height) > WHOLE:
            raise ValueError(f"{self} must lie within {WHOLE} x {WHOLE} and be no line")


def filled(
    pixels: np.ndarray[Any, np.dtype[np.uint8]], masks: tuple[Mask, ...]
) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """The same array, with every mask filled with grey in place; edges are rounded outwards."""
    high, wide = pixels.shape[:2]
    for mask in masks:
        rows = slice(_down(mask.y, high), _up(mask.y + mask.height, high))
        columns = slice(_down(mask.x, wide), _up(mask.x + mask.width, wide))
        pixels[rows, columns] = GREY
    return pixels


def _down(part: int, of: int) -> int:
    return part * of // WHOLE


def _up(part: int, of: int) -> int:
    return -(-part * of // WHOLE)
