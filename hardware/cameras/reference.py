"""What a camera should see: the mean of good pictures, and how sharp each part of it is.

A file of it is one line of JSON and then bytes, and is refused unless it would be written the same again:

    {"areas":[[0,0,300,60]],"digest":"…","format":"ironroom camera reference","frames":20,"version":1}

Rule 1: what is masked, and where the camera writes its clock, is grey in it: it holds nothing that may not
be kept.
Rule 2: it follows the light of the room, and only when told that the room is empty; it never follows what
is to be seen, so that no one can turn or blur a camera slowly enough.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from hardware.cameras.areas import Area, fault
from hardware.cameras.seen import SMALL, Bytes, Floats, Grey, blocks, weights
from hardware.cameras.structure import Sharpness, edges, sharpness

FRAMES = 20
"""Pictures that a reference is learned from."""
_FORMAT = "ironroom camera reference"
_VERSION = 1
_LONGEST_LINE = 4_096
_HIDDEN = 128
_DARKEST, _BRIGHTEST = 30.0, 225.0
# Spread of the edge strength (Sobel magnitude) within a block from which it has something to tell by.
_TELLING = 8.0
_FEWEST_TELLING = 6
# How far the light may be from that of the learned pictures, and how fast the reference follows it.
_LIGHT = (0.25, 4.0)
_FOLLOWS = 1 / 32


class NoReferenceError(ValueError):
    """No reference: its bytes are not whole, or the pictures do not teach one; the text says why."""


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """What a camera should see: ``small`` is the mean picture (180 x 320 bytes), masked areas grey in it.

    ``sharp`` is its sharpness by blocks, ``areas`` are not looked at, ``frames`` is how many pictures taught
    it, ``light`` how much brighter each block (5 x 8) is by now than when it was learned (1.0: the same).
    """

    small: Bytes
    sharp: Sharpness
    areas: tuple[Area, ...] = ()
    frames: int = FRAMES
    light: Floats = field(default_factory=lambda: np.ones((5, 8), np.float32))
    free: Floats = field(init=False, repr=False)
    edges: Floats = field(init=False, repr=False)
    telling: Floats = field(init=False, repr=False)

    def __post_init__(self) -> None:
        free = weights(self.areas)
        found = edges(self.small)
        share = blocks(free)
        middle = blocks(found * free) / np.maximum(share, 1e-6)
        spread = np.sqrt(np.maximum(blocks(found * found * free) / np.maximum(share, 1e-6) - middle**2, 0))
        object.__setattr__(self, "free", free)
        object.__setattr__(self, "edges", found)
        object.__setattr__(self, "telling", ((spread >= _TELLING) & (share >= 0.3)).astype(np.float32))

    def lit(self) -> Floats:
        """The mean picture in the light of today, as floats."""
        light = cv2.resize(self.light, SMALL, interpolation=cv2.INTER_LINEAR)
        return np.asarray(np.clip(self.small * light, 0, 255), np.float32)

    def follow(self, picture: Grey) -> Reference:
        """A reference a little nearer to the light of this picture, which must be one of the empty room.

        Each block comes nearer by 1/32 and stays within a quarter and four times of what was learned.
        """
        learned, now = blocks(self.small * self.free), blocks(picture.small * self.free)
        gain = (now + 2) / (learned + 2)
        light = np.clip(self.light + (gain - self.light) * _FOLLOWS, *_LIGHT)
        return replace(self, light=light.astype(np.float32))

    def spelled(self) -> bytes:
        """The bytes of its file; about 60,000."""
        body = self.small.tobytes() + self.sharp.spelled() + self.light.astype("<f4").tobytes()
        line = {
            "areas": self.areas,
            "digest": hashlib.sha256(body).hexdigest(),
            "format": _FORMAT,
            "frames": self.frames,
            "version": _VERSION,
        }
        return json.dumps(line, sort_keys=True, separators=(",", ":")).encode() + b"\n" + body


def parsed(data: bytes) -> Reference:
    """The reference of a file; raises NoReferenceError for any bytes that ``spelled`` would not write."""
    head, _, body = data.partition(b"\n")
    pixels, sharp = SMALL[0] * SMALL[1], Sharpness.SIZE
    if len(head) > _LONGEST_LINE or len(body) != pixels + sharp + 160:
        raise NoReferenceError("the reference of a camera is not as long as it must be; learn it again")
    try:
        line = json.loads(head)
        found = Reference(
            np.frombuffer(body[:pixels], np.uint8).reshape(SMALL[::-1]),
            Sharpness.parsed(body[pixels : pixels + sharp]),
            tuple(_area(one) for one in line["areas"]),
            line["frames"],
            np.clip(np.frombuffer(body[-160:], "<f4").reshape(5, 8), *_LIGHT).astype(np.float32),
        )
        again = found.spelled()
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NoReferenceError(
            "the reference of a camera is not spelled as it must be; learn it again"
        ) from error
    if not hmac.compare_digest(again, data):
        raise NoReferenceError("the reference of a camera was altered; learn it again")
    return found


class Learning:
    """Learns a reference of an empty, lit room from ``frames`` pictures (2 to 1,000), ``areas`` left out."""

    def __init__(self, areas: Sequence[Area] = (), frames: int = FRAMES) -> None:
        if not 2 <= frames <= 1_000:
            raise ValueError(f"frames is {frames}, must be 2 to 1000")
        self._areas, self._frames = tuple(areas), frames
        self._pictures: list[Grey] = []

    def add(self, picture: Grey) -> Reference | None:
        """One more picture; the reference with the last one. Raises NoReferenceError if they teach none."""
        self._pictures.append(picture)
        return self._learned() if len(self._pictures) >= self._frames else None

    def _learned(self) -> Reference:
        free = weights(self._areas)
        small = _hidden(_mean(one.small for one in self._pictures), free)
        # Of the sharpness of each picture, not of the mean: the mean of a trembling camera is soft.
        sharp = Sharpness.mean([sharpness(one.fine, free) for one in self._pictures])
        found = Reference(small, sharp, self._areas, self._frames)
        if why := self._why_not(found):
            raise NoReferenceError(why)
        return found

    def _why_not(self, found: Reference) -> str:
        bright = float(found.small.mean())
        if not _DARKEST <= bright <= _BRIGHTEST:
            return f"it is too dark or too bright to learn from ({bright:.0f} of 255)"
        if found.telling.sum() < _FEWEST_TELLING:
            return "there is too little to be seen to tell the view by"
        apart = [_apart(one.small, found) for one in self._pictures]
        return "something moved before the camera, or it trembles" if max(apart) > 0.02 else ""


def _apart(small: Bytes, found: Reference) -> float:
    """Share of the picture in which it differs from the reference by more than noise does."""
    far = cv2.absdiff(cv2.blur(small, (5, 5)), cv2.blur(found.small, (5, 5))) > 20
    return float((far * found.free).mean())


def _mean(pictures: Iterable[Bytes]) -> Bytes:
    return np.asarray(np.rint(np.mean([one.astype(np.float32) for one in pictures], axis=0)), np.uint8)


def _hidden(small: Bytes, free: Floats) -> Bytes:
    return np.where(free > 0, small, _HIDDEN).astype(np.uint8)


def _area(raw: object) -> Area:
    if not isinstance(raw, list) or len(raw) != 4 or any(type(one) is not int for one in raw):
        raise NoReferenceError("an area is left, top, width and height in thousandths")
    if why := fault(raw):
        raise NoReferenceError(f"an area {why}")
    left, top, width, height = raw
    return left, top, width, height
