"""What was ordered of the recorder and what came of it: every picture that was wanted comes to one end.

Rule 1: each part of a shot is reported once: when all of it has come to an end, or when its time is over.
Rule 2: what nobody ordered, or what has come already, is told apart from what only comes too late.
Rule 3: bounded; the lock is held for no longer than it takes to look something up.
"""

from __future__ import annotations

from collections.abc import Mapping
from threading import Condition
from time import monotonic

from controller.core.effects import Body, Wanted
from controller.core.remembered import part_of
from controller.core.unseen import Unseen
from controller.eyes.picture_order import Claim, Part, PictureOrder

MOST = 64
"""Orders for pictures that may wait at the same time."""
MOST_ENDED = 1_024
"""Orders whose late pictures are still known for what they are."""
PICTURE, THUMBNAIL = "picture", "thumbnail"


class PictureOrders:
    """Every shot that waits; safe for several threads, none of which it keeps waiting."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._waiting: dict[int, PictureOrder] = {}
        self._ended: dict[int, PictureOrder] = {}

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def begin(self, shot: PictureOrder) -> bool:
        """Wait for the pictures of a shot; False when too many wait, or when it was ordered before."""
        with self._changed:
            if len(self._waiting) >= MOST or self.shot(shot.number):
                return False
            self._waiting[shot.number] = shot
            self._changed.notify_all()
            return True

    def shot(self, number: int) -> PictureOrder | None:
        """A shot that was ordered, and that may have ended."""
        return self._waiting.get(number) or self._ended.get(number)

    def claim(self, number: int, what: str, one: Wanted) -> Claim:
        """Whether a picture, a thumbnail or the want of one may come."""
        with self._changed:
            shot = self.shot(number)
            return shot.claim(what, one) if shot else Claim.UNORDERED

    def kept(self, number: int, one: Wanted, picture: Body) -> bool:
        """A picture is on the disk; False when it is too late for it."""
        with self._changed:
            part = self._open(number, part_of(one))
            if part is None or one in part.missing:
                return False
            (part.thumbnails if picture["thumbnail"] else part.pictures)[one] = picture
            self._changed.notify_all()
            return True

    def missing(self, number: int, one: Wanted, why: str) -> None:
        """There is no such picture."""
        with self._changed:
            part = self._open(number, part_of(one))
            if part is not None and one not in part.pictures:
                part.missing.setdefault(one, why)
                self._changed.notify_all()

    def frames(self, number: int, name: str, camera: str, counts: Mapping[str, int]) -> Claim:
        """What a camera's stream gave around the event."""
        with self._changed:
            shot = self.shot(number)
            claim = shot.claim_frames(name, camera) if shot else Claim.UNORDERED
            if shot and claim is Claim.WANTED:
                shot.parts[name].frames[camera] = counts
                self._changed.notify_all()
            return claim

    def give_up(self, number: int, why: str) -> None:
        """Nothing comes of one shot any more."""
        with self._changed:
            if shot := self._waiting.get(number):
                self._give_up(shot, why)

    def abandon(self, why: str = Unseen.RECORDER_SILENT) -> None:
        """Nothing comes any more of whatever was ordered, and nothing of it may come."""
        with self._changed:
            for shot in self._waiting.values():
                self._give_up(shot, why)
            self._ended.clear()

    def due(self, longest_s: float) -> list[tuple[PictureOrder, str]]:
        """Parts that are to be reported now, each once; waits for them, at most so long."""
        with self._changed:
            if not (found := self._due(monotonic())):
                self._changed.wait(self._patience(longest_s))
                found = self._due(monotonic())
            for shot in [one for one in self._waiting.values() if one.ended]:
                self._ended[shot.number] = self._waiting.pop(shot.number)
            while len(self._ended) > MOST_ENDED:
                del self._ended[next(iter(self._ended))]
            return found

    def wake(self) -> None:
        """Let whoever waits for parts look up."""
        with self._changed:
            self._changed.notify_all()

    def _due(self, now: float) -> list[tuple[PictureOrder, str]]:
        found = []
        for shot, name, part in self._parts():
            if part.due(now) <= now:
                part.end(Unseen.RECORDER_SILENT)
                part.reported = True
                found.append((shot, name))
        return found

    def _patience(self, longest_s: float) -> float:
        now = monotonic()
        soonest = min((part.due(now) for _, _, part in self._parts()), default=now + longest_s)
        return min(longest_s, max(0.0, soonest - now))

    def _parts(self) -> list[tuple[PictureOrder, str, Part]]:
        return [
            (shot, name, part)
            for shot in self._waiting.values()
            for name, part in shot.parts.items()
            if not part.reported
        ]

    def _open(self, number: int, name: str) -> Part | None:
        shot = self._waiting.get(number)
        part = shot.parts.get(name) if shot else None
        return None if part is None or part.reported else part

    def _give_up(self, shot: PictureOrder, why: str) -> None:
        for part in shot.parts.values():
            if not part.reported:
                part.end(why)
                part.until = 0.0
        self._changed.notify_all()
