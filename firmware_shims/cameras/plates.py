"""Flat things in the drawn room: a texture that hangs on four points of it, and how it gets into a picture.

Rule: whoever draws brings them in painter's order, from far to near.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from firmware_shims.cameras.backdrop import light
from firmware_shims.cameras.layout import Quad
from firmware_shims.cameras.space import Camera, Floats
from firmware_shims.cameras.textures import Picture


@dataclass(frozen=True, slots=True)
class Plate:
    """A texture and where it hangs; ``lit`` is multiplied to the light of its place."""

    texture: Picture
    quad: Quad
    lit: float = 1.0


def draw(picture: Picture, camera: Camera, plates: Iterator[Plate]) -> None:
    """Draw plates into a picture, in their order."""
    for plate in plates:
        points = camera.seen(plate.quad)
        if points is not None:
            bright = float(light(np.mean(plate.quad, axis=0))) * plate.lit
            paste(picture, points, cv2.convertScaleAbs(plate.texture, None, bright).astype(np.uint8))


def paste(picture: Picture, points: Floats, texture: Picture) -> None:
    """Draw a texture onto four pixels of a picture."""
    height, width = picture.shape[:2]
    low = np.maximum(np.floor(points.min(axis=0)).astype(int), 0)
    high = np.minimum(np.ceil(points.max(axis=0)).astype(int) + 1, (width, height))
    if (high - low).min() < 1:
        return
    there = (points - low).astype(np.float32)
    rows, columns = texture.shape[:2]
    source = np.array([(0, 0), (columns, 0), (columns, rows), (0, rows)], dtype=np.float32)
    size = (int(high[0] - low[0]), int(high[1] - low[1]))
    turned = cv2.warpPerspective(
        texture, cv2.getPerspectiveTransform(source, there), size, borderMode=cv2.BORDER_REPLICATE
    )
    mask = np.zeros(size[::-1], dtype=np.uint8)
    cv2.fillConvexPoly(mask, np.round(there * 16).astype(np.int32), 255, cv2.LINE_AA, 4)
    part = picture[low[1] : high[1], low[0] : high[0]]
    share = (mask.astype(np.float32) / 255)[:, :, None]
    part[:] = (turned * share + part * (1 - share)).astype(np.uint8)
