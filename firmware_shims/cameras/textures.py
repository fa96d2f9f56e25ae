"""What the drawn room is made of: concrete, tiles, iron and wood, with grain enough for a detector.

Rule: seeded, so that every camera and every run sees the same room. No I/O.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
Colour = tuple[int, int, int]
"""Blue, green, red."""


def grain(seed: int, width: int, height: int, strength: float) -> npt.NDArray[np.float32]:
    """Factors about 1 in several grades of coarseness, as weather and wear leave them."""
    dice = np.random.default_rng(seed)
    total = np.zeros((height, width), dtype=np.float32)
    for step, share in ((96, 0.45), (24, 0.3), (6, 0.2), (1, 0.25)):
        small = dice.standard_normal((max(2, height // step), max(2, width // step))).astype(np.float32)
        total += share * cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(1.0 + strength * total, dtype=np.float32)


def stuff(seed: int, size: tuple[int, int], colour: Colour, strength: float) -> Picture:
    """One worn material of one colour; ``size`` is width and height."""
    lit = grain(seed, *size, strength)[:, :, None] * np.array(colour, dtype=np.float32)
    return np.asarray(np.clip(lit, 0, 255), dtype=np.uint8)


def concrete(seed: int, metres: tuple[float, float], per_metre: int) -> Picture:
    """A wall: plaster above, a painted dado below a line at 1.1 m, joints of the shuttering between."""
    width, height = (round(m * per_metre) for m in metres)
    wall = stuff(seed, (width, height), (176, 186, 190), 0.07)
    line = height - round(1.1 * per_metre)
    dado = stuff(seed + 1, (width, height - line), (122, 118, 96), 0.08)
    wall[line:] = dado
    cv2.rectangle(wall, (0, line - 5), (width, line), (70, 74, 74), -1)
    for x in range(per_metre, width, round(1.5 * per_metre)):
        cv2.line(wall, (x, 0), (x, line), (148, 156, 160), 2)
        for y in range(per_metre // 3, line, per_metre // 2):
            cv2.circle(wall, (x - per_metre // 4, y), 3, (120, 128, 132), -1, cv2.LINE_AA)
    cv2.rectangle(wall, (0, height - per_metre // 10), (width, height), (58, 60, 62), -1)
    return wall


def tiles(seed: int, metres: tuple[float, float], per_metre: int) -> Picture:
    """A floor of tiles of half a metre, each a little different, with grout between."""
    width, height = (round(m * per_metre) for m in metres)
    floor = stuff(seed, (width, height), (128, 136, 142), 0.06)
    dice = np.random.default_rng(seed)
    half = per_metre // 2
    for y in range(0, height, half):
        for x in range(0, width, half):
            shade = float(dice.uniform(0.86, 1.1)) * (0.86 if (x + y) // half % 2 else 1.0)
            part = floor[y : y + half, x : x + half]
            cv2.convertScaleAbs(part, part, shade)
            cv2.rectangle(floor, (x, y), (x + half, y + half), (92, 98, 104), 2)
    return floor


def ceiling(seed: int, metres: tuple[float, float], per_metre: int) -> Picture:
    """A ceiling of panels."""
    width, height = (round(m * per_metre) for m in metres)
    panels = stuff(seed, (width, height), (196, 200, 202), 0.04)
    for x in range(0, width, per_metre):
        cv2.line(panels, (x, 0), (x, height), (160, 164, 166), 2)
    for y in range(0, height, per_metre):
        cv2.line(panels, (0, y), (width, y), (160, 164, 166), 2)
    return panels


def iron(seed: int, size: tuple[int, int], colour: Colour = (104, 98, 88)) -> Picture:
    """Brushed plate with a rim of rivets."""
    width, height = size
    plate = stuff(seed, size, colour, 0.07)
    dice = np.random.default_rng(seed)
    brush = dice.standard_normal((height, 1)).astype(np.float32) * 5
    plate = np.clip(plate + brush[:, :, None], 0, 255).astype(np.uint8)
    rim = max(6, width // 16)
    cv2.rectangle(plate, (2, 2), (width - 3, height - 3), (52, 48, 42), 3)
    cv2.rectangle(plate, (2 * rim, 2 * rim), (width - 2 * rim, height - 2 * rim), (72, 66, 58), 2)
    for x in np.linspace(rim, width - rim, max(2, width // (3 * rim))):
        for y in (rim, height - rim):
            _rivet(plate, x, y, rim)
    for y in np.linspace(rim, height - rim, max(2, height // (3 * rim))):
        for x in (rim, width - rim):
            _rivet(plate, x, y, rim)
    return np.asarray(plate, dtype=np.uint8)


def _rivet(plate: Picture, x: float, y: float, rim: int) -> None:
    middle, radius = (round(x), round(y)), max(2, rim // 3)
    cv2.circle(plate, middle, radius + 1, (44, 40, 36), -1, cv2.LINE_AA)
    cv2.circle(plate, middle, radius, (134, 128, 118), -1, cv2.LINE_AA)
    cv2.circle(plate, (middle[0] - 1, middle[1] - 1), max(1, radius // 2), (190, 186, 178), -1, cv2.LINE_AA)


def wood(seed: int, size: tuple[int, int]) -> Picture:
    """A table top."""
    board = stuff(seed, size, (62, 98, 138), 0.06)
    rings = np.sin(np.linspace(0, 60, size[1], dtype=np.float32))[:, None, None] * 7
    return np.asarray(np.clip(board + rings, 0, 255), dtype=np.uint8)
