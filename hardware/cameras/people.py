"""Whether somebody is in a room: what hides a part of the empty room. It does not count.

Rule 1: it says occupied or empty, never how many: of two persons, pictures alone showed one too often.
Rule 2: light is nobody: brightness that changes over what is still to be seen does not count.
Rule 3: in the dark it says nothing, and what was moved, left open or left behind is somebody to it until the
reference is learned again.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from hardware.cameras.lasting import BACK, Lasting
from hardware.cameras.reference import Reference
from hardware.cameras.seen import Bytes, Floats, Grey, blocks

OCCUPIED = "occupied"
SMALLEST = 0.006
"""Share of the picture from which what hides the room may be a person: 19 x 19 pixels of 320 x 180."""
_WINDOW = (9, 9)
# Variance (of 255) within a window below which there is only noise to be seen.
_NOISE = 40.0
_ALIKE = 0.55
_DARKEST = 16.0
# What light has washed out hides nothing.
_WHITE = 250.0


@dataclass(frozen=True, slots=True)
class Presence:
    """What one picture says: ``is_occupied`` (None: too dark to say), and the ``share`` (0 to 1) hidden."""

    is_occupied: bool | None
    share: float


def presence(picture: Grey, reference: Reference, smallest: float = SMALLEST) -> Presence:
    """Whether something at least as large as ``smallest`` (share of the picture) hides the empty room."""
    bright = float(picture.small.mean())
    if bright < max(_DARKEST, float(reference.small.mean()) / 4):
        return Presence(None, 0.0)
    share = _largest(_hidden(picture.small, reference))
    return Presence(share >= smallest, share)


class Occupied:
    """Whether somebody is in the room, as looks of ``after_s`` (0.1 to 3,600) agree; None until they do."""

    def __init__(self, after_s: float) -> None:
        self.is_occupied: bool | None = None
        self._lasting = Lasting(after_s)

    def note(self, at: float, seen: Presence) -> bool | None:
        """One look ``at`` (seconds); gives whether the room is occupied by now."""
        word = None if seen.is_occupied is None else OCCUPIED if seen.is_occupied else ""
        condition = self._lasting.note(at, word)
        if condition != BACK:
            self.is_occupied = True
        elif self._lasting.is_sound:
            self.is_occupied = False
        return self.is_occupied


def _hidden(small: Bytes, reference: Reference) -> Bytes:
    """1 where what was learned is no longer to be seen, of whatever brightness (180 x 320)."""
    now, then = _soft(small.astype(np.float32)), _soft(reference.lit())
    then *= _gain(now, then)
    mean_now, mean_then = cv2.blur(now, _WINDOW), cv2.blur(then, _WINDOW)
    spread_now = np.maximum(cv2.blur(now * now, _WINDOW) - mean_now * mean_now, 0)
    spread_then = np.maximum(cv2.blur(then * then, _WINDOW) - mean_then * mean_then, 0)
    both = cv2.blur(now * then, _WINDOW) - mean_now * mean_then
    alike = (both + _NOISE) / (np.sqrt(spread_now * spread_then) + _NOISE)
    # Where one of them is plain and the other is not, the quotient alone would not tell.
    rich = np.maximum(spread_now, spread_then) > 4 * _NOISE
    lower = np.minimum(
        alike, (2 * np.sqrt(spread_now * spread_then) + _NOISE) / _sum(spread_now, spread_then)
    )
    return np.asarray(
        (np.where(rich, lower, alike) < _ALIKE) & (reference.free > 0) & (now < _WHITE), np.uint8
    )


def _soft(values: Floats) -> Floats:
    """Without what noise and a shaken mount do to single pixels."""
    return np.asarray(cv2.GaussianBlur(values, (5, 5), 0), np.float32)


def _gain(now: Floats, then: Floats) -> float:
    """How much brighter it is than it was: the median of the blocks, of which people hide fewer than half."""
    return float(np.median((blocks(now) + 2) / (blocks(then) + 2)))


def _sum(one: Floats, other: Floats) -> Floats:
    return one + other + _NOISE


def _largest(hidden: Bytes) -> float:
    """Share of the picture within the outline of the largest thing."""
    joined = cv2.morphologyEx(hidden, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    joined = cv2.morphologyEx(joined, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    outlines, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return max((cv2.contourArea(one) for one in outlines), default=0.0) / hidden.size
