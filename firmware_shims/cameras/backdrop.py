"""The bare room as a camera sees it: walls, floor and ceiling under two lamps, worked out once for a view.

Rule: every pixel is a ray that ends on one of six planes; light falls off as from lamps, not as from a brush.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from firmware_shims.cameras.space import ROOM, Camera, Floats
from firmware_shims.cameras.textures import Picture, ceiling, concrete, tiles

PER_METRE = 160
LAMPS = ((1.9, 2.72, 2.6), (4.2, 2.72, 2.6))
AMBIENT = 0.5
POWER = 2.3


def light(points: npt.ArrayLike, normal: tuple[float, float, float] | None = None) -> Floats:
    """How bright points (… x 3) are, about 1 under a lamp; without a normal they are lit from all sides."""
    where = np.asarray(points, dtype=np.float32)
    total = np.full(where.shape[:-1], AMBIENT, dtype=np.float32)
    for lamp in LAMPS:
        away = np.array(lamp, dtype=np.float32) - where
        squared = (away * away).sum(-1) + 0.4
        facing = 0.6 if normal is None else np.abs(away @ np.array(normal, dtype=np.float32))
        total += POWER * (facing / np.sqrt(squared) if normal else facing) / (squared + 1.2)
    return total


@cache
def _walls() -> tuple[Picture, ...]:
    width, height, depth = ROOM
    return (
        concrete(11, (depth, height), PER_METRE),
        concrete(12, (depth, height), PER_METRE),
        tiles(13, (width, depth), PER_METRE),
        ceiling(14, (width, depth), PER_METRE),
        concrete(15, (width, height), PER_METRE),
        concrete(16, (width, height), PER_METRE),
    )


# Of each plane: its axis, whether it is the far one, which coordinates its texture runs along.
_PLANES = ((0, 0, 2, 1), (0, 1, 2, 1), (1, 0, 0, 2), (1, 1, 0, 2), (2, 0, 0, 1), (2, 1, 0, 1))


def backdrop(camera: Camera) -> Picture:
    """The empty room, lit (height x width x 3)."""
    rays = camera.rays()
    start = np.array(camera.view.stands, dtype=np.float32)
    with np.errstate(divide="ignore"):
        far = np.where(rays > 0, np.array(ROOM, dtype=np.float32), 0.0).astype(np.float32)
        reach = (far - start) / rays
    reach = np.where(np.isfinite(reach), reach, np.float32(1e9))
    axis = reach.argmin(axis=2)
    points = start + rays * reach.min(axis=2)[:, :, None]
    picture = np.zeros((*axis.shape, 3), dtype=np.uint8)
    for texture, (along, high, u, v) in zip(_walls(), _PLANES, strict=True):
        hit = (axis == along) & ((rays[:, :, along] > 0) == bool(high))
        if hit.any():
            _paint(picture, hit, texture, points, (along, u, v))
    return np.asarray(cv2.GaussianBlur(picture, (3, 3), 0.55), dtype=np.uint8)


def _paint(
    picture: Picture, hit: npt.NDArray[np.bool_], texture: Picture, points: Floats, axes: tuple[int, int, int]
) -> None:
    along, u, v = axes
    there = points[hit]
    across = points[:, :, u] * PER_METRE
    down = (ROOM[v] - points[:, :, v]) * PER_METRE
    colours = cv2.remap(texture, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[hit]
    normal = tuple(float(i == along) for i in range(3))
    lit = colours * (light(there, (normal[0], normal[1], normal[2])) * _corners(there, along))[:, None]
    picture[hit] = np.clip(lit, 0, 255).astype(np.uint8)


def _corners(there: Floats, along: int) -> Floats:
    """Edges between planes are a little darker, as less of the room shines on them."""
    shade = np.ones(len(there), dtype=np.float32)
    for axis in {0, 1, 2} - {along}:
        near = np.minimum(there[:, axis], ROOM[axis] - there[:, axis])
        shade *= (0.72 + 0.28 * np.clip(near / 0.35, 0, 1)).astype(np.float32)
    return shade
