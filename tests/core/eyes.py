"""What a recorder tells, for tests: pictures as they come, and Snapshots as they were asked for.

Rule: nothing here decides anything; a picture that is told here is on no disk.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from controller.core.effects import Snapshot
from controller.core.events import CameraSeen
from controller.core.eye_events import PicturesTaken
from tests.core.room import Room


def picture(camera: str, moment: int, **changes: Any) -> dict[str, Any]:
    """One picture, as whoever has written it to disk tells it."""
    name = hashlib.sha256(f"{camera} {moment} {sorted(changes)}".encode()).hexdigest()
    told = {"sha256": name, "size": 48_213, "camera": camera, "moment": moment, "taken": moment - 7}
    return told | {"width": 1280, "height": 720, "masked": False, "thumbnail": False} | changes


def unseen(camera: str, moment: int, why: str) -> dict[str, Any]:
    """One picture that is not there, and why."""
    return {"camera": camera, "moment": moment, "why": why}


def asked(room: Room) -> list[Snapshot]:
    """Snapshots that the last step asked for."""
    return [effect for effect in room.outcome.effects if isinstance(effect, Snapshot)]


def last_shot(room: Room) -> int:
    """Number of the last Snapshot."""
    return room.state.shots


def answer(room: Room, part: str = "now", shot: int | None = None) -> None:
    """Every picture of a part of a Snapshot, of the last one unless told, is on disk."""
    number = last_shot(room) if shot is None else shot
    wanted = room.state.open_shots[str(number)].of(part)
    pictures = tuple(picture(one.camera, one.moment) for one in wanted)
    room.step(PicturesTaken(room.now, number, part, pictures))


def fail(room: Room, why: str = "lost", part: str = "now", shot: int | None = None) -> None:
    """No picture of a part of a Snapshot is there."""
    number = last_shot(room) if shot is None else shot
    wanted = room.state.open_shots[str(number)].of(part)
    missing: tuple[Mapping[str, Any], ...] = tuple(unseen(one.camera, one.moment, why) for one in wanted)
    room.step(PicturesTaken(room.now, number, part, (), missing))


def camera(room: Room, name: str, condition: str) -> None:
    """The recorder tells the condition of a camera."""
    room.step(CameraSeen(room.now, name, condition))
