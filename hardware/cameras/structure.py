"""Whether a scene is still the one that was learned, and how sharp, part by part. Pictures in, numbers out.

Rule: nothing here depends on how bright the room is: edges are correlated, sharpness is a ratio.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from hardware.cameras.seen import FINE, Bytes, Floats, Numbers, blocks

_FAINT = 1e-6


def edges(small: Numbers) -> Floats:
    """Strength of the edges of a picture (Sobel magnitude after a blur against noise), same shape."""
    soft = cv2.GaussianBlur(small, (5, 5), 0)
    across, down = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    return cv2.magnitude(across, down).astype(np.float32, copy=False)


def likeness(found: Floats, learned: Floats, free: Floats) -> tuple[float, Floats]:
    """Correlation (-1 to 1) of two maps of edges where ``free`` is 1: over all, and by blocks."""
    share = np.maximum(blocks(free), _FAINT)
    means = [blocks(values * free) for values in (found, learned, found * found, learned * learned)]
    both = blocks(found * learned * free)
    whole = _correlation(*(np.array(m.mean() / share.mean()) for m in (*means, both)))
    return float(whole), _correlation(*(m / share for m in (*means, both)))


def _correlation(one: Floats, other: Floats, one2: Floats, other2: Floats, both: Floats) -> Floats:
    spread = np.maximum(one2 - one * one, 0) * np.maximum(other2 - other * other, 0)
    found = np.where(spread > _FAINT, (both - one * other) / np.sqrt(np.maximum(spread, _FAINT)), 0)
    return found.astype(np.float32)


def shift(found: Floats, learned: Floats) -> tuple[float, float]:
    """How far the view moved in pixels of the small picture, and how sure that is (0 to 1)."""
    window = cv2.createHanningWindow((found.shape[1], found.shape[0]), cv2.CV_32F)
    # Copies: where no padding is needed, OpenCV multiplies the window into what it is given.
    (across, down), sure = cv2.phaseCorrelate(learned.copy(), found.copy(), window)
    return float(np.hypot(across, down)), float(sure)


@dataclass(frozen=True, slots=True, eq=False)
class Sharpness:
    """Fine detail and contrast of each block (5 x 8); their quotient tells a sharp block from a soft one."""

    SIZE: ClassVar[int] = 320

    detail: Floats
    contrast: Floats

    @classmethod
    def mean(cls, many: Sequence[Sharpness]) -> Sharpness:
        """The mean of several pictures'."""
        return cls(
            np.mean([one.detail for one in many], axis=0).astype(np.float32),
            np.mean([one.contrast for one in many], axis=0).astype(np.float32),
        )

    def beside(self, learned: Sharpness, where: Floats) -> float:
        """How sharp it is beside what was learned (1.0: as sharp), the median where ``where`` is true."""
        rich = (where > 0) & (learned.detail >= np.quantile(learned.detail, 0.5))
        if rich.sum() < 3:
            return 1.0
        ours = self.detail / np.maximum(self.contrast, 1.0)
        theirs = learned.detail / np.maximum(learned.contrast, 1.0)
        return float(np.median((ours / np.maximum(theirs, _FAINT))[rich]))

    def spelled(self) -> bytes:
        """320 bytes: both maps as little-endian floats."""
        return self.detail.astype("<f4").tobytes() + self.contrast.astype("<f4").tobytes()

    @classmethod
    def parsed(cls, raw: bytes) -> Sharpness:
        """Of 320 bytes; raises ValueError for others."""
        both = np.frombuffer(raw, "<f4").reshape(2, 5, 8).astype(np.float32)
        if not (np.isfinite(both).all() and (both >= 0).all()):
            raise ValueError("sharpness is finite and not below zero")
        return cls(both[0], both[1])


def sharpness(fine: Bytes, free: Floats) -> Sharpness:
    """Sharpness of a picture without what noise adds: its own plainest blocks tell how much that is."""
    seen = cv2.resize(free, FINE, interpolation=cv2.INTER_NEAREST)
    share = np.maximum(blocks(free), _FAINT)
    second = cv2.Laplacian(fine, cv2.CV_32F)
    energy = blocks(second * second * seen) / share
    soft = cv2.GaussianBlur(fine, (0, 0), 2.0).astype(np.float32)
    middle = blocks(soft * seen) / share
    contrast = np.maximum(blocks(soft * soft * seen) / share - middle * middle, 0)
    noise = np.quantile(energy, 0.1)
    return Sharpness(np.maximum(energy - noise, 0).astype(np.float32), contrast.astype(np.float32))
