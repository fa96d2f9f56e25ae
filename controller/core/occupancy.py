"""Who is inside, by name, and what follows when the number changes.

Rule: unknown is a value; nothing here guesses an empty room (behaviour 14 to 19).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from controller.core import compartment
from controller.core.case import PAIR
from controller.core.plan import DoorPlan, Mode, RoomPlan
from controller.core.portions import portions
from controller.core.schedule import local, next_morning
from controller.core.state import BoxPhase, Room
from controller.core.turn import Turn
from controller.core.words import AlarmKind, Kind, Reason

HERE = frozenset({"IN", "RESERVED"})
AWAY = frozenset({"OUT", "OVERDUE", "CIRCULATING", "IN_TRANSIT"})


def lone_limit(turn: Turn, plan: RoomPlan) -> int:
    """How long one person may stay alone now, in milliseconds."""
    if plan.mode is Mode.NO_LONE_ZONE:
        return plan.lone_ms
    now = local(turn.at + turn.state.offset, turn.plan.zone)
    return plan.duty.open_for(now, timedelta(milliseconds=plan.absence_ms)) // timedelta(milliseconds=1)


def lone_at(turn: Turn, plan: RoomPlan, inside: Iterable[str], unconfirmed: Iterable[str]) -> int | None:
    """When the lone timer ends for these people, or None where two are confirmed or nobody is inside."""
    there = set(inside)
    if not there or len(there - set(unconfirmed)) >= PAIR:
        return None
    room = turn.state.room(plan.name)
    if room.lone_at is not None:
        return room.lone_at
    return None if room.lone_raised and len(room.inside) == 1 else turn.at + lone_limit(turn, plan)


def closing_due(turn: Turn, room: str) -> int:
    """Until when the day of a room that is open now must be closed, in UTC milliseconds (behaviour 55)."""
    plan = turn.plan
    return next_morning(turn.at + turn.state.offset, plan.zone, plan.rooms[room].closing_due)


def begin(turn: Turn, door: DoorPlan, who: tuple[str, ...], *, remote: bool = False) -> None:
    """Begin a Session: the door is open for these people, and no Session runs yet.

    Of a door that was released from afar nobody knows who comes in.
    """
    if door.room and who and not turn.state.room(door.room).session:
        turn.write(Kind.ROOM_OPENED, door.room, who, closing_due=closing_due(turn, door.room))
        turn.picture(door.name, Kind.ROOM_OPENED.value)
    if door.room and remote:
        lose_count(turn, door.room, Reason.UNCONFIRMED_PAIR)


def enter(
    turn: Turn, room: str, who: tuple[str, ...], visitors: tuple[str, ...], *, unconfirmed: bool
) -> None:
    """Count the people of a grant as inside."""
    plan, now = turn.plan.rooms[room], turn.state.room(room)
    waiting = who if unconfirmed else ()
    inside = {*now.inside, *who}
    turn.write(
        Kind.ENTERED,
        room,
        who,
        Reason.UNCONFIRMED_PAIR if waiting else "",
        visitors=list(visitors),
        unconfirmed=list(waiting),
        occupancy=len(inside),
        lone_at=lone_at(turn, plan, inside, {*now.unconfirmed, *waiting}),
    )
    if visitors:
        turn.write(Kind.VISIT_STARTED, room, visitors=list(visitors), hosts=list(who))


def confirm(turn: Turn, room: str, who: str, level: str) -> None:
    """Confirm a person granted by the reader inside; ``level`` says how the badge was read there."""
    plan, now = turn.plan.rooms[room], turn.state.room(room)
    if who not in now.unconfirmed:
        return
    rest = set(now.unconfirmed) - {who}
    lone = lone_at(turn, plan, now.inside, rest)
    turn.write(Kind.CONFIRMED, room, [who], level=level, lone_at=lone)


def leave(turn: Turn, room: str, who: tuple[str, ...]) -> None:
    """Count people as outside, whoever they are, and see what is left behind."""
    now = turn.state.room(room)
    visitors = tuple(p for p in who if p in turn.state.people and turn.state.people[p].visitor)
    staff = tuple(p for p in who if p not in visitors)
    strangers = [p for p in who if p not in {*now.inside, *now.visitors}]
    inside = set(now.inside) - set(staff)
    turn.write(
        Kind.LEFT,
        room,
        staff,
        visitors=list(visitors),
        occupancy=len(inside),
        lone_at=lone_at(turn, turn.plan.rooms[room], inside, now.unconfirmed),
    )
    end_visits(turn, room, visitors)
    if strangers:
        lose_count(turn, room, Reason.NOT_INSIDE)
    watch(turn, room)


def lose_count(turn: Turn, room: str, reason: Reason) -> None:
    """Nobody knows any more who is inside; call the guard, once."""
    if not turn.state.room(room).unknown:
        turn.write(Kind.COUNT_LOST, room, reason=reason, unknown=room)
    turn.alarm(AlarmKind.OCCUPANCY_UNKNOWN, room)


def watch(turn: Turn, room: str) -> None:
    """What must not be: an open cabinet behind too few people, a visitor without a host."""
    now = turn.state.room(room)
    if len(now.inside) < PAIR:
        lock_out(turn, room)
    if deserted := [v for v in now.visitors if not _has_host(turn, v, now.inside)]:
        end_visits(turn, room, deserted, Reason.VISIT_OVER)
        turn.alarm(AlarmKind.VISITOR_ALONE, room)
    _custodian(turn, room, now)


def _has_host(turn: Turn, visitor: str, inside: tuple[str, ...]) -> bool:
    """Tell whether the visitor's host is inside; where none is named, anybody of the staff is one."""
    host = turn.state.people[visitor].host
    return host in inside if host else bool(inside)


def end_visits(turn: Turn, room: str, visitors: Iterable[str], reason: Reason | str = "") -> None:
    """From now on these passes are dead (behaviour 56); one that is dead already stays so."""
    if alive := [v for v in visitors if v not in turn.state.ended_visits]:
        turn.write(Kind.VISIT_ENDED, room, (), reason, visitors=alive)


def _custodian(turn: Turn, room: str, now: Room) -> None:
    plan = turn.plan.rooms[room]
    if not plan.custodian_first or not now.inside:
        return
    if not any("custodian" in turn.state.people[p].posts for p in now.inside):
        turn.alarm(AlarmKind.CUSTODIAN_OUT, room)


def lock_out(turn: Turn, room: str) -> None:
    """With fewer than two people inside, cabinets are locked, and an open one is an alarm (behaviour 41)."""
    for cabinet in turn.plan.cabinets_of(room):
        for short in cabinet.compartments:
            if turn.state.compartment(cabinet.full(short)).phase in {BoxPhase.OPEN, BoxPhase.FORCED}:
                turn.alarm(AlarmKind.CABINET_OPEN, cabinet.full(short))


def known_empty(turn: Turn, room: str) -> bool:
    """Tell whether the room is known to be empty and nobody is on the way in."""
    now = turn.state.room(room)
    if now.unknown or now.inside or now.visitors:
        return False
    return all(turn.state.door(d.name).bolted for d in turn.plan.doors_of(room))


def recount(turn: Turn, room: str, inside: list[str], by: tuple[str, str]) -> None:
    """Two people say who is inside; from now on the number is known again."""
    staff = sorted({p for p in inside if not turn.state.people[p].visitor})
    visitors = sorted({*inside} - {*staff})
    now = turn.state.room(room)
    limit = None
    if len(staff) == 1:
        limit = turn.at + lone_limit(turn, turn.plan.rooms[room])
    turn.write(Kind.RECOUNTED, room, by, inside=staff, visitors=visitors, occupancy=len(staff), lone_at=limit)
    if not inside and now.session:
        close(turn, room)
    if staff and not now.session:  # a cabinet session lies within a room Session (behaviour 39)
        openers = dict.fromkeys((*staff, *by))  # who counts names no openers
        turn.write(Kind.ROOM_OPENED, room, openers, closing_due=closing_due(turn, room))
    watch(turn, room)


def close(turn: Turn, room: str) -> None:
    """End the Session: the room is empty."""
    for cabinet in turn.plan.cabinets_of(room):
        session = turn.state.cabinet(cabinet.name).session
        if session and not session.expired:
            compartment.session_ended(turn, cabinet)
    turn.write(Kind.ROOM_CLOSED, room)
    _closing_count(turn, room)


def _closing_count(turn: Turn, room: str) -> None:
    """Expected against found; not seen is not missing, and both are written down (behaviour 43)."""
    longest = max((len(v.holder) for v in turn.state.carriers.values()), default=0)
    for part in portions(turn.state.carriers, longest):
        _count(turn, room, part)


def _count(turn: Turn, room: str, part: list[str]) -> None:
    carriers = {c: turn.state.carriers[c] for c in part}
    places = [c.full(k) for c in turn.plan.cabinets_of(room) for k in c.compartments]
    expected = {c: v.at for c, v in carriers.items() if v.state in HERE and v.at in places}
    seen = {c: p for c, p in turn.state.seen.items() if p in places}
    out = {c: v.holder for c, v in carriers.items() if v.state in AWAY}
    ajar = [p for p in places if turn.state.compartment(p).phase is not BoxPhase.LOCKED]
    missing = [c for c, v in carriers.items() if v.state == "MISSING"]
    turn.write(
        Kind.CLOSING_COUNT,
        room,
        expected=sorted(expected),
        seen=sorted(c for c in expected if seen.get(c) == expected[c]),
        not_seen=sorted(c for c in expected if c not in seen),
        elsewhere=sorted(c for c in expected if c in seen and seen[c] != expected[c]),
        out=out,
        missing=sorted(missing),
        open_compartments=ajar,
    )
