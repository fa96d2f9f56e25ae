"""Doors whose grant is cosigned by log witnesses, or pictured, before the bolt is released.

Rule 1: when it is, everybody is judged again as at the grant; what has come in between takes it back.
Rule 2: a line that is down holds nobody up beyond the limit; but it opens with an Entry and an alarm.
Rule 3: where no picture came, the room's own setting says whether it opens, with an alarm, or stays shut.
"""

from __future__ import annotations

from dataclasses import replace

from controller.core import access, passage, witnessing
from controller.core.door import TABLE, DoorReading
from controller.core.effects import Body, Release, Signal
from controller.core.party import Awaiting
from controller.core.plan import DoorPlan
from controller.core.rules import RULES, asked, judge
from controller.core.state import DoorPhase
from controller.core.turn import Turn
from controller.core.words import AlarmKind, Kind, Reason


def settle(turn: Turn) -> None:
    """Carry out every grant that is cosigned and pictured, or has waited for long enough."""
    for door in turn.plan.waiting_doors:
        now = turn.state.door(door.name)
        if now.awaiting is None:
            continue
        if reading := _reading(turn, door, now.awaiting):
            _carry_out(turn, door, now.awaiting, reading)


def _reading(turn: Turn, door: DoorPlan, waits: Awaiting) -> DoorReading | None:
    """What a grant that waits has come to; None while something is still waited for."""
    cosigned, pictured = _cosigned(turn, door, waits), _pictured(turn, waits)
    if pictured is False and not turn.plan.rooms[door.room].unpictured_opens:
        return DoorReading.BLIND
    if cosigned is None or pictured is None:
        return None
    if not pictured:
        return DoorReading.UNPICTURED
    if not cosigned:
        return DoorReading.NOT_COSIGNED
    return DoorReading.PICTURED if waits.deadline is None else DoorReading.COSIGNED


def _cosigned(turn: Turn, door: DoorPlan, waits: Awaiting) -> bool | None:
    """Tell whether it is cosigned, or need not be; None while log witnesses are waited for."""
    needed = turn.plan.rooms[door.room].witnessed
    if waits.deadline is None or witnessing.cosigned(turn.plan, turn.moment, needed) >= waits.size:
        return True
    return False if turn.at >= waits.deadline else None


def _pictured(turn: Turn, waits: Awaiting) -> bool | None:
    """Tell whether a picture of it is on disk, or need not be; None while the recorder is waited for."""
    if waits.picture_until is None or waits.pictured is not None:
        return waits.pictured is not False
    return False if turn.at >= waits.picture_until else None


def _carry_out(turn: Turn, door: DoorPlan, waits: Awaiting, reading: DoorReading) -> None:
    """Release the bolt, unless it would not be granted any more."""
    blind = Reason.NOT_PICTURED if reading is DoorReading.BLIND else None
    if reason := blind or misgiving(turn, door, waits):
        passage.relocked(turn, door.name, reason)
        turn.flash(waits.members[-1].reader, Signal.REFUSED)
        if reason is Reason.RULE_BROKEN:
            turn.alarm(AlarmKind.RULE_BROKEN, door.name)
        return
    now, until = turn.state.door(door.name), turn.at + door.unlock_ms
    unwitnessed = _cosigned(turn, door, waits) is False
    more: Body = {"shot": waits.shot} if waits.picture_until is not None else {}
    more |= {"unwitnessed": True} if unwitnessed and reading is DoorReading.UNPICTURED else {}
    said = Kind(TABLE[now.phase, reading].entry)
    turn.write(said, door.name, now.entering, until=until, size=waits.size, **more)
    if unwitnessed:
        turn.alarm(AlarmKind.LOG_UNWITNESSED, door.name)
    if reading is DoorReading.UNPICTURED:
        turn.alarm(AlarmKind.NO_PICTURE, door.name)
    turn.do(Release(door.name, until))


def misgiving(turn: Turn, door: DoorPlan, waits: Awaiting) -> Reason | None:
    """Why the grant would not be given now, as if it had not been given; None when it would."""
    probe = _before(turn, door, waits)
    for place, member in enumerate(waits.members):
        case = access.case_for(probe, door, member.badge, member.level, waits.members[:place])
        if (reason := judge(case, RULES)) is not None:
            return reason
    return asked(access.speaks_against, probe, door, waits.members)


def _before(turn: Turn, door: DoorPlan, waits: Awaiting) -> Turn:
    """A turn to judge in, which writes nothing: the state with all that is now so, but without the grant."""
    state = turn.state
    locked = replace(state.door(door.name), phase=DoorPhase.LOCKED, entering=(), visiting=(), awaiting=None)
    others = tuple(o for o in state.openings if (o.at, o.door) != (waits.since, door.name))
    as_if = replace(state, doors={**state.doors, door.name: locked}, openings=others)
    return Turn(turn.plan, as_if, turn.moment, turn.pepper, turn.at)
