"""A recorder of paper: it answers every Snapshot a moment later, as its cameras are.

Rule: no picture is real; the files it leaves are whole by their digests, say that they are of paper, and are
sealed for nobody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from controller.core.effects import Effect, LearnCameras, Snapshot, Wanted
from controller.core.events import CameraLearned, Event
from controller.core.eye_events import PicturesTaken
from controller.core.remembered import NOW, part_of, parts_of
from controller.core.unseen import Unseen

ANSWER_MS = 100


class PaperEyes:
    """Cameras that see, but those that are lost, into a folder; ``silent``: the recorder itself is dead."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
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
        seen = tuple(self._picture(effect, one) for one in wanted if one.camera not in self.lost)
        missing = tuple(_missing(one) for one in wanted if one.camera in self.lost)
        return [PicturesTaken(now, effect.shot, part, seen, missing)]

    def _picture(self, effect: Snapshot, one: Wanted) -> dict[str, Any]:
        told = f"paper: {effect.place}, {effect.why}, {effect.shot}, {one.camera}, {one.moment} ms\n".encode()
        digest = hashlib.sha256(told).hexdigest()
        self._folder.mkdir(mode=0o700, exist_ok=True)
        (self._folder / digest).write_bytes(told)
        which = {"sha256": digest, "size": len(told), "camera": one.camera, "moment": one.moment}
        return {
            **which,
            "taken": one.moment,
            "width": 1280,
            "height": 720,
            "masked": False,
            "thumbnail": False,
        }


def _missing(one: Wanted) -> dict[str, Any]:
    return {"camera": one.camera, "moment": one.moment, "why": Unseen.LOST.value}
