"""A recorder of paper: it answers every Snapshot a moment later, as its cameras are.

Rule: no picture is real; what it says is on disk is on no disk, and its digests name nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from controller.core.effects import Effect, LearnCameras, Snapshot, Wanted
from controller.core.events import CameraLearned, Event
from controller.core.eye_events import PicturesTaken
from controller.core.remembered import NOW, part_of, parts_of
from controller.core.unseen import Unseen

ANSWER_MS = 100
SIZE = 48_213  # bytes of every picture


class PaperEyes:
    """Cameras that see, but those that are lost; ``silent``: the recorder itself does not answer."""

    def __init__(self) -> None:
        self.lost: set[str] = set()
        self.silent = False
        self._answers: list[tuple[int, Snapshot | LearnCameras, str]] = []

    def take(self, effects: Iterable[Effect], now: int) -> None:
        """Remember what is asked for, and when it is answered."""
        for effect in effects:
            if isinstance(effect, Snapshot):
                for part in parts_of(effect.wanted):
                    last = 0 if part == NOW else max(one.moment for one in effect.wanted)
                    self._answers.append((effect.at + last + ANSWER_MS, effect, part))
            elif isinstance(effect, LearnCameras):
                self._answers.append((now + ANSWER_MS, effect, ""))

    @property
    def due(self) -> int | None:
        """When something is answered next."""
        return min((at for at, _, _ in self._answers), default=None)

    def answers(self, now: int) -> list[Event]:
        """What is answered by now; nothing where the recorder is silent, and never later."""
        ripe = [one for one in self._answers if one[0] <= now]
        self._answers = [one for one in self._answers if one[0] > now]
        return [] if self.silent else [event for one in ripe for event in self._told(now, one[1], one[2])]

    def forget(self) -> None:
        """The controller was killed: nobody waits for these answers."""
        self._answers = []

    def _told(self, now: int, effect: Snapshot | LearnCameras, part: str) -> list[Event]:
        if isinstance(effect, LearnCameras):
            return [CameraLearned(now, c, "lost" if c in self.lost else "") for c in effect.cameras]
        wanted = [one for one in effect.wanted if part_of(one) == part]
        seen = tuple(_picture(effect.shot, one) for one in wanted if one.camera not in self.lost)
        missing = tuple(_missing(one) for one in wanted if one.camera in self.lost)
        return [PicturesTaken(now, effect.shot, part, seen, missing)]


def _picture(shot: int, one: Wanted) -> dict[str, Any]:
    digest = hashlib.sha256(f"paper {shot} {one.camera} {one.moment}".encode()).hexdigest()
    which = {"sha256": digest, "size": SIZE, "camera": one.camera, "moment": one.moment, "taken": one.moment}
    return {**which, "width": 1280, "height": 720, "masked": False, "thumbnail": False}


def _missing(one: Wanted) -> dict[str, Any]:
    return {"camera": one.camera, "moment": one.moment, "why": Unseen.LOST.value}
