"""Doors whose grant log witnesses must cosign before the bolt is released.

Rule 1: when they have, everybody is judged again as at the grant; what has come in between takes it back.
Rule 2: a line that is down holds nobody up beyond the limit; but it opens with an Entry and an alarm.
"""

from __future__ import annotations

from dataclasses import replace

from controller.core import access, passage, witnessing
from controller.core.door import TABLE, DoorReading
from controller.core.effects import Release, Signal
from controller.core.party import Awaiting
from controller.core.plan import DoorPlan
from controller.core.rules import RULES, asked, judge
from controller.core.state import DoorPhase
from controller.core.turn import Turn
from controller.core.words import AlarmKind, Kind, Reason


def settle(turn: Turn) -> None:
    """Carry out every grant that is cosigned, or that has waited for long enough."""
    for door in turn.plan.witnessed_doors:
        now = turn.state.door(door.name)
        if now.awaiting is None:
            continue
        if _cosigned(turn, door, now.awaiting):
            _carry_out(turn, door, now.awaiting, DoorReading.COSIGNED)
        elif turn.at >= now.awaiting.deadline:
            _carry_out(turn, door, now.awaiting, DoorReading.NOT_COSIGNED)


def _cosigned(turn: Turn, door: DoorPlan, waits: Awaiting) -> bool:
    needed = turn.plan.rooms[door.room].witnessed
    return witnessing.cosigned(turn.plan, turn.moment, needed) >= waits.size


def _carry_out(turn: Turn, door: DoorPlan, waits: Awaiting, reading: DoorReading) -> None:
    """Release the bolt, unless it would not be granted any more."""
    now = turn.state.door(door.name)
    if reason := misgiving(turn, door, waits):
        passage.relocked(turn, door.name, reason)
        turn.flash(waits.members[-1].reader, Signal.REFUSED)
        if reason is Reason.RULE_BROKEN:
            turn.alarm(AlarmKind.RULE_BROKEN, door.name)
        return
    until = turn.at + door.unlock_ms
    turn.write(Kind(TABLE[now.phase, reading].entry), door.name, now.entering, until=until, size=waits.size)
    if reading is DoorReading.NOT_COSIGNED:
        turn.alarm(AlarmKind.LOG_UNWITNESSED, door.name)
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
