"""Vault mode: opening delay, opening window, and the time lock (behaviour 37, 38).

Rule: waiting never gets shorter, not by a restart nor by a clock; room time stands still while off.
"""

from __future__ import annotations

from collections.abc import Iterable

from controller.core.effects import Signal
from controller.core.events import Asking
from controller.core.party import Member
from controller.core.plan import MINUTE, DoorPlan
from controller.core.schedule import local
from controller.core.turn import Turn
from controller.core.words import Kind, Reason

DAY = 24 * 60 * MINUTE


def gate(turn: Turn, door: DoorPlan, member: Member) -> Reason | None:
    """Start the delay with one entitled person, or let the person count inside the window."""
    if not door.delay_ms or (door.room and turn.state.room(door.room).inside):
        return None
    now = turn.state.door(door.name)
    if now.delay_open_until is not None and turn.at < now.delay_open_until:
        return None
    if now.delay_until is None:
        until = turn.at + door.delay_ms
        turn.write(Kind.DELAY_STARTED, door.name, [member.holder], until=until)
        turn.flash(member.reader, Signal.WAIT)
        turn.accept()
    return Reason.DELAY_RUNNING


def delay_over(turn: Turn, door: DoorPlan) -> None:
    """Open the window after the delay."""
    turn.write(Kind.DELAY_ENDED, door.name, until=turn.at + door.delay_window_ms)


def time_lock_open(turn: Turn, door: DoorPlan) -> bool:
    """Tell whether the time lock lets the door open now."""
    if door.time_lock is None:
        return True
    wall = turn.at + turn.state.offset
    until = turn.state.door(door.name).time_lock_until
    if until is not None and wall < until:
        return False
    return turn.state.claimed is None and door.time_lock.is_open(local(wall, turn.plan.zone))


def stay_shut(turn: Turn, before: int, who: Iterable[str] = ()) -> None:
    """A clock set back reopens no window: what was over stays over until the clock has been there again.

    ``before`` is the offset that the wall clock had; at most a day is waited for, so that a clock which
    was years ahead does not shut a vault for years.
    """
    now, then = turn.at + turn.state.offset, min(turn.at + before, turn.at + turn.state.offset + DAY)
    for door in turn.plan.doors.values():
        if door.time_lock is None or then <= now:
            continue
        again = [door.time_lock.is_open(local(t, turn.plan.zone)) for t in (*range(now, then, MINUTE), then)]
        if any(again) and not all(again):
            until = max(then, turn.state.door(door.name).time_lock_until or 0)
            turn.write(Kind.TIME_LOCK_CHANGED, door.name, who, until=until)


def change_time_lock(turn: Turn, ask: Asking) -> None:
    """Close the time lock for some minutes; two people, and the open time never grows."""
    name, minutes = str(ask.fields.get("door", "")), ask.fields.get("minutes")
    door = turn.plan.doors.get(name)
    if (
        door is None
        or door.time_lock is None
        or not isinstance(minutes, int)
        or not 0 < minutes <= 7 * 24 * 60
    ):
        turn.deny(Reason.NOT_UNDERSTOOD)
        return
    until = turn.at + turn.state.offset + minutes * 60_000
    until = max(until, turn.state.door(name).time_lock_until or 0)
    turn.write(Kind.TIME_LOCK_CHANGED, name, [ask.by, ask.second], until=until)
    turn.accept()
