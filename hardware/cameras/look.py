"""What one look at one picture finds, beside what the camera should see. Numbers in, one word out.

Rule 1: a dark room in which edges are still found is a dark room; without edges it is a covered camera.
Rule 2: whether the scene is there is asked first; how bright and how sharp it is, only then.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from hardware.cameras.reference import Reference
from hardware.cameras.seen import Floats, Grey
from hardware.cameras.structure import edges, likeness, sharpness, shift

HIDDEN = "hidden"
"""Most of the scene is not to be seen: a person close by, something held before it, or another view."""
_EDGES, _KEPT, _A_BLOCK = 0.15, 0.4, 0.4
_WHITE, _BRIGHT, _MUCH_WHITE = 250, 225.0, 0.3
_DARK, _PLAIN, _DIM = 8.0, 12.0, 40.0
_SOFT, _VERY_SOFT = 0.5, 0.35
# Pixels of the small picture; 3 of them are 12 of a picture 1280 wide.
_MOVED_PX, _SURE = 3.0, 0.12
_DOUBTED = 0.75
_NOTHING, _BUSY = 0.15, 0.6


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What one look found: ``word`` is "", covered, moved, defocused, blinded or hidden.

    ``edge`` (-1 to 1) is how far its edges are those of the reference, ``kept`` the share (0 to 1) of the
    blocks with edges where they are, ``sharp`` how sharp it is beside the reference (1.0: as sharp),
    ``moved`` by how many small pixels the view moved, ``bright`` and ``spread`` mean and deviation (0 to
    255), ``white`` the share of white pixels, ``busy`` how many edges there are beside the reference (1.0: as
    many), ``lost`` which blocks (5 x 8) lost their edges.
    """

    word: str
    bright: float
    spread: float
    edge: float = 0.0
    kept: float = 0.0
    sharp: float = 1.0
    moved: float = 0.0
    white: float = 0.0
    busy: float = 0.0
    lost: Floats = field(default_factory=lambda: np.zeros((5, 8)), repr=False)

    @property
    def is_dark(self) -> bool:
        """Whether the scene is there, but without light."""
        return not self.word and self.spread < _DARK


def look_at(picture: Grey, reference: Reference, slow: Floats) -> Look:
    """One look. ``slow`` is the mean of the last pictures (180 x 320): in the dark it has less noise."""
    bright, spread, white = _tones(picture, reference.free)
    now = edges(picture.small)
    found = _beside(now, reference)
    if not _is_there(*found[:2]) and bright < _DIM:
        found = _beside(edges(slow), reference)
    edge, kept, lost = found
    far, sure = shift(now, reference.edges) if edge < _DOUBTED else (0.0, 0.0)
    moved = far if far > _MOVED_PX and sure > _SURE else 0.0
    sharp = sharpness(picture.fine, reference.free).beside(reference.sharp, reference.telling * (1 - lost))
    busy = float(now.mean() / max(reference.edges.mean(), 1.0))
    seen = Look("", bright, spread, edge, kept, sharp, moved, white, busy, lost)
    return replace(seen, word=_there(seen) if _is_there(edge, kept) else _gone(seen))


def look_alone(picture: Grey) -> Look:
    """One look without a reference: only a camera that sees nothing at all, or nothing but light."""
    bright, spread, white = _tones(picture, np.ones(picture.small.shape, np.float32))
    word = "blinded" if bright > _BRIGHT else "covered" if spread < _DARK / 4 else ""
    return Look(word, bright, spread, white=white)


def _there(seen: Look) -> str:
    if seen.bright > _BRIGHT:
        return "blinded"
    if seen.moved:
        return "moved"
    # In the dark the noise is stronger than what is fine.
    return "defocused" if seen.sharp < _SOFT and seen.spread >= _DARK else ""


def _gone(seen: Look) -> str:
    if seen.bright > _BRIGHT or seen.white > _MUCH_WHITE:
        return "blinded"
    if seen.spread < _PLAIN:
        return "covered"
    if seen.moved:
        return "moved"
    if seen.kept < _NOTHING:
        # A view full of edges of which none is ours is another view; nobody stands as close as this for long.
        return "moved" if seen.busy >= _BUSY else "covered"
    return "covered" if seen.sharp < _VERY_SOFT else HIDDEN


def _is_there(edge: float, kept: float) -> bool:
    return edge >= _EDGES and kept >= _KEPT


def _beside(found: Floats, reference: Reference) -> tuple[float, float, Floats]:
    edge, by_block = likeness(found, reference.edges, reference.free)
    lost = reference.telling * (by_block < _A_BLOCK)
    return edge, 1.0 - float(lost.sum() / max(reference.telling.sum(), 1.0)), lost.astype(np.float32)


def _tones(picture: Grey, free: Floats) -> tuple[float, float, float]:
    seen = picture.small[free > 0]
    if not seen.size:
        return 0.0, 0.0, 0.0
    return float(seen.mean()), float(seen.std()), float((seen >= _WHITE).mean())
