"""Folds of who is inside, of alarms, devices and the site as a whole.

Rule: see fold.py; nothing here decides, it only remembers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from controller.core import fold_closing
from controller.core.door import TABLE, DoorReading
from controller.core.effects import Body
from controller.core.remembered import Alarm, Lockdown, Session
from controller.core.state import BoxPhase, Compartment, Door, State


def _room(state: State, name: str, **changes: Any) -> None:
    state.rooms[name] = replace(state.room(name), **changes)


def lose_count(state: State, name: str) -> None:
    """From now on nobody knows who is inside a room."""
    _room(state, name, unknown=True)


def _started(state: State, entry: Body) -> None:
    """What a restart must not keep: half pairs, releases, what the inputs said, who was missing."""
    for name, door in state.doors.items():
        state.doors[name] = Door(
            phase=TABLE[door.phase, DoorReading.RESTARTED].to,
            opened_at=None if door.opened_at is None else entry["at"],
            delay_until=door.delay_until,
            time_lock_until=door.time_lock_until,
        )
    for name, box in state.compartments.items():
        if box.phase is BoxPhase.RELEASED:
            state.compartments[name] = Compartment()
    for name, cabinet in state.cabinets.items():
        state.cabinets[name] = replace(cabinet, pending=None, wanted="", wanted_until=None)
    state.inputs.clear()
    state.lost = state.suspects = state.noisy = state.learning = frozenset()
    state.offered = entry["offered"]
    if entry.get("first"):
        state.offset = entry["wall_ms"] - entry["at"]
        state.policy = entry["offered"]


def _clock_trimmed(state: State, entry: Body) -> None:
    state.offset += entry["by_ms"]
    if entry.get("reason") == "restart":
        return
    state.trimmed = entry["trimmed"]
    state.trim_day = entry["day"]


def _clock_changed(state: State, entry: Body) -> None:
    state.claimed = (state.offset if state.claimed is None else state.claimed) + entry["by_ms"]


def _clock_accepted(state: State, entry: Body) -> None:
    before = state.offset
    state.offset, state.claimed = entry["offset"], None
    if state.offset < before:
        fold_closing.set_back(state, before - state.offset)


def _policy(state: State, entry: Body) -> None:
    state.policy = entry["digest"]


def _entered(state: State, entry: Body) -> None:
    room = state.room(entry["place"])
    who = entry.get("who", ())
    _room(
        state,
        entry["place"],
        inside=tuple(sorted({*room.inside, *who})),
        visitors=tuple(sorted({*room.visitors, *entry.get("visitors", ())})),
        unconfirmed=tuple(sorted({*room.unconfirmed, *entry.get("unconfirmed", ())})),
        lone_at=entry["lone_at"],
    )
    _still_alone(state, entry, was=room.lone_raised)
    for person in who:
        state.came_in[person] = entry["at"]
        state.forgiven -= {person}


def _still_alone(state: State, entry: Body, *, was: bool) -> None:
    """The alarm raised for somebody alone stays raised as long as nobody joins who is confirmed."""
    room = state.room(entry["place"])
    alone = bool(room.inside) and len({*room.inside} - {*room.unconfirmed}) < 2
    _room(state, entry["place"], lone_raised=was and alone and room.lone_at is None)


def _confirmed(state: State, entry: Body) -> None:
    room = state.room(entry["place"])
    left = tuple(p for p in room.unconfirmed if p not in entry["who"])
    _room(state, entry["place"], unconfirmed=left, lone_at=entry["lone_at"])
    _still_alone(state, entry, was=room.lone_raised)


def _left(state: State, entry: Body) -> None:
    room = state.room(entry["place"])
    gone = {*entry.get("who", ()), *entry.get("visitors", ())}
    _room(
        state,
        entry["place"],
        inside=tuple(p for p in room.inside if p not in gone),
        visitors=tuple(p for p in room.visitors if p not in gone),
        unconfirmed=tuple(p for p in room.unconfirmed if p not in gone),
        lone_at=entry["lone_at"],
    )
    _still_alone(state, entry, was=room.lone_raised)
    for person in gone:
        state.came_in.pop(person, None)


def _recounted(state: State, entry: Body) -> None:
    _room(
        state,
        entry["place"],
        inside=tuple(sorted(entry["inside"])),
        visitors=tuple(sorted(entry["visitors"])),
        unconfirmed=(),
        unknown=False,
        lone_at=entry["lone_at"],
        lone_raised=False,
    )


def _room_opened(state: State, entry: Body) -> None:
    openers = tuple(entry["who"])
    session = Session(openers, entry["at"], state.room(entry["place"]).duress)
    _room(state, entry["place"], session=session, openers=openers, approved_until=None)
    fold_closing.opened(state, entry)


def _room_closed(state: State, entry: Body) -> None:
    _room(state, entry["place"], session=None, approved_until=None, duress=False)


def _interrupted(state: State, entry: Body) -> None:
    room = entry.get("room", "")
    if session := state.room(room).session:
        _room(state, room, session=replace(session, interrupted=True))


def _lone(state: State, entry: Body) -> None:
    _room(state, entry["place"], lone_at=None, lone_raised=True)


def _duress(state: State, entry: Body) -> None:
    session = state.room(entry["place"]).session
    _room(state, entry["place"], duress=True, session=session and replace(session, duress=True))


def _approved(state: State, entry: Body) -> None:
    _room(state, entry["place"], approved_by=entry["who"][0], approved_until=entry["until"])


def _device_lost(state: State, entry: Body) -> None:
    state.lost |= {entry["place"]}
    if entry.get("suspect"):
        state.suspects |= {entry["place"]}


def _device_back(state: State, entry: Body) -> None:
    state.lost -= {entry["place"]}
    state.suspects -= {entry["place"]}


def _device_noisy(state: State, entry: Body) -> None:
    state.noisy |= {entry["place"]}


def _device_quiet(state: State, entry: Body) -> None:
    state.noisy -= {entry["place"]}


def _camera(state: State, entry: Body) -> None:
    state.cameras[entry["place"]] = entry["condition"]


def _lockdown(state: State, entry: Body) -> None:
    state.lockdown = Lockdown(entry["who"][0], entry["at"]) if entry["on"] else None


def _fire(state: State, entry: Body) -> None:
    state.fire = entry["on"]


def _alarm_raised(state: State, entry: Body) -> None:
    key = f"{entry['alarm']}@{entry['place']}"
    state.alarms[key] = Alarm(entry["alarm"], entry["place"], entry["at"], tuple(entry.get("openers", ())))


def _alarm_acknowledged(state: State, entry: Body) -> None:
    state.alarms.pop(f"{entry['alarm']}@{entry['place']}", None)


FOLDS: dict[str, Callable[[State, Body], None]] = {
    "started": _started,
    "clock_trimmed": _clock_trimmed,
    "clock_changed": _clock_changed,
    "clock_accepted": _clock_accepted,
    "policy_approved": _policy,
    "entered": _entered,
    "confirmed": _confirmed,
    "left": _left,
    "recounted": _recounted,
    "room_opened": _room_opened,
    "room_closed": _room_closed,
    "interrupted": _interrupted,
    "lone": _lone,
    "duress": _duress,
    "approved": _approved,
    "device_lost": _device_lost,
    "device_back": _device_back,
    "device_noisy": _device_noisy,
    "device_quiet": _device_quiet,
    "camera_fault": _camera,
    "camera_back": _camera,
    "lockdown": _lockdown,
    "fire": _fire,
    "alarm_raised": _alarm_raised,
    "alarm_acknowledged": _alarm_acknowledged,
}
