"""Rooms in which a grant waits for its picture, and for a log witness beside it."""

from __future__ import annotations

from typing import Any

from controller.core.events import Witnessed
from controller.core.state import DoorPhase
from tests.core.plans import pictured, witnessed
from tests.core.room import Room

OPENS = {"unpictured_opens": True}


def granted(room: Room | None = None, *badges: str) -> Room:
    """A room in which two people were granted at a door that waits for a picture."""
    room = room or Room(pictured())
    for badge in badges or ("B1", "B2"):
        room.tap("main.in", badge)
    assert room.state.door("main").phase is DoorPhase.AWAITING
    return room


def both(**room: Any) -> Room:
    """A room whose grants are cosigned and pictured."""
    return Room(witnessed(room={"witnessed": 1, "pictured": True, **room}))


def cosign(room: Room) -> None:
    room.step(Witnessed(room.now, "bank", room.state.size))
