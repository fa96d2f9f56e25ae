"""The three irons and the table, drawn into the bare room, each as open as it is.

Rule: painter's order: what is farther is drawn first; a plate is a texture on four points of the room.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from math import cos, pi, sin

import cv2
import numpy as np

from firmware_shims.cameras.backdrop import LAMPS
from firmware_shims.cameras.cabinets import DARK, SWING, cabinet
from firmware_shims.cameras.layout import DOOR_WIDTH, FAR, TABLE, WINDOW_HIGH, WINDOW_LOW, DoorPlace, Layout
from firmware_shims.cameras.plates import Plate
from firmware_shims.cameras.textures import Picture, iron, stuff, wood

STEEL = (112, 104, 92)


def plates(layout: Layout, opened: Mapping[str, float]) -> Iterator[Plate]:
    """Everything that is made of iron or wood, from far to near; ``opened`` is 0 … 1 of each."""
    yield from _lamps()
    yield Plate(_sign(), ((2.2, 2.6, FAR), (3.6, 2.6, FAR), (3.6, 2.3, FAR), (2.2, 2.3, FAR)))
    for name, (left, right) in layout.window_places.items():
        yield from _window(left, right, opened.get(name, 0.0))
    for name, place in layout.door_places.items():
        yield from _door(place, opened.get(name, 0.0))
    for name, (left, right) in layout.cabinet_places.items():
        cells = {cell: opened.get(f"{name}.{cell}", 0.0) for cell in layout.cabinets[name]}
        yield from cabinet(left, right, cells)
    yield from _table()


def _lamps() -> Iterator[Plate]:
    for x, _, z in LAMPS:
        tube = stuff(31, (40, 120), (250, 252, 250), 0.01)
        yield Plate(tube, ((x - 0.15, 2.78, z + 0.6), (x + 0.15, 2.78, z + 0.6), *_near(x, z)), lit=1.0)


def _near(x: float, z: float) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    return (x + 0.15, 2.78, z - 0.6), (x - 0.15, 2.78, z - 0.6)


@cache
def _sign() -> Picture:
    sign = stuff(32, (280, 60), (70, 110, 40), 0.04)
    cv2.rectangle(sign, (3, 3), (276, 56), (225, 230, 225), 2)
    cv2.putText(sign, "TWO PERSONS ALWAYS", (14, 38), cv2.FONT_HERSHEY_SIMPLEX, 0.72, (235, 240, 235), 2)
    return sign


def _window(left: float, right: float, opened: float) -> Iterator[Plate]:
    z = FAR
    rim = 0.07
    outer = ((left - rim, WINDOW_HIGH + rim, z), (right + rim, WINDOW_HIGH + rim, z))
    lower = ((right + rim, WINDOW_LOW - rim, z), (left - rim, WINDOW_LOW - rim, z))
    yield Plate(iron(41, (160, 160), DARK), (*outer, *lower), 0.8)
    hole = ((left, WINDOW_HIGH, z), (right, WINDOW_HIGH, z), (right, WINDOW_LOW, z), (left, WINDOW_LOW, z))
    yield Plate(_daylight(), hole, 1.25)
    rise = (WINDOW_HIGH - WINDOW_LOW) * 0.92 * opened
    bottom = WINDOW_LOW + rise
    shutter = ((left, WINDOW_HIGH, z - 0.02), (right, WINDOW_HIGH, z - 0.02))
    yield Plate(_shutter(), (*shutter, (right, bottom, z - 0.02), (left, bottom, z - 0.02)))


@cache
def _daylight() -> Picture:
    counter = stuff(42, (160, 144), (190, 170, 140), 0.05)
    counter[90:] = stuff(43, (160, 54), (70, 96, 120), 0.08)
    cv2.rectangle(counter, (20, 52), (60, 92), (90, 70, 50), -1)
    cv2.rectangle(counter, (24, 56), (56, 84), (210, 190, 150), -1)
    for x in range(10, 160, 20):
        cv2.line(counter, (x, 0), (x, 144), (46, 44, 42), 5)
    cv2.line(counter, (0, 72), (160, 72), (46, 44, 42), 5)
    return counter


@cache
def _shutter() -> Picture:
    plate = iron(44, (160, 144), STEEL)
    for y in range(12, 144, 18):
        cv2.line(plate, (10, y), (150, y), (70, 64, 56), 2)
        cv2.line(plate, (10, y + 2), (150, y + 2), (150, 144, 132), 1)
    return plate


def _door(place: DoorPlace, opened: float) -> Iterator[Plate]:
    rim = 0.1
    frame = place.upright(place.floor(-rim, 0), place.floor(DOOR_WIDTH + rim, 0))
    upper = tuple((x, y + rim, z) for x, y, z in frame[:2])
    yield Plate(iron(51, (190, 340), DARK), (upper[0], upper[1], frame[2], frame[3]), 0.75)
    yield Plate(_corridor(), place.opening)
    angle = SWING * opened
    end = place.floor(DOOR_WIDTH * cos(angle), DOOR_WIDTH * sin(angle) + 0.01)
    yield Plate(_leaf(), place.upright(place.floor(0, 0.01), end), 0.96)


@cache
def _corridor() -> Picture:
    """What is behind a door: a lit corridor that gets darker to its end."""
    dim = stuff(52, (168, 344), (92, 104, 108), 0.08)
    dim[250:] = stuff(53, (168, 94), (66, 72, 78), 0.08)
    cv2.fillConvexPoly(dim, np.array([(0, 344), (168, 344), (118, 250), (50, 250)]), (84, 90, 96))
    cv2.rectangle(dim, (50, 90), (118, 250), (48, 54, 58), -1)
    for x, far in ((0, 50), (168, 118)):
        cv2.line(dim, (x, 0), (far, 90), (60, 66, 70), 2)
        cv2.line(dim, (x, 344), (far, 250), (50, 56, 60), 2)
    cv2.ellipse(dim, (84, 40), (26, 8), 0, 0, 360, (220, 228, 230), -1, cv2.LINE_AA)
    return cv2.GaussianBlur(dim, (5, 5), 1.2).astype(np.uint8)


@cache
def _leaf() -> Picture:
    """An iron door: ribs, a wheel, a lock box."""
    plate = iron(54, (168, 344), STEEL)
    for y in (70, 240):
        cv2.rectangle(plate, (28, y), (140, y + 26), (92, 86, 76), -1)
        cv2.rectangle(plate, (28, y), (140, y + 26), (60, 54, 48), 2)
    cv2.circle(plate, (84, 168), 34, (58, 54, 48), 7, cv2.LINE_AA)
    cv2.circle(plate, (84, 168), 34, (150, 146, 136), 2, cv2.LINE_AA)
    for angle in (20, 80, 140):
        a = angle * pi / 180
        dx, dy = round(34 * cos(a)), round(34 * sin(a))
        cv2.line(plate, (84 - dx, 168 - dy), (84 + dx, 168 + dy), (70, 66, 60), 5, cv2.LINE_AA)
    cv2.circle(plate, (84, 168), 9, (150, 146, 138), -1, cv2.LINE_AA)
    cv2.rectangle(plate, (136, 150), (158, 196), (46, 44, 40), -1)
    cv2.circle(plate, (147, 164), 4, (40, 60, 190), -1, cv2.LINE_AA)
    return plate


def _table() -> Iterator[Plate]:
    (left, right), (near, far), top = TABLE
    dark = stuff(71, (60, 60), (44, 62, 84), 0.08)
    yield Plate(dark, ((right, top, near), (right, top, far), (right, 0, far), (right, 0, near)), 0.55)
    yield Plate(dark, ((left, top, near), (right, top, near), (right, 0, near), (left, 0, near)), 0.5)
    yield Plate(
        wood(72, (120, 200)),
        ((left, top, far), (right, top, far), (right, top, near), (left, top, near)),
        1.05,
    )
    papers = stuff(73, (40, 56), (226, 230, 232), 0.03)
    for z in (3.2, 3.65):
        high = top + 0.01
        yield Plate(
            papers, ((0.2, high, z + 0.3), (0.5, high, z + 0.26), (0.48, high, z), (0.18, high, z + 0.04))
        )
