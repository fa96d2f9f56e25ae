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
# Nearer pictures share noise in a live camera too: it averages over time, and encoders repeat blocks.
_APART_S = 20.0
_WITHIN_S = 120.0
_TIMES = 3
# Two pictures of a live camera have at most 0.38 in common (mount shaken by 3 pixels), else 0.15; a
# picture and its copy, encoded twice more, at least 0.4.
_ALIKE = 0.4
_LIVELY = 0.2
_TOO_DARK, _TOO_BRIGHT = 3.0, 235.0
_RIDGE = 1e-2
_CELL = 10
_CELLS = 96
"""The plainest of 576: where nothing is to be seen, a shaken mount leaves nothing but noise."""
_WARM = 16
# A pixel may pull the mean by so much: who walks by leaves no trace in it.
_PULL = 2.0
_SWITCHED = 0.05


class Looped:
    """Finds a recording in place of the camera, from looks about a second apart, after three repetitions."""

    def __init__(self, free: Floats) -> None:
        self.condition = BACK
        self._digests: OrderedDict[bytes, float] = OrderedDict()
        self._again: deque[float] = deque(maxlen=_TIMES)
        self._free = np.asarray(_cells(free).min(axis=1) > 0)
        self._bright = 0.0
        self._begin()

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

    def _begin(self) -> None:
        self._prints: deque[tuple[float, Floats]] = deque(maxlen=_PRINTS)
        self._looks = 0
        self._mean: Floats = np.zeros((self._free.size, _CELL * _CELL), np.float32)
        self._plainest: NDArray[np.intp] = np.zeros(0, np.intp)

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
        # Another light is another picture: what the encoder makes of it must be learned first.
        if self._looks and abs(seen.mean() - self._bright) > _SWITCHED * self._bright + 1:
            self._begin()
        self._bright = float(seen.mean())
        noise = self._noise_of(seen)
        if not noise.size:
            return False
        old = [kept for since, kept in self._prints if at - since >= _APART_S]
        self._prints.append((at, noise))
        return bool(old) and bool(alike(noise, np.stack(old)).max() > _ALIKE)

    def _noise_of(self, seen: Floats) -> Floats:
        """The noise of the plainest cells; nothing until the scene is known."""
        self._looks += 1
        mean = seen if self._looks == 1 else self._mean
        self._mean = mean + np.clip(seen - mean, -_PULL, _PULL) / _WARM
        if self._looks <= _WARM:
            return np.zeros(0, np.float32)
        if not self._plainest.size:
            self._plainest = _plainest(mean, self._free)
        return _noise(seen[self._plainest], mean[self._plainest])


def alike(noise: Floats, old: Floats) -> Floats:
    """Correlation (-1 to 1) of a picture's noise with each older one's: the median of its cells."""
    lively = np.abs(noise).sum(axis=1) > 0
    if lively.sum() < _CELLS // 3:
        return np.zeros(len(old), np.float32)
    both = np.einsum("nck,ck->nc", old[:, lively], noise[lively])
    return np.asarray(np.median(both, axis=1), np.float32)


def _cells(values: Floats) -> Floats:
    """A picture (180 x 320) as cells of 10 x 10, a row each: 576 x 100."""
    tiled = values.reshape(18, _CELL, 32, _CELL).transpose(0, 2, 1, 3)
    return np.ascontiguousarray(tiled.reshape(576, _CELL * _CELL), dtype=np.float32)


def _plainest(mean: Floats, free: NDArray[np.bool_]) -> NDArray[np.intp]:
    tiles = mean.reshape(-1, _CELL, _CELL)
    steep = np.hypot(*np.gradient(tiles, axis=(1, 2))).reshape(mean.shape)
    bright = mean.mean(axis=1)
    usable = free & (bright > _TOO_DARK) & (bright < _TOO_BRIGHT)
    order = np.argsort(np.where(usable, np.quantile(steep, 0.9, axis=1), np.inf))
    return np.sort(order[: min(_CELLS, int(usable.sum()))])


def _noise(seen: Floats, mean: Floats) -> Floats:
    """What is left of each cell without the scene: no brightness, length 1; zeros for one without noise.

    What light and a shaken mount leave of the scene are its values and their derivatives; least squares
    take them out.
    """
    tiles = mean.reshape(-1, _CELL, _CELL)
    known = [np.ones_like(tiles), tiles, *np.gradient(tiles, axis=(1, 2))]
    basis = np.stack([one.reshape(seen.shape) for one in known], axis=2)
    turned = basis.transpose(0, 2, 1)
    square = turned @ basis + np.eye(len(known), dtype=np.float32) * _RIDGE
    rest = seen - (basis @ np.linalg.solve(square, turned @ seen[..., None]))[..., 0]
    size = np.sqrt((rest**2).sum(axis=1, keepdims=True))
    return np.where(size > _LIVELY * _CELL, rest / np.maximum(size, _RIDGE), 0).astype(np.float32)
