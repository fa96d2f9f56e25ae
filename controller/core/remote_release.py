"""A door released by two chiefs who are not there: an ambulance, a fire brigade, a guard without a badge.

Rule 1: it overrides no rule of the room (behaviour 33d): lockdown, interlock, time lock, vault delay, duty
hours and an unknown count refuse it as they refuse a pair; it stands for two badges and for nothing else.
Rule 2: a room that opens only cosigned or pictured is never released so: there is nobody to be pictured.
Rule 3: who comes in is unknown: when the door opens the count is lost until a recount (behaviour 19).
"""

from __future__ import annotations

from controller.core import access
from controller.core.case import Rule
from controller.core.effects import Release
from controller.core.events import Asking
from controller.core.plan import DoorPlan
from controller.core.rules import asked, count_known, door_answers, judge, no_lockdown, one_grant_at_a_time
from controller.core.state import DoorPhase
from controller.core.turn import Turn
from controller.core.words import AlarmKind, Kind, Reason

SHORTEST_S, LONGEST_S = 3, 30
LONGEST_NOTE = 500
REMOTE_RULES: tuple[Rule, ...] = (no_lockdown, door_answers, one_grant_at_a_time, count_known)
"""Standing orders (rules.py) that ask for no badge: nobody is known to stand before the door."""


def release(turn: Turn, ask: Asking) -> None:
    """Release a door from afar, for 3 to 30 seconds; the guard is called and cameras look, every time."""
    door = turn.plan.doors.get(str(ask.fields.get("door", "")))
    note, seconds = ask.fields.get("reason"), ask.fields.get("seconds")
    fits = type(seconds) is int and SHORTEST_S <= seconds <= LONGEST_S
    if door is None or not isinstance(note, str) or not note or not fits:
        turn.deny(Reason.NOT_UNDERSTOOD)
        return
    if reason := asked(_speaks_against, turn, door, (ask.by, ask.second)):
        turn.deny(reason)
        if reason is Reason.RULE_BROKEN:
            turn.alarm(AlarmKind.RULE_BROKEN, door.name)
        return
    both, until = (ask.by, ask.second), turn.at + int(seconds or 0) * 1_000
    _release(turn, door, both, until, note[:LONGEST_NOTE])


def _release(turn: Turn, door: DoorPlan, both: tuple[str, str], until: int, note: str) -> None:
    turn.write(Kind.RELEASED_REMOTELY, door.name, both, until=until, room=door.room, note=note)
    turn.picture(door.name, Kind.RELEASED_REMOTELY.value)
    turn.alarm(AlarmKind.REMOTE_RELEASE, door.name)
    turn.do(Release(door.name, until))
    turn.accept()


def _speaks_against(turn: Turn, door: DoorPlan, both: tuple[str, str]) -> Reason | None:
    """Why the door is not released now."""
    now = turn.state.door(door.name)
    if reason := judge(access.case_for(turn, door, "", "", ()), REMOTE_RULES):
        return reason
    if now.phase is not DoorPhase.LOCKED:
        return Reason.NOTHING_TO_DO  # it is released already, or stands open
    return _room_forbids(turn, door) or access.room_says(turn, door, both)


def _room_forbids(turn: Turn, door: DoorPlan) -> Reason | None:
    """What a room asks of every opening that two people from afar cannot give it."""
    room = turn.plan.rooms.get(door.room)
    if door.delay_ms:
        return Reason.DELAY_RUNNING
    if room is None:
        return None
    if room.witnessed or room.pictured:
        return Reason.NOT_WITNESSED if room.witnessed else Reason.NOT_PICTURED
    return None
