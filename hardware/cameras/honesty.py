"""Whether a camera shows what it should: looks at single pictures become one lasting condition.

Rule 1: no thread and no clock of its own: it is given pictures, and when they were taken.
Rule 2: bytes from a camera never raise here; what cannot be looked at says nothing.
Rule 3: a lost camera is not its business: who reads the stream knows that better.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from hardware.cameras.areas import Area
from hardware.cameras.frozen import Frozen
from hardware.cameras.lasting import BACK, Lasting
from hardware.cameras.look import HIDDEN, Look, look_alone, look_at
from hardware.cameras.looped import Looped
from hardware.cameras.reference import Reference
from hardware.cameras.seen import Floats, Grey, UnseenError, blocks, grey, weights

# A part of the view that stays lost and does not move for as long is covered: no person is that still.
PARTLY_S = 120.0
_PARTLY = 0.3
_MOVES = 2.5
_WHOLE = 0.85
_A_QUARTER = 0.25
_UNSEEN = Look("", 0.0, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """What one picture taken ``at`` showed, and the ``condition`` of the camera after it.

    ``picture`` is what was looked at and None for bytes that are no picture; ``look`` what it showed;
    ``is_new`` says that the condition is another one than before.
    """

    at: float
    condition: str
    is_new: bool
    look: Look
    picture: Grey | None = None


class Honesty:
    """Judges one camera by about one picture each ``fault_after_s`` / 10, against its reference or none.

    ``fault_after_s`` (0.1 to 600): how long it must look wrong. ``areas`` (masks, and where the camera
    writes its clock) are not looked at; with a reference they are those of the reference. ``condition`` is
    ``back`` (nothing is wrong), ``covered``, ``moved``, ``defocused``, ``blinded``, ``frozen`` or
    ``looped``; without a reference ``moved`` and ``defocused`` are never found.
    """

    def __init__(
        self, reference: Reference | None, areas: Sequence[Area] = (), *, fault_after_s: float = 10.0
    ) -> None:
        self.condition = BACK
        self._after_s = fault_after_s
        self._areas = tuple(areas)
        self._seen = _UNSEEN
        self._last: Verdict | None = None
        self._slow: Floats | None = None
        self._reference = reference
        self._begin(reference)

    @property
    def reference(self) -> Reference | None:
        """What it compares with; keep it after ``follow``."""
        return self._reference

    def learn(self, reference: Reference) -> None:
        """Compare with another reference; what was thought before is forgotten, and the next look says so."""
        self._begin(reference)

    def follow(self, verdict: Verdict) -> None:
        """Follow the light of a picture of the empty room; one in which anything is wrong or dark is not."""
        if self._reference is None or verdict.picture is None or self.condition != BACK:
            return
        if not verdict.look.word and not verdict.look.is_dark and verdict.look.kept > 0.9:
            self._reference = self._reference.follow(verdict.picture)

    def look(self, jpeg: bytes, at: float) -> Verdict:
        """Judge a picture taken ``at`` (seconds, any zero); one not newer than the last is not looked at."""
        if self._last is not None and at <= self._last.at:
            return self._last
        try:
            picture = grey(jpeg)
        except UnseenError:
            return Verdict(at, self.condition, False, _UNSEEN)
        before, self.condition = self.condition, self._judged(picture, jpeg, at)
        self._last = Verdict(at, self.condition, self.condition != before, self._seen, picture)
        return self._last

    def _begin(self, reference: Reference | None) -> None:
        self._reference = reference
        self._free = weights(self._areas) if reference is None else reference.free
        self._quick, self._hidden = Lasting(self._after_s), Lasting(3 * self._after_s)
        self._partly = Lasting(max(PARTLY_S, 6 * self._after_s))
        self._frozen = Frozen(self._after_s, self._free)
        self._looped = Looped(self._free)
        self._slow, self._seen, self._last = None, _UNSEEN, None

    def _judged(self, picture: Grey, jpeg: bytes, at: float) -> str:
        digest = hashlib.sha256(jpeg).digest()
        moved = self._movement(picture)
        self._slow = slow = self._slower(picture)
        reference = self._reference
        self._seen = seen = look_alone(picture) if reference is None else look_at(picture, reference, slow)
        found = (
            self._standing(at, seen, moved),
            self._frozen.look(at, digest, picture.small),
            self._looped.look(at, digest, picture.small, is_still=self._frozen.is_still or bool(seen.word)),
        )
        return next((word for word in found if word != BACK), BACK)

    def _standing(self, at: float, seen: Look, moved: Floats) -> str:
        """What is wrong with the view: at once, longer than anybody stands there, or in part."""
        quick = self._quick.note(at, None if seen.word == HIDDEN else seen.word)
        hidden = self._hidden.note(at, _word_of_hidden(seen))
        partly = self._partly.note(at, _partly(seen, moved))
        if self._quick.is_sound:
            self._hidden.forget()
            if seen.kept > _WHOLE:
                self._partly.forget()
        return next((word for word in (quick, hidden, partly) if word != BACK), BACK)

    def _slower(self, picture: Grey) -> Floats:
        """Mean of the last pictures, begun anew when the light changes: a cover must not be averaged away."""
        small = picture.small.astype(np.float32)
        before = self._slow
        if before is None or abs(small.mean() - before.mean()) > _A_QUARTER * before.mean() + 1:
            return small
        return before + (small - before) * _A_QUARTER

    def _movement(self, picture: Grey) -> Floats:
        """Of each block (5 x 8), how far its picture changed beyond its brightness since the last look."""
        if self._last is None or self._last.picture is None:
            return np.full((5, 8), 255, np.float32)
        before, after = (cv2.blur(p.small, (5, 5)).astype(np.float32) for p in (self._last.picture, picture))
        apart = after - before
        whole = cv2.resize(blocks(apart), (apart.shape[1], apart.shape[0]), interpolation=cv2.INTER_NEAREST)
        return blocks(np.abs(apart - whole))


def _word_of_hidden(seen: Look) -> str:
    return "covered" if seen.word == HIDDEN else seen.word


def _partly(seen: Look, moved: Floats) -> str:
    """Covered or blinded in a part, and by something that does not move at all."""
    if seen.word:
        return _word_of_hidden(seen)
    if seen.kept > 1 - _PARTLY or (moved[seen.lost > 0] > _MOVES).any():
        return ""
    return "blinded" if seen.white > _PARTLY / 2 else "covered"
