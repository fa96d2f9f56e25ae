"""Whether a room looks as occupied as it is said to be: an advisory witness of the Occupancy.

Rule 1: it decides nothing: no door, no count, no answer. It is an Entry, and a guard who takes a look.
Rule 2: where the count is unknown, a door of the room is not bolted, or the camera cannot be believed,
nothing is compared; the time in which they differ begins anew after that.
"""

from __future__ import annotations

from controller.core.eye_events import RECORDER, RoomSeen
from controller.core.plan import SitePlan
from controller.core.turn import Look, Moment, Turn
from controller.core.words import AlarmKind, Kind


def seen(turn: Turn, told: RoomSeen) -> None:
    """A camera says how the room it watches looks; one that watches no room is not believed."""
    view = turn.plan.views.get(told.camera)
    if view is None or view.watches not in turn.plan.rooms or told.camera not in turn.plan.cameras:
        return
    turn.moment.looks.setdefault(told.camera, Look()).occupied = bool(told.occupied)


def watch(turn: Turn) -> None:
    """Call the guard when picture and Occupancy differ for too long; once, until they agreed again."""
    for camera, look in turn.moment.looks.items():
        differ = _differ(turn, camera, look)
        look.told = look.told and differ is not False
        look.since = (turn.at if look.since is None else look.since) if differ else None
        if look.since is not None and not look.told and turn.at >= look.since + turn.plan.look_ms:
            look.told = True
            _tell(turn, camera, look)


def _differ(turn: Turn, camera: str, look: Look) -> bool | None:
    """Tell whether they differ; None where they cannot be compared."""
    name = turn.plan.views[camera].watches
    room, state = turn.state.room(name), turn.state
    moving = any(not state.door(door.name).bolted for door in turn.plan.doors_of(name))
    doubted = RECORDER in state.lost or state.cameras.get(camera, "back") != "back"
    if room.unknown or moving or doubted:
        return None
    return look.occupied is not bool(room.inside or room.visitors)


def _tell(turn: Turn, camera: str, look: Look) -> None:
    name = turn.plan.views[camera].watches
    room = turn.state.room(name)
    sees = "occupied" if look.occupied else "empty"
    registered = len({*room.inside, *room.visitors})
    turn.write(Kind.PEOPLE_DIFFER, name, room=name, camera=camera, seen=sees, registered=registered)
    turn.alarm(AlarmKind.LOOK, name)


def due(plan: SitePlan, moment: Moment) -> int | None:
    """When the first of them will have differed for too long; None where none does."""
    waits = [look.since for look in moment.looks.values() if look.since is not None and not look.told]
    return min(waits) + plan.look_ms if waits else None
