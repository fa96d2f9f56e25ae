"""A recording that is played to us in place of the camera. Pictures in, a word out; no clock of its own.

Rule 1: no sensor sends the same bytes twice: a digest that comes again, and is not frozen, is a recording.
Rule 2: no sensor makes the same noise twice: what is left of a picture without its scene has nothing in
common with any other picture of a live camera.
Rule 3: bounded: digests of an hour, noise of two minutes.
"""

from __future__ import annotations

from collections import OrderedDict, deque

import numpy as np
from numpy.typing import NDArray

from hardware.cameras.lasting import BACK
from hardware.cameras.seen import Bytes, Floats

LOOPED = "looped"
_DIGESTS = 3_600
_PRINTS = 120
_CELL = 20
# Nearer pictures share noise in a live camera too: it averages over time, and encoders repeat blocks.
_APART_S = 20.0
_WITHIN_S = 120.0
_TIMES = 3
_ALIKE = 0.25
_LIVELY = 0.2
_TOO_DARK = 4.0


class Looped:
    """Finds a recording in place of the camera, from looks about a second apart, after three repetitions."""

    def __init__(self, free: Floats) -> None:
        self.condition = BACK
        self._digests: OrderedDict[bytes, float] = OrderedDict()
        self._prints: deque[tuple[float, Floats]] = deque(maxlen=_PRINTS)
        self._again: deque[float] = deque(maxlen=_TIMES)
        self._mean: Floats | None = None
        self._free = _cells(free).min(axis=1) > 0

    def look(self, at: float, digest: bytes, small: Bytes, *, is_still: bool = False) -> str:
        """One look ``at`` (seconds) at a new picture; ``is_still`` when it is the last one once more."""
        heard = self._is_heard(at, small)
        if (self._is_known(at, digest, small) or heard) and not is_still:
            self._again.append(at)
        while self._again and at - self._again[0] > _WITHIN_S:
            self._again.popleft()
        if len(self._again) >= _TIMES:
            self.condition = LOOPED
        elif not self._again:
            self.condition = BACK
        return self.condition

    def _is_known(self, at: float, digest: bytes, small: Bytes) -> bool:
        """Whether these bytes came before, with others in between; a black picture may be any other's."""
        newest = next(reversed(self._digests), b"")
        known = digest != newest and digest in self._digests and small.mean() > _TOO_DARK
        self._digests[digest] = at
        self._digests.move_to_end(digest)
        while len(self._digests) > _DIGESTS:
            self._digests.popitem(last=False)
        return known

    def _is_heard(self, at: float, small: Bytes) -> bool:
        """Whether the noise of this picture is that of an earlier one."""
        seen = _cells(small.astype(np.float32))
        mean = seen if self._mean is None else self._mean
        self._mean = mean + (seen - mean) / 16
        noise = _noise(seen, mean)
        old = [kept for since, kept in self._prints if at - since >= _APART_S]
        self._prints.append((at, noise))
        return bool(old) and bool(max(alike(noise, np.stack(old), self._free)) > _ALIKE)


def alike(noise: Floats, old: Floats, free: NDArray[np.bool_]) -> Floats:
    """Correlation (-1 to 1) of a picture's noise with each older one's: the median of its cells."""
    lively = free & (np.abs(noise).sum(axis=1) > 0)
    if lively.sum() < lively.size // 4:
        return np.zeros(len(old), np.float32)
    both = np.einsum("nck,ck->nc", old[:, lively], noise[lively])
    return np.asarray(np.median(both, axis=1), np.float32)


def _cells(values: Floats) -> Floats:
    """Every second cell of 20 x 20 small pixels, a row each: 72 x 400."""
    tiled = values.reshape(9, _CELL, 16, _CELL).transpose(0, 2, 1, 3).reshape(144, _CELL * _CELL)
    return np.ascontiguousarray(tiled[::2], dtype=np.float32)


def _noise(seen: Floats, mean: Floats) -> Floats:
    """What is left of each cell without the scene: no brightness, length 1; zeros for one without noise."""
    scene = mean - mean.mean(axis=1, keepdims=True)
    rest = seen - seen.mean(axis=1, keepdims=True)
    share = (rest * scene).sum(axis=1, keepdims=True) / np.maximum(
        (scene**2).sum(axis=1, keepdims=True), 1e-6
    )
    rest = rest - share * scene
    size = np.sqrt((rest**2).sum(axis=1, keepdims=True))
    lively = size > _LIVELY * _CELL
    return np.where(lively, rest / np.maximum(size, 1e-6), 0).astype(np.float32)
