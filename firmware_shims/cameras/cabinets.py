"""An iron cabinet with its compartments, each as open as it is.

Rule: plates only, from far to near; where a cabinet stands is said in layout.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from math import cos, pi, sin

import cv2

from firmware_shims.cameras.layout import CABINET_DEPTH, CABINET_HEIGHT, COLUMNS, FAR
from firmware_shims.cameras.plates import Plate
from firmware_shims.cameras.textures import Colour, Picture, iron, stuff

DARK: Colour = (96, 84, 66)
SWING = 0.56 * pi
"""How far a leaf opens."""
HALF = 0.5
"""From here on the back of a flap is seen, which has no label."""


def cabinet(left: float, right: float, cells: Mapping[str, float]) -> Iterator[Plate]:
    """A cabinet between two places along the far wall; ``cells`` maps compartments to 0 … 1."""
    front, top = FAR - CABINET_DEPTH, CABINET_HEIGHT
    side = iron(61, (80, 300), DARK)
    yield Plate(side, ((left, top, FAR), (left, top, front), (left, 0, front), (left, 0, FAR)), 0.8)
    yield Plate(side, ((right, top, front), (right, top, FAR), (right, 0, FAR), (right, 0, front)), 0.7)
    lid = iron(62, (200, 80), DARK)
    yield Plate(lid, ((left, top, FAR), (right, top, FAR), (right, top, front), (left, top, front)), 1.05)
    face = iron(63, (210, 300), DARK)
    yield Plate(face, ((left, top, front), (right, top, front), (right, 0, front), (left, 0, front)), 0.85)
    rows = -(-len(cells) // COLUMNS)
    wide, high = (right - left) / COLUMNS, (top - 0.12) / max(1, rows)
    for index, (name, opened) in enumerate(cells.items()):
        row, column = divmod(index, COLUMNS)
        box = (left + column * wide + 0.03, left + (column + 1) * wide - 0.03)
        upper = top - 0.05 - row * high
        yield from _cell(name, box, (upper, upper - high + 0.05), opened, on_left=column == 0)


def _cell(
    name: str, across: tuple[float, float], tall: tuple[float, float], opened: float, *, on_left: bool
) -> Iterator[Plate]:
    (left, right), (upper, lower), z = across, tall, FAR - CABINET_DEPTH - 0.005
    hole = ((left, upper, z), (right, upper, z), (right, lower, z), (left, lower, z))
    if opened:
        yield Plate(_shelf(), hole, 0.8)
    wide, angle = right - left, SWING * opened
    hinge, sign = (left, 1) if on_left else (right, -1)
    free, near = hinge + sign * wide * cos(angle), z - 0.005 - wide * sin(angle)
    ends = ((hinge, z - 0.005), (free, near)) if on_left else ((free, near), (hinge, z - 0.005))
    (a, b), (c, d) = ends
    yield Plate(
        _flap(name if opened < HALF else ""), ((a, upper, b), (c, upper, d), (c, lower, d), (a, lower, b))
    )


@cache
def _shelf() -> Picture:
    """Inside of a compartment: sealed packets on a shelf."""
    inside = stuff(64, (100, 130), (38, 40, 42), 0.1)
    for x, high, colour in ((12, 40, (70, 120, 170)), (38, 52, (120, 140, 150)), (64, 34, (60, 90, 150))):
        cv2.rectangle(inside, (x, 118 - high), (x + 22, 118), colour, -1)
        cv2.rectangle(inside, (x, 118 - high), (x + 22, 118), (30, 30, 30), 1)
        cv2.circle(inside, (x + 11, 118 - high // 2), 4, (40, 40, 170), -1, cv2.LINE_AA)
    cv2.line(inside, (0, 120), (100, 120), (90, 92, 94), 4)
    return inside


@cache
def _flap(name: str) -> Picture:
    """The front of a compartment with its letter, or its back."""
    plate = iron(65, (100, 130), (118, 108, 92))
    if not name:
        return plate
    cv2.rectangle(plate, (34, 34), (66, 54), (225, 228, 228), -1)
    cv2.putText(
        plate, name.upper()[:3], (40, 50), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (30, 30, 30), 1, cv2.LINE_AA
    )
    cv2.circle(plate, (50, 80), 9, (50, 48, 44), -1, cv2.LINE_AA)
    cv2.circle(plate, (50, 80), 5, (160, 156, 148), -1, cv2.LINE_AA)
    return plate
