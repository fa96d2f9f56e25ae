"""What the recorder tells of cameras without being asked: levels, of which changes are passed on. Law 6.

Rule 1: news are Entries, so that of each camera there may be so many and no more. What is beyond that waits
as the level that it is by then: nobody is hung up for it, and no camera keeps another's news back.
Rule 2: that a camera is well is not believed of a recorder that has not looked long enough to know.
Rule 3: whoever waits for a camera to learn is told at once; that one learned unasked is news like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from time import monotonic

from controller.core.events import CameraLearned, CameraSeen, RoomSeen
from controller.eyes.allowance import Allowance
from controller.eyes.learning import Learning
from controller.inbox import Report
from recorder.messages import Settings

A_SECOND = 1.0
"""News of one kind in the long run, of all cameras together; each has its share."""
BURST = 8
"""Of one kind and of one camera at once: somebody walks past, the light goes on, it is turned back."""
BACK = "back"

Put = Callable[[Report], None]

_KINDS = (CameraSeen, RoomSeen, CameraLearned)


class News:
    """Of one connection, in its reading thread; nothing is told before ``begin``."""

    def __init__(self, settings: Settings, learning: Learning, put: Put) -> None:
        self._cameras, self._learning, self._put = settings.cameras, learning, put
        share = A_SECOND / max(1, len(self._cameras))
        self._left = {which: Allowance(BURST, share) for which in product(_KINDS, self._cameras)}
        self._conditions: dict[str, str] = {}  # as they were said last
        self._seen: dict[str, str] = {}  # as they were passed on
        self._looks: dict[str, bool] = {}
        self._occupied: dict[str, bool] = {}
        self._learned: dict[str, str] = {}  # that wait to be passed on
        self._begun_at: float | None = None

    @property
    def complete(self) -> bool:
        """Whether the condition of every camera is known."""
        return self._conditions.keys() >= self._cameras.keys()

    def begin(self) -> None:
        """From now on what is said is passed on; ``catch_up`` passes on what was said before."""
        self._begun_at = monotonic()

    def conditions(self, said: Mapping[str, str]) -> None:
        """These cameras are so."""
        for camera in said.keys() & self._cameras.keys():
            self._conditions[camera] = said[camera]
            self._see(camera)

    def looks(self, camera: str, *, occupied: bool) -> None:
        """A camera sees somebody in its room, or nobody."""
        if camera in self._cameras:
            self._looks[camera] = occupied
            self._look(camera)

    def learned(self, camera: str, why: str) -> None:
        """A camera has learned, or could not; that it has is never covered up by a later try."""
        if self._learning.ended(camera):
            self._put(CameraLearned(0, camera, why))
        elif camera in self._cameras and self._learned.get(camera) != "":
            self._learned[camera] = why
            self._learn(camera)

    def catch_up(self) -> None:
        """Pass on what had to wait, if it still is so."""
        for camera in self._cameras:
            self._see(camera)
            self._look(camera)
            self._learn(camera)

    def _see(self, camera: str) -> None:
        condition, told = self._conditions.get(camera), self._seen.get(camera)
        if condition in (None, told) or (condition == BACK and told is None and not self._knows(camera)):
            return
        if self._may(CameraSeen, camera):
            self._seen[camera] = str(condition)
            self._put(CameraSeen(0, camera, str(condition)))

    def _look(self, camera: str) -> None:
        occupied = self._looks.get(camera)
        if occupied in (None, self._occupied.get(camera)):
            return
        if self._may(RoomSeen, camera):
            self._occupied[camera] = bool(occupied)
            self._put(RoomSeen(0, camera, bool(occupied)))

    def _learn(self, camera: str) -> None:
        if camera in self._learned and self._may(CameraLearned, camera):
            self._put(CameraLearned(0, camera, self._learned.pop(camera)))

    def _may(self, kind: type, camera: str) -> bool:
        return self._begun_at is not None and self._left[kind, camera].take(monotonic())

    def _knows(self, camera: str) -> bool:
        """Whether a fault would have been found by now, if there were one."""
        one = self._cameras[camera]
        return self._begun_at is not None and (
            monotonic() - self._begun_at > one.fault_after_s + 2 * one.check_s
        )
