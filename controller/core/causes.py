"""Whether what an alarm was raised for is still so: a door forced, a window open, a device lost.

Rule: it looks and changes nothing. A deed that is over, a wrong badge say, is no cause that stands.
"""

from __future__ import annotations

from collections.abc import Callable

from controller.core import occupancy
from controller.core.events import Level
from controller.core.plan import Role
from controller.core.remembered import Alarm
from controller.core.remembered_visits import VisitStatus
from controller.core.state import BoxPhase, DoorPhase
from controller.core.turn import Turn
from controller.core.words import AlarmKind

Cause = Callable[[Turn, str], bool]
BROKEN = frozenset({Level.CUT, Level.SHORT})


def stands(turn: Turn, alarm: Alarm) -> bool:
    """Tell whether the cause of an alarm still stands, as far as the site can see it."""
    cause = CAUSES.get(alarm.kind)
    return cause is not None and cause(turn, alarm.place)


def _forced(turn: Turn, door: str) -> bool:
    now = turn.state.door(door)
    return now.phase is DoorPhase.FORCED or _not_bolted(turn, door)


def _held(turn: Turn, door: str) -> bool:
    return turn.state.door(door).phase is DoorPhase.HELD


def _not_bolted(turn: Turn, door: str) -> bool:
    now = turn.state.door(door)
    return now.bolted and now.drawn


def _remote(turn: Turn, door: str) -> bool:
    return turn.state.door(door).remote


def _lone(turn: Turn, room: str) -> bool:
    return turn.state.room(room).lone_raised


def _unknown(turn: Turn, room: str) -> bool:
    return turn.state.room(room).unknown


def _visitor_alone(turn: Turn, room: str) -> bool:
    """A visitor whose pass is dead is still inside."""
    return bool({*turn.state.room(room).visitors} & turn.state.ended_visits)


def _overstay(turn: Turn, _: str) -> bool:
    """A pass whose time is over is still out; it ends when the pass is given back or reported lost."""
    return any(one.overstayed and one.status is VisitStatus.INSIDE for one in turn.state.visit_book.values())


def _custodian_out(turn: Turn, room: str) -> bool:
    inside = turn.state.room(room).inside
    return bool(inside) and not any("custodian" in turn.state.people[p].posts for p in inside)


def _box_open(turn: Turn, box: str) -> bool:
    return turn.state.compartment(box).phase in {BoxPhase.OPEN, BoxPhase.FORCED}


def _window(turn: Turn, window: str) -> bool:
    return _active(turn, window, Role.CONTACT)


def _tamper(turn: Turn, place: str) -> bool:
    """A line is still cut or shorted, or a case still open."""
    return turn.state.level(place) in BROKEN or _active(turn, place, Role.TAMPER)


def _intrusion(turn: Turn, place: str) -> bool:
    """Glass is broken as long as it says so; movement counts only in a room that is known to be empty."""
    home = turn.plan.cabinets.get(place)
    room = home.room if home else place
    armed = room not in turn.plan.rooms or occupancy.known_empty(turn, room)
    moves = armed and _active(turn, place, Role.MOTION, Role.VIBRATION)
    return moves or _active(turn, place, Role.GLASS)


def _power(turn: Turn, place: str) -> bool:
    return _active(turn, place, Role.BATTERY, Role.POWER)


def _active(turn: Turn, place: str, *roles: Role) -> bool:
    points = (point for role in roles for point in turn.plan.inputs_of(place, role))
    return any(turn.state.level(point) is Level.ACTIVE for point in points)


def _lost(turn: Turn, device: str) -> bool:
    return device in turn.state.lost


def _suspect(turn: Turn, device: str) -> bool:
    return device in turn.state.suspects


def _noisy(turn: Turn, point: str) -> bool:
    return point in turn.state.noisy


def _camera(turn: Turn, camera: str) -> bool:
    return turn.state.cameras.get(camera, "back") != "back"


def _differ(turn: Turn, room: str) -> bool:
    """Picture and Occupancy still differ."""
    views = turn.plan.views
    return any(look.told and views[camera].watches == room for camera, look in turn.moment.looks.items())


def _clock(turn: Turn, _: str) -> bool:
    return turn.state.claimed is not None


def _unwitnessed(turn: Turn, place: str) -> bool:
    return place == turn.plan.name and turn.moment.cosigned.late


def _disk(turn: Turn, _: str) -> bool:
    return bool({"disk_low", "reserve_used"} & turn.state.log_troubles)


def _backup(turn: Turn, _: str) -> bool:
    return "backup_failed" in turn.state.log_troubles


def _carrier(turn: Turn, carrier: str) -> bool:
    """It is missing, or its tag is not seen where the books have it, or is seen where they have not."""
    now = turn.state.carriers.get(carrier)
    if now is None:
        return False
    at = now.at if now.state in occupancy.HERE else ""
    return now.state == "MISSING" or turn.state.seen.get(carrier, "") != at


def _closing(turn: Turn, room: str) -> bool:
    """A day of the room has still not been closed."""
    now = turn.state.closings.get(room)
    return now is not None and now.missed is not None


CAUSES: dict[str, Cause] = {
    AlarmKind.FORCED: _forced,
    AlarmKind.HELD: _held,
    AlarmKind.NOT_BOLTED: _not_bolted,
    AlarmKind.REMOTE_RELEASE: _remote,
    AlarmKind.LONE: _lone,
    AlarmKind.OCCUPANCY_UNKNOWN: _unknown,
    AlarmKind.VISITOR_ALONE: _visitor_alone,
    AlarmKind.VISITOR_OVERSTAY: _overstay,
    AlarmKind.CUSTODIAN_OUT: _custodian_out,
    AlarmKind.CABINET_OPEN: _box_open,
    AlarmKind.CABINET_FORCED: _box_open,
    AlarmKind.WINDOW_OPEN: _window,
    AlarmKind.TAMPER: _tamper,
    AlarmKind.INTRUSION: _intrusion,
    AlarmKind.POWER: _power,
    AlarmKind.DEVICE_LOST: _lost,
    AlarmKind.DEVICE_SUSPECT: _suspect,
    AlarmKind.INPUT_FAULT: _noisy,
    AlarmKind.CAMERA_FAULT: _camera,
    AlarmKind.LOOK: _differ,
    AlarmKind.CLOCK: _clock,
    AlarmKind.LOG_UNWITNESSED: _unwitnessed,
    AlarmKind.DISK_LOW: _disk,
    AlarmKind.BACKUP_LATE: _backup,
    AlarmKind.CARRIER_MISSING: _carrier,
    AlarmKind.CLOSING_MISSING: _closing,
}
"""Alarms whose cause can be seen to stand or to have ended; every other is of a deed that is over."""
