"""A camera that shows the same picture for ever. Pictures in, a word out; no clock of its own.

Rule 1: no sensor sends the same bytes twice: identical digests are one picture.
Rule 2: a stream that is encoded again is told by its noise: where it lives, no two pictures are equal. A
burnt-in clock does not hide that: a few blocks that change are not the picture.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.cameras.lasting import BACK, Lasting
from hardware.cameras.seen import Bytes, Floats

FROZEN = "frozen"
_CELLS = (32, 18)
"""Columns and rows of cells, each 10 x 10 small pixels: small enough that a clock is few of them."""
# Mean difference (of 255) of a cell below which nothing happened in it, and the share of cells that may
# change in a frozen picture: a clock or caption burnt in.
_STILL = 0.02
_A_CLOCK = 0.06
# Darker, a camera's own noise suppression leaves nothing that could change.
_TOO_DARK = 16.0
_LEAST_S = 30.0


class Frozen:
    """Finds a frozen picture: by its digest after ``after_s``, by its pixels after 3 times that or 30 s.

    ``is_still`` says that the last two pictures were one, whatever a clock in them said.
    """

    def __init__(self, after_s: float, free: Floats) -> None:
        self.condition = BACK
        self.is_still = False
        self._free = np.asarray(cv2.resize(free, _CELLS, interpolation=cv2.INTER_AREA) > 0.5)
        self._same = Lasting(after_s)
        self._still = Lasting(max(3 * after_s, _LEAST_S))
        self._digest = b""
        self._last: Bytes | None = None

    def look(self, at: float, digest: bytes, small: Bytes) -> str:
        """One look ``at`` (seconds) at a new picture; gives ``frozen`` or ``back``."""
        same = self._same.note(at, FROZEN if digest == self._digest else "")
        self.is_still = self._is_still(small)
        still = self._still.note(at, FROZEN if self.is_still else "")
        self._digest, self._last = digest, small
        self.condition = FROZEN if FROZEN in (same, still) else BACK
        return self.condition

    def _is_still(self, small: Bytes) -> bool:
        if self._last is None or not self._free.any() or small.mean() < _TOO_DARK:
            return False
        return changed(small, self._last, self._free) <= _A_CLOCK


def changed(small: Bytes, before: Bytes, free: NDArray[np.bool_]) -> float:
    """Share (0 to 1) of the cells (18 x 32) that are looked at in which something changed."""
    apart = cv2.resize(cv2.absdiff(small, before).astype(np.float32), _CELLS, interpolation=cv2.INTER_AREA)
    return float((apart[free] > _STILL).mean())
