"""The space a drawn room takes: where a camera stands, and where a point of the room falls in its picture.

Rule 1: metres in the room (x to the right, y up, z towards the wall with the door), pixels in the picture.
Rule 2: a pinhole camera and nothing more; what is seen through it is drawn elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Point = tuple[float, float, float]
ROOM: Point = (6.0, 2.8, 5.0)
"""Width, height and depth of the room; the iron door stands in the wall at the far end of the depth."""
NEAR_M = 0.15


@dataclass(frozen=True, slots=True)
class View:
    """Where a camera hangs, what it looks at, its focal length in picture widths, its roll in degrees."""

    stands: Point
    looks_at: Point
    focal: float = 0.72
    roll: float = 0.0

    def turned(self, degrees: float, roll: float = 0.0) -> View:
        """The same camera, turned to the right about its own foot, and rolled."""
        angle = np.radians(degrees)
        dx, dz = self.looks_at[0] - self.stands[0], self.looks_at[2] - self.stands[2]
        x = self.stands[0] + dx * np.cos(angle) + dz * np.sin(angle)
        z = self.stands[2] - dx * np.sin(angle) + dz * np.cos(angle)
        return replace(self, looks_at=(float(x), self.looks_at[1], float(z)), roll=self.roll + roll)

    @property
    def axes(self) -> Floats:
        """Rows: to the right, down, and into the picture, as unit vectors of the room."""
        into = np.subtract(self.looks_at, self.stands)
        into = into / np.linalg.norm(into)
        right = np.cross((0.0, 1.0, 0.0), into)
        right = right / np.linalg.norm(right)
        down = -np.cross(into, right)
        c, s = np.cos(np.radians(self.roll)), np.sin(np.radians(self.roll))
        return np.array([c * right + s * down, c * down - s * right, into], dtype=np.float32)


class Camera:
    """A view through a picture of ``size`` (width, height in pixels)."""

    def __init__(self, view: View, size: tuple[int, int]) -> None:
        self.view, self.size = view, size
        self._axes = view.axes
        self._stands = np.array(view.stands, dtype=np.float32)
        self._focal = view.focal * size[0]
        self._middle = np.array([size[0] / 2, size[1] / 2], dtype=np.float32)

    def seen(self, points: npt.ArrayLike) -> Floats | None:
        """Pixels of points (N x 3); None when one of them lies beside or behind the camera."""
        there = (np.asarray(points, dtype=np.float32) - self._stands) @ self._axes.T
        if float(there[:, 2].min()) < NEAR_M:
            return None
        return np.asarray(there[:, :2] / there[:, 2:] * self._focal + self._middle, dtype=np.float32)

    def tall(self, at: Point) -> float:
        """How many pixels one metre is there, 0 behind the camera."""
        depth = float((np.asarray(at, dtype=np.float32) - self._stands) @ self._axes[2])
        return self._focal / depth if depth > NEAR_M else 0.0

    def depth(self, at: Point) -> float:
        """Distance from the camera's plane, in metres."""
        return float((np.asarray(at, dtype=np.float32) - self._stands) @ self._axes[2])

    def rays(self) -> Floats:
        """Direction of every pixel in the room (height x width x 3), not of unit length."""
        width, height = self.size
        across = (np.arange(width, dtype=np.float32) + 0.5 - self._middle[0]) / self._focal
        down = (np.arange(height, dtype=np.float32) + 0.5 - self._middle[1]) / self._focal
        right, below, into = self._axes
        rays = across[None, :, None] * right + down[:, None, None] * below + into
        return np.asarray(rays, dtype=np.float32)
