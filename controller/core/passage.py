"""Doors in motion: opening, shutting, ways out, and what each means for the room behind.

Rule: leaving is never blocked (behaviour 15); an interlock may make it wait, and only for a limited time.
"""

from __future__ import annotations

from controller.core import interlock, occupancy
from controller.core.alarms import DOUBTS
from controller.core.door import TABLE, DoorMove, DoorReading, ended
from controller.core.effects import Body, Release, Secure
from controller.core.events import Level
from controller.core.plan import DoorPlan, Role
from controller.core.proof import Presented
from controller.core.state import Door, DoorPhase
from controller.core.turn import Turn
from controller.core.words import AlarmKind, Kind, Reason

NOISE = {DoorPhase.FORCED: AlarmKind.FORCED, DoorPhase.HELD: AlarmKind.HELD}
NOBODY = DOUBTS | {
    Reason.UNKNOWN_BADGE,
    Reason.IMPOSSIBLE_TRAVEL,
    Reason.LEVEL_TOO_LOW,
}  # do not say who leaves


def opened(turn: Turn, door: DoorPlan, point: str) -> None:
    """The contact says open."""
    now = turn.state.door(door.name)
    level = {"point": point, "level": Level.ACTIVE.value}
    by_hand = _pressed(turn, door) or now.exit_waits is not None
    move = TABLE[now.phase, DoorReading.OPENED_FROM_INSIDE if by_hand else DoorReading.OPENED]
    if not move.entry:
        turn.write(Kind.INPUT, door.name, **level)
        return
    turn.do(Secure(door.name))
    if by_hand and now.bolted and now.exit_waits is None:
        turn.write(Kind.EXIT_WAITING, door.name, unknown_leaver=True)  # nobody was let out, and somebody goes
    _written(turn, door, move, level)
    occupancy.begin(turn, door, turn.state.door(door.name).entering, remote=now.remote)


def _written(turn: Turn, door: DoorPlan, move: DoorMove, level: dict[str, str]) -> None:
    """Write what the table says; a fire mutes the noise of doors, and nothing else (behaviour 30)."""
    alarm = NOISE.get(move.to)
    muted = {"suppressed": "fire"} if alarm and turn.state.fire else {}
    turn.write(Kind(move.entry), door.name, **level, **muted)
    if alarm and not muted:
        turn.alarm(alarm, door.name)


def shut(turn: Turn, door: DoorPlan, point: str) -> None:
    """The contact says shut."""
    before = turn.state.door(door.name)
    level = {"point": point, "level": Level.NORMAL.value}
    move = TABLE[before.phase, DoorReading.SHUT]
    turn.write(Kind(move.entry or Kind.INPUT), door.name, **level)
    if move.entry and door.room:
        _count(turn, door, before)


def _count(turn: Turn, door: DoorPlan, passed: Door) -> None:
    """Who was granted is now on the other side; who was not, nobody knows."""
    if passed.entering or passed.visiting:
        occupancy.enter(turn, door.room, passed.entering, passed.visiting, unconfirmed=door.confirm_by_reader)
    if passed.leaving:
        occupancy.leave(turn, door.room, passed.leaving)
    if passed.unknown_leaver:
        turn.write(Kind.UNKNOWN_EXIT, door.room)
        occupancy.lose_count(turn, door.room, Reason.UNKNOWN_EXIT)
    if passed.phase is DoorPhase.FORCED or not (
        passed.entering or passed.visiting or passed.leaving or passed.unknown_leaver
    ):
        why = Reason.UNCONFIRMED_PAIR if passed.remote else Reason.SENSOR_FAULT
        occupancy.lose_count(turn, door.room, why)
    room = turn.state.room(door.room)
    if room.session and not room.inside and not room.visitors and not room.unknown:
        occupancy.close(turn, door.room)


def rex(turn: Turn, door: DoorPlan) -> None:
    """Somebody inside asks to leave without a badge."""
    if door.room and occupancy.known_empty(turn, door.room):
        turn.write(Kind.INTRUSION, door.name, reason=Reason.REQUEST_TO_EXIT)
        turn.alarm(AlarmKind.INTRUSION, door.name)
    let_out(turn, door, (), None, Reason.REQUEST_TO_EXIT)


def let_out(
    turn: Turn, door: DoorPlan, who: tuple[str, ...], read: Presented | None, reason: Reason | str = ""
) -> None:
    """Release a door for leaving now, or as soon as the interlock allows."""
    now = turn.state.door(door.name)
    unknown = _unknown_leaver(now, turn.at, who, reason)
    opening = now.phase in {DoorPhase.PASSING, DoorPhase.HELD, DoorPhase.FORCED}
    if not opening and not turn.state.fire and not interlock.free_of(turn.plan, turn.state, door):
        turn.write(Kind.EXIT_WAITING, door.name, who, reason, unknown_leaver=unknown)
        return
    _release_out(turn, door, who, read, reason, unknown)


def _unknown_leaver(now: Door, at: int, who: tuple[str, ...], reason: Reason | str) -> bool:
    """A request to exit beside a badge is the same person; a badge that says nothing is somebody else."""
    if who:
        return False if not now.going(at) else now.unknown_leaver
    return now.unknown_leaver or reason in NOBODY or not now.going(at)


def _release_out(
    turn: Turn,
    door: DoorPlan,
    who: tuple[str, ...],
    read: Presented | None,
    reason: Reason | str,
    unknown: bool,
) -> None:
    if (
        turn.state.door(door.name).phase is DoorPhase.AWAITING
    ):  # a way out waits for no witness and no picture
        relocked(turn, door.name, Reason.REQUEST_TO_EXIT)
    now = turn.state.door(door.name)
    until = turn.at + door.unlock_ms
    if now.lets_in and now.until is not None:
        until = now.until  # a request to exit never lengthens a release for coming in
    where = {"reader": read.reader, "badge": read.badge, "level": read.level} if read else {}
    turn.write(
        Kind.GRANTED,
        door.name,
        who,
        reason,
        direction="out",
        until=until,
        together_until=turn.at + door.together.window_ms,
        unknown_leaver=unknown,
        **where,
    )
    if turn.state.door(door.name).phase is DoorPhase.RELEASED:
        turn.do(Release(door.name, until))
    _last_two(turn, door)


def _last_two(turn: Turn, door: DoorPlan) -> None:
    """The last people leave: an open cabinet behind them is an alarm, the way out stays free."""
    if not door.room:
        return
    left = set(turn.state.room(door.room).inside) - set(turn.state.door(door.name).leaving)
    if not left and turn.state.room(door.room).inside:
        occupancy.lock_out(turn, door.room)


def waiting_exits(turn: Turn) -> None:
    """Let out who waited for an interlocked door that is now closed and locked; nobody waits in a fire."""
    for door in turn.plan.doors.values():
        now = turn.state.door(door.name)
        if now.exit_waits is None or now.lets_in:  # the way is free, for as long as those who come in have
            continue
        if turn.state.fire or interlock.free_of(turn.plan, turn.state, door):
            _release_out(turn, door, now.leaving, None, "", now.unknown_leaver)


def beside_open(turn: Turn) -> None:
    """Take back what was released for entering beside an interlocked door that now stands open."""
    for door in turn.plan.doors.values():
        now = turn.state.door(door.name)
        excused = now.leaving or now.unknown_leaver or turn.state.fire
        if now.lets_in and not excused and interlock.beside_open(turn.state, door):
            turn.do(Secure(door.name))
            turn.write(Kind.NO_ENTRY, door.name, (*now.entering, *now.visiting), Reason.INTERLOCK)


def waited_too_long(turn: Turn, door: DoorPlan) -> None:
    """No interlock holds a person inside: after the limit the way out opens, with an alarm."""
    now = turn.state.door(door.name)
    turn.write(Kind.INTERLOCK_OVERRIDDEN, door.name, now.leaving, Reason.TIMEOUT)
    turn.alarm(AlarmKind.INTERLOCK, door.name)
    _release_out(turn, door, now.leaving, None, Reason.TIMEOUT, now.unknown_leaver)


def release_ended(turn: Turn, door: DoorPlan) -> None:
    """The release ran out and nobody opened; who badged out may only be waiting for the others."""
    now = turn.state.door(door.name)
    if not TABLE[now.phase, ended(now)].entry:
        return
    dead = door.has_bolt and not now.moved
    waits = dead and ended(now) is DoorReading.EXIT_ENDED and _others_may_come(turn, door)
    turn.do(Secure(door.name))
    relocked(turn, door.name, unmoved=waits)
    if dead and not waits:
        turn.alarm(AlarmKind.ACTUATION_UNCONFIRMED, door.name)


def relocked(turn: Turn, name: str, reason: Reason | str = "", *, unmoved: bool = False) -> None:
    """A release is over, at its end or before, and nobody opened; any other door stays as it is."""
    more: Body = {"unmoved": True} if unmoved else {}
    now = turn.state.door(name)
    if entry := TABLE[now.phase, ended(now)].entry:
        turn.write(Kind(entry), name, (*now.entering, *now.leaving), reason, **more)


def _others_may_come(turn: Turn, door: DoorPlan) -> bool:
    """Tell whether somebody else inside may still badge out within the window, to leave together."""
    now = turn.state.door(door.name)
    inside = set(turn.state.room(door.room).inside) if door.room else set()
    return bool(now.leaving) and turn.at < (now.together_until or 0) and bool(inside - {*now.going(turn.at)})


def nobody_came(turn: Turn, door: DoorPlan) -> None:
    """The window for leaving together ran out: the lock was released, and nothing moved (behaviour 27)."""
    turn.write(Kind.NO_EXIT, door.name, turn.state.door(door.name).gathering)
    turn.alarm(AlarmKind.ACTUATION_UNCONFIRMED, door.name)


def held(turn: Turn, door: DoorPlan) -> None:
    """The door is open too long."""
    move = TABLE[turn.state.door(door.name).phase, DoorReading.OPEN_TOO_LONG]
    if move.entry:
        _written(turn, door, move, {})


def unmuted(turn: Turn) -> None:
    """The fire is over: a door that still stands forced or held is noise no longer."""
    for name in turn.plan.doors:
        if alarm := NOISE.get(turn.state.door(name).phase):
            turn.alarm(alarm, name)


def bolt(turn: Turn, door: DoorPlan, point: str, level: Level) -> None:
    """The bolt sense says drawn or thrown."""
    drawn = level is Level.ACTIVE
    by_force = drawn and turn.state.level(point) is not Level.UNKNOWN and _nobody_draws_it(turn, door)
    kind = Kind.BOLT_DRAWN if drawn else Kind.BOLT_THROWN
    turn.write(kind, door.name, point=point, level=level.value, drawn=drawn)
    if by_force and not turn.state.fire:
        turn.alarm(AlarmKind.FORCED, door.name)


def _nobody_draws_it(turn: Turn, door: DoorPlan) -> bool:
    """Tell whether a bolt that is drawn now is drawn by force: nobody was granted or let out, or presses.

    That is forced as an opened door is, and at once: behind a magnet the contact goes on saying shut, and
    a bolt thrown again within ``bolt_ms`` would never be told. So long after a rest it may still be moving.
    """
    now = turn.state.door(door.name)
    resting = now.rested_at is not None and turn.at < now.rested_at + door.bolt_ms
    return now.bolted and now.exit_waits is None and not resting and not _pressed(turn, door)


def _pressed(turn: Turn, door: DoorPlan) -> bool:
    points = turn.plan.inputs_of(door.name, Role.REX)
    return any(turn.state.level(point) is Level.ACTIVE for point in points)
