"""A grant that waits for a log witness, for tests of what comes of it."""

from __future__ import annotations

from controller.core.events import Witnessed
from controller.core.state import DoorPhase
from tests.core.plans import witnessed
from tests.core.room import Room


def granted(room: Room | None = None, *badges: str) -> Room:
    """A room in which two people were granted at a door that waits."""
    room = room or Room(witnessed())
    for badge in badges or ("B1", "B2"):
        room.tap("main.in", badge)
    assert room.state.door("main").phase is DoorPhase.AWAITING
    return room


def cosign(room: Room, size: int | None = None, by: str = "bank") -> None:
    room.step(Witnessed(room.now, by, room.state.size if size is None else size))


def size_of_grant(room: Room) -> int:
    return room.entries.index(room.of("granted")[-1]) + 1
