"""What laws of the walk look at: releases, grants, who is inside and who stays.

Rule: read from the Step and the State; nothing here decides, and nothing calls the core.
"""

from __future__ import annotations

from collections.abc import Iterator

from controller.core.effects import Body, Release
from controller.core.events import Level
from controller.core.state import BoxPhase, DoorPhase, State
from tests.core.walk.walk import Step
from tests.core.walk.worlds import ROOM, World

TWO = 2
OPEN = frozenset({DoorPhase.PASSING, DoorPhase.HELD, DoorPhase.FORCED})
BOLTED = frozenset({DoorPhase.LOCKED, DoorPhase.AWAITING})
CARRIED_OUT = frozenset(  # a grant that had waited
    {"log_witnessed", "unwitnessed_opening", "grant_pictured", "unpictured_opening"}
)
OPENING = CARRIED_OUT | {"granted", "released_remotely"}


def grants(step: Step, thing: str = "") -> Iterator[Body]:
    """Entries of a step that let somebody in or out, or at a compartment."""
    for entry in step.entries:
        if entry["kind"] == "granted" and entry.get("thing", "") == thing:
            yield entry


def releases(step: Step) -> Iterator[Release]:
    """Bolts that a step has released."""
    return (effect for effect in step.effects if isinstance(effect, Release))


def released(state: State) -> set[str]:
    """Doors and compartments whose bolts are drawn."""
    doors = {name for name, door in state.doors.items() if door.phase is DoorPhase.RELEASED}
    return doors | {name for name, box in state.compartments.items() if box.phase is BoxPhase.RELEASED}


def confirmed(state: State) -> set[str]:
    """Who is inside, and known to be."""
    room = state.room(ROOM)
    return set(room.inside) - set(room.unconfirmed)


def staying(state: State) -> set[str]:
    """Who is inside, known to be, and not on the way out."""
    return confirmed(state) - set(state.door("main").going(state.at))


def shut_and_bolted(world: World, state: State, door: str) -> bool:
    """Tell whether a door is locked, and its contact and bolt say so."""
    points = [p for p in world.points if p in {f"{door}.contact", f"{door}.bolt"}]
    return state.door(door).phase in BOLTED and all(state.level(p) is Level.NORMAL for p in points)


def ahead(then: int | None, at: int, longest: int) -> bool:
    """Tell whether a time is still to come, and no further away than its setting."""
    return then is not None and at < then <= at + longest
