"""What a grant waits for before its bolt is released: cosignatures, pictures, or both.

Rule: where it is known beforehand that waiting is in vain, nobody waits; who may open without, opens then
with an Entry and an alarm, and who may not is refused.
"""

from __future__ import annotations

from dataclasses import asdict

from controller.core.effects import Body
from controller.core.eye_events import RECORDER
from controller.core.party import Member
from controller.core.plan import DoorPlan, RoomPlan
from controller.core.remembered import NOW, parts_of
from controller.core.shots import believed, wanted_at
from controller.core.state import DoorPhase
from controller.core.turn import Turn
from controller.core.words import AlarmKind, Kind, Reason


def waits_for(turn: Turn, door: DoorPlan, everyone: tuple[Member, ...]) -> Body:
    """What the Entry of a grant says that is waited for; nothing where the bolt is released at once."""
    room = turn.plan.rooms.get(door.room)
    if room is None or turn.state.door(door.name).phase is not DoorPhase.LOCKED:
        return {}
    waits = {**_cosignatures(turn, room), **_pictures(turn, door, room)}
    return {**waits, "members": [asdict(m) for m in everyone]} if waits else {}


def _cosignatures(turn: Turn, room: RoomPlan) -> Body:
    """Until when log witnesses are waited for.

    Where the guard was told already, and so many log witnesses do not answer that waiting cannot help, it is
    not waited for: the opening is then written down and alarmed at once.
    """
    if not room.witnessed:
        return {}
    told = any(alarm.kind == AlarmKind.LOG_UNWITNESSED for alarm in turn.state.alarms.values())
    answering = set(turn.plan.log_witnesses.names) - turn.state.lost
    in_vain = told and len(answering) < room.witnessed
    return {"awaits_until": turn.at + (0 if in_vain else room.witness_ms)}


def _pictures(turn: Turn, door: DoorPlan, room: RoomPlan) -> Body:
    """Which Snapshot is waited for, the next one, and until when; 0 where no camera is asked."""
    if not room.pictured:
        return {}
    asked = bool(wanted_at(turn.plan, door.name, Kind.GRANTED.value))
    until = turn.at + (0 if _in_vain(turn, door) else room.picture_ms)
    return {"awaits_shot": turn.state.shots + 1 if asked else 0, "awaits_picture_until": until}


def _in_vain(turn: Turn, door: DoorPlan) -> bool:
    """Tell whether no picture can come: no recorder, no camera is asked, or none of them is believed.

    The guard knows of each: a lost recorder and a camera that is covered, moved or frozen are alarms.
    """
    wanted = wanted_at(turn.plan, door.name, Kind.GRANTED.value)
    parts = parts_of(tuple(one for one in wanted if believed(turn.state, one.camera)))
    return RECORDER in turn.state.lost or NOW not in parts


def blind(turn: Turn, door: DoorPlan) -> Reason | None:
    """Refuse at once where pictures are required and none can come."""
    room = turn.plan.rooms.get(door.room)
    if room is None or not room.pictured or room.unpictured_opens:
        return None
    locked = turn.state.door(door.name).phase is DoorPhase.LOCKED
    return Reason.NOT_PICTURED if locked and _in_vain(turn, door) else None
