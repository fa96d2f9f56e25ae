"""People as moving figures: drawn once in eight steps of a walk, then set into the picture at their size.

Rule: a name always wears the same clothes, so that a person is known again from camera to camera.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from math import pi, sin

import cv2
import numpy as np

from firmware_shims.cameras.space import Camera, Floats
from firmware_shims.cameras.textures import Colour, Picture, grain

STEPS = 8
TALL_M = 1.74
WIDE, HIGH = 200, 440
SHADOW_M = 0.42
_JACKETS: tuple[Colour, ...] = (
    (120, 70, 40),
    (60, 60, 62),
    (54, 84, 40),
    (52, 52, 140),
    (60, 130, 170),
    (150, 140, 120),
    (90, 50, 90),
    (200, 200, 196),
)
_TROUSERS: tuple[Colour, ...] = ((52, 46, 44), (70, 56, 40), (84, 92, 100), (40, 40, 58))
_HAIR: tuple[Colour, ...] = ((24, 26, 30), (30, 40, 62), (70, 72, 76), (26, 34, 46))
_SKIN: tuple[Colour, ...] = ((150, 178, 214), (120, 150, 190), (90, 120, 160), (164, 190, 226))


def clothes(name: str) -> tuple[Colour, Colour, Colour, Colour]:
    """Jacket, trousers, hair and skin of a person."""
    dice = sha256(f"clothes {name}".encode()).digest()
    return (
        _JACKETS[dice[0] % len(_JACKETS)],
        _TROUSERS[dice[1] % len(_TROUSERS)],
        _HAIR[dice[2] % len(_HAIR)],
        _SKIN[dice[3] % len(_SKIN)],
    )


@lru_cache(maxsize=128)
def sprite(name: str, step: int) -> tuple[Picture, Picture]:
    """A person at a step of the walk (0 … 7, 0 stands): picture and, of the same size, how solid it is."""
    jacket, trousers, hair, skin = clothes(name)
    body = np.zeros((HIGH, WIDE, 3), dtype=np.uint8)
    mask = np.zeros((HIGH, WIDE), dtype=np.uint8)
    swing = sin(2 * pi * step / STEPS)
    for side in (-1, 1):
        _leg(body, mask, side, side * swing, trousers)
    for side in (-1, 1):
        _arm(body, mask, side, -side * swing, jacket, skin)
    _torso(body, mask, jacket, trousers)
    _head(body, mask, hair, skin)
    return _shaded(body, name), cv2.GaussianBlur(mask, (5, 5), 1.0).astype(np.uint8)


def _stroke(body: Picture, mask: Picture, line: list[tuple[int, int]], colour: Colour, wide: int) -> None:
    points = [np.array(line, dtype=np.int32)]
    cv2.polylines(body, points, False, colour, wide, cv2.LINE_AA)
    cv2.polylines(mask, points, False, 255, wide, cv2.LINE_AA)


def _blob(
    body: Picture, mask: Picture, middle: tuple[int, int], axes: tuple[int, int], colour: Colour
) -> None:
    cv2.ellipse(body, middle, axes, 0, 0, 360, colour, -1, cv2.LINE_AA)
    cv2.ellipse(mask, middle, axes, 0, 0, 360, 255, -1, cv2.LINE_AA)


def _leg(body: Picture, mask: Picture, side: int, swing: float, colour: Colour) -> None:
    hip, knee = (100 + side * 17, 240), (100 + side * 19 + round(10 * swing), 330)
    foot = (100 + side * 19 + round(16 * swing), 420 - round(12 * max(0.0, swing)))
    _stroke(body, mask, [hip, knee, foot], colour, 33)
    _blob(body, mask, (foot[0] + side * 3, min(428, foot[1] + 8)), (20, 11), (26, 26, 30))


def _arm(body: Picture, mask: Picture, side: int, swing: float, jacket: Colour, skin: Colour) -> None:
    shoulder, elbow = (100 + side * 42, 108), (100 + side * 54 + round(6 * swing), 172)
    hand = (100 + side * 50 + round(18 * swing), 232 - round(8 * abs(swing)))
    sleeve: Colour = (round(jacket[0] * 0.86), round(jacket[1] * 0.86), round(jacket[2] * 0.86))
    _stroke(body, mask, [shoulder, elbow, hand], sleeve, 25)
    _blob(body, mask, hand, (11, 13), skin)


def _torso(body: Picture, mask: Picture, jacket: Colour, trousers: Colour) -> None:
    outline = np.array(
        [(58, 96), (82, 84), (118, 84), (142, 96), (140, 170), (136, 250), (64, 250), (60, 170)],
        dtype=np.int32,
    )
    cv2.fillPoly(mask, [outline], 255, cv2.LINE_AA)
    cv2.fillPoly(body, [outline], jacket, cv2.LINE_AA)
    cv2.rectangle(body, (66, 240), (134, 250), trousers, -1)
    cv2.fillPoly(body, [np.array([(90, 84), (110, 84), (100, 122)], np.int32)], (224, 226, 228), cv2.LINE_AA)
    cv2.line(body, (100, 122), (100, 240), tuple(max(0, c - 30) for c in jacket), 2, cv2.LINE_AA)
    cv2.rectangle(body, (114, 126), (128, 142), (210, 214, 220), -1)  # a badge on the breast


def _head(body: Picture, mask: Picture, hair: Colour, skin: Colour) -> None:
    _stroke(body, mask, [(100, 62), (100, 86)], skin, 22)
    _blob(body, mask, (100, 42), (26, 33), hair)
    cv2.ellipse(body, (100, 49), (21, 25), 0, 0, 360, skin, -1, cv2.LINE_AA)
    cv2.ellipse(body, (100, 30), (24, 15), 0, 180, 360, hair, -1, cv2.LINE_AA)
    for x in (91, 109):
        cv2.circle(body, (x, 47), 2, (30, 30, 30), -1, cv2.LINE_AA)
    cv2.line(body, (95, 62), (105, 62), (80, 80, 130), 2, cv2.LINE_AA)


def _shaded(body: Picture, name: str) -> Picture:
    """Cloth has folds and a round body is darker at its sides."""
    seed = int.from_bytes(sha256(name.encode()).digest()[:4])
    across = np.abs(np.linspace(-1, 1, WIDE, dtype=np.float32))
    round_ = (1.08 - 0.42 * across**1.5)[None, :]
    shade = round_ * np.clip(grain(seed, WIDE, HIGH, 0.14), 0.5, 1.5)
    return np.clip(body * shade[:, :, None], 0, 255).astype(np.uint8)


@lru_cache(maxsize=1)
def _shadow() -> Floats:
    """How dark the floor is under somebody, from the middle outwards."""
    disc = np.zeros((64, 64), dtype=np.float32)
    cv2.circle(disc, (32, 32), 20, 0.55, -1, cv2.LINE_AA)
    soft: Floats = cv2.GaussianBlur(disc, (0, 0), 6).astype(np.float32)
    return soft


def stand(
    picture: Picture,
    camera: Camera,
    name: str,
    at: tuple[float, float],
    step: int,
    only: Picture | None = None,
) -> None:
    """Draw a person on the floor at (x, z) metres; ``only`` is where they can be seen, if not everywhere."""
    ends = camera.seen([(at[0], 0.0, at[1]), (at[0], TALL_M, at[1])])
    if ends is None:
        return
    foot, head = ends
    tall = float(np.linalg.norm(foot - head))
    if tall > picture.shape[0] * 3 or tall < 8:
        return
    if only is None:
        _cast(picture, camera, at)
    body, mask = sprite(name, step)
    wide = max(2, round(tall * WIDE / HIGH))
    left, top = round((foot[0] + head[0]) / 2 - wide / 2), round(float(head[1]))
    size = (wide, round(tall))
    _blend(
        picture,
        np.asarray(cv2.resize(body, size, interpolation=cv2.INTER_AREA), dtype=np.uint8),
        np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_AREA), dtype=np.uint8),
        (left, top),
        only,
    )


def _cast(picture: Picture, camera: Camera, at: tuple[float, float]) -> None:
    x, z = at
    r = SHADOW_M
    points = camera.seen([(x - r, 0, z + r), (x + r, 0, z + r), (x + r, 0, z - r), (x - r, 0, z - r)])
    if points is None:
        return
    low, high = np.floor(points.min(axis=0)).astype(int), np.ceil(points.max(axis=0)).astype(int) + 1
    x0, y0 = max(0, low[0]), max(0, low[1])
    x1, y1 = min(picture.shape[1], high[0]), min(picture.shape[0], high[1])
    if x1 <= x0 or y1 <= y0:
        return
    shade = cv2.resize(_shadow(), (int(high[0] - low[0]), int(high[1] - low[1])))
    part = picture[y0:y1, x0:x1]
    dark = shade[y0 - low[1] : y1 - low[1], x0 - low[0] : x1 - low[0], None]
    part[:] = (part * (1 - dark)).astype(np.uint8)


def _blend(
    picture: Picture, body: Picture, mask: Picture, corner: tuple[int, int], only: Picture | None
) -> None:
    left, top = corner
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(picture.shape[1], left + body.shape[1]), min(picture.shape[0], top + body.shape[0])
    if x1 <= x0 or y1 <= y0:
        return
    part = picture[y0:y1, x0:x1]
    solid = mask[y0 - top : y1 - top, x0 - left : x1 - left]
    if only is not None:
        solid = np.minimum(solid, only[y0:y1, x0:x1])
    share = cv2.merge([solid, solid, solid])
    over = cv2.multiply(body[y0 - top : y1 - top, x0 - left : x1 - left], share, scale=1 / 255)
    under = cv2.multiply(part, cv2.bitwise_not(share), scale=1 / 255)
    cv2.add(over, under, dst=part)
