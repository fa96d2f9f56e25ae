"""The daily closing of a room (behaviour 55): what the sensors say, who signs, and until when it is due.

Rule 1: what the sensors say is filled in here, at the instant at which it is signed; whoever asks gives
notes alone, and what is not in order and has no note is not closed.
Rule 2: a closing counts nobody, locks nothing and mends nothing. A room whose number of people is not
known, or in which somebody still is, is closed with a note, as with any other finding; while its Session
runs the next closing is due the morning after.
Rule 3: of duress nothing is said here (behaviour 35).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from typing import Any

from controller.core import alarm_desk, occupancy
from controller.core.effects import Body, Silence
from controller.core.events import Asking, Level
from controller.core.plan import Role, SitePlan
from controller.core.portions import portions
from controller.core.remembered import Closing
from controller.core.state import BoxPhase, DoorPhase, State
from controller.core.turn import Turn
from controller.core.words import AlarmKind, Kind, Reason

LONGEST_NOTE = 200
MOST_NOTES = 1_000
LONGEST_FINDING = 200
GUARDING = frozenset({Role.MOTION, Role.GLASS, Role.VIBRATION})
BROKEN = frozenset({Level.UNKNOWN, Level.CUT, Level.SHORT})

Said = Mapping[str, Mapping[str, str]]
"""What the sensors say: ``{"doors": {"main": "bolted"}, "windows": {"north": "shut"}, …}``."""


def due(state: State, room: str) -> int | None:
    """Room time at which the closing of a room is missing; None where none is due."""
    waits = state.closings.get(room, Closing()).dues
    return max(waits[0].by - state.offset, 0) if waits else None


def missing(turn: Turn, *, room: str) -> None:
    """Call the guard, once for each day: the room was opened, and nobody has closed the day.

    It is said of those who opened it on that day, whoever has opened it since; none of them settles it.
    """
    day = turn.state.closings[room].dues[0]
    turn.write(Kind.CLOSING_MISSING, room, day.openers, due=day.by, **_next(turn, room))
    turn.alarm(AlarmKind.CLOSING_MISSING, room, by=day.openers)


def _next(turn: Turn, room: str) -> Body:
    """Until when the next closing is due, where the Session goes on."""
    if turn.state.room(room).session is None:
        return {}
    return {"closing_due": occupancy.closing_due(turn, room)}


def close_day(turn: Turn, ask: Asking) -> None:
    """Close the day of a room: the sensors say how it is left, and two people sign for it."""
    room, notes, note = ask.fields.get("room"), ask.fields.get("notes", {}), ask.fields.get("note", "")
    if not isinstance(room, str) or room not in turn.plan.rooms or not _are_notes(notes, note):
        turn.deny(Reason.NOT_UNDERSTOOD)
        return
    found = findings(turn.plan, turn.state, room)
    if any(one not in notes for one in found):
        turn.deny(Reason.NOTE_MISSING)
        return
    _write(turn, ask, room, [*found, *(one for one in notes if one not in found)])
    _settle(turn, ask, room)
    turn.accept(n=turn.state.size - 1)


def _are_notes(notes: Any, note: Any) -> bool:
    """Tell whether they are notes on findings, and one on the whole."""
    if not isinstance(notes, dict) or not isinstance(note, str) or len(note) > LONGEST_NOTE:
        return False
    texts = (isinstance(v, str) and len(v.strip()) > 0 and len(v) <= LONGEST_NOTE for v in notes.values())
    return len(notes) <= MOST_NOTES and all(texts) and all(len(key) <= LONGEST_FINDING for key in notes)


def _write(turn: Turn, ask: Asking, room: str, noted: list[str]) -> None:
    """One Entry, or as many as what there is to say needs."""
    closing, now = turn.state.closings.get(room, Closing()), turn.state.room(room)
    notes, said = ask.fields.get("notes", {}), sensors(turn.plan, turn.state, room)
    found = {*findings(turn.plan, turn.state, room)}
    whole: Body = {
        "inside": len(now.inside),
        "visitors": len(now.visitors),
        "counted": not now.unknown,
        "armed": occupancy.known_empty(turn, room),
        "note": ask.fields.get("note", ""),
        "late": closing.missed is not None,
        **({"due": closing.missed or closing.dues[0].by} if closing.missed or closing.dues else {}),
        **_next(turn, room),
    }
    lines = portions(f"{what} {name} {word}" for what, ones in said.items() for name, word in ones.items())
    rows = portions(noted, LONGEST_NOTE)
    nothing: list[str] = []
    for part, told in zip_longest(lines, rows, fillvalue=nothing):
        listed = [{"finding": f, "note": notes[f], **({} if f in found else {"over": True})} for f in told]
        sorted_out = _sorted_out(said, part)
        turn.write(Kind.DAY_CLOSED, room, [ask.by, ask.second], **whole, **sorted_out, findings=listed)


def _sorted_out(said: Said, part: Iterable[str]) -> Body:
    """One portion of what the sensors say, as the Entry holds it."""
    told: dict[str, dict[str, str]] = {what: {} for what in said}
    for line in part:
        what, name, word = line.split(" ")
        told[what][name] = word
    return told


def _settle(turn: Turn, ask: Asking, room: str) -> None:
    """A late closing settles its alarm, unless a guard has taken it or one of the two opened the room."""
    alarm, both = turn.state.alarms.get(f"{AlarmKind.CLOSING_MISSING}@{room}"), (ask.by, ask.second)
    if alarm is None or any(alarm_desk.opened_it(turn, alarm, p) for p in both):
        return
    if alarm.taken_by not in {"", *both} and not alarm.late:
        return
    what = {"alarm": alarm.kind, "note": Kind.DAY_CLOSED.value, "outcome": "true"}
    turn.write(Kind.ALARM_ACKNOWLEDGED, room, [ask.by, ask.second], **what)
    turn.do(Silence(alarm.kind, room))


def sensors(plan: SitePlan, state: State, room: str) -> Said:
    """What the sensors of a room say about every door, window, compartment and camera of it."""
    boxes = [c.full(k) for c in plan.cabinets_of(room) for k in c.compartments]
    return {
        "doors": {door.name: _door(plan, state, door.name) for door in plan.doors_of(room)},
        "windows": {w.name: _shut(plan, state, w.name) for w in plan.windows.values() if w.room == room},
        "compartments": {box: _box(plan, state, box) for box in boxes},
        "cameras": {camera: state.cameras.get(camera, "back") for camera in _cameras(plan, room)},
    }


GOOD = frozenset({"bolted", "shut", "back"})
"""Words of the sensors that are in order."""


def findings(plan: SitePlan, state: State, room: str) -> list[str]:
    """Everything that is not in order, each as ``what place``: ``door_open main``, ``alarm forced@main``."""
    return list(dict.fromkeys(_findings(plan, state, room)))


def _findings(plan: SitePlan, state: State, room: str) -> Iterator[str]:
    now = state.room(room)
    if now.unknown:
        yield f"not_counted {room}"
    if now.inside or now.visitors:
        yield f"occupied {room}"
    elif now.session is not None:
        yield f"session {room}"
    for what, ones in sensors(plan, state, room).items():
        yield from (f"{what[:-1]}_{word} {name}" for name, word in ones.items() if word not in GOOD)
    yield from _guarding(plan, state, room)
    yield from (f"device_lost {one}" for one in sorted(state.lost) if room in plan.rooms_at(one))
    for key, alarm in state.alarms.items():
        own = alarm.kind == AlarmKind.CLOSING_MISSING and alarm.place == room
        if not own and alarm.kind != AlarmKind.DURESS and room in plan.rooms_at(alarm.place):
            yield f"alarm {key}"


def _guarding(plan: SitePlan, state: State, room: str) -> Iterator[str]:
    """Sensors of movement, glass and vibration that see something, or that cannot be believed."""
    for name, point in plan.inputs.items():
        level = state.level(name)
        if point.role in GUARDING and level is not Level.NORMAL and room in plan.rooms_at(point.at):
            yield f"{'sensor_broken' if level in BROKEN else 'sensor_active'} {name}"


def _door(plan: SitePlan, state: State, door: str) -> str:
    """Open, unknown, unbolted, or bolted: shut, its bolt commanded thrown and seen so."""
    shut = _shut(plan, state, door)
    if shut != "shut":
        return shut
    bolts = [state.level(point) for point in plan.inputs_of(door, Role.BOLT)]
    if any(level in BROKEN for level in bolts):
        return "unknown"
    thrown = state.door(door).phase is DoorPhase.LOCKED and all(level is Level.NORMAL for level in bolts)
    return "bolted" if thrown else "unbolted"


def _box(plan: SitePlan, state: State, box: str) -> str:
    """A compartment that is released is not shut, whatever its contact says."""
    shut = _shut(plan, state, box)
    return "open" if shut == "shut" and state.compartment(box).phase is not BoxPhase.LOCKED else shut


def _shut(plan: SitePlan, state: State, place: str) -> str:
    """What the contacts of a door, window or compartment say together."""
    levels = {state.level(point) for point in plan.inputs_of(place, Role.CONTACT)}
    if Level.ACTIVE in levels:
        return "open"
    return "shut" if levels == {Level.NORMAL} else "unknown"


def _cameras(plan: SitePlan, room: str) -> Iterator[str]:
    """Cameras that photograph something of a room."""
    for camera in plan.cameras:
        view = plan.views.get(camera)
        sees = view.sees if view else ()
        if not sees or (view and view.watches == room) or any(room in plan.rooms_at(one) for one in sees):
            yield camera
