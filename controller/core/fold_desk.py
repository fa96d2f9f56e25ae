"""Folds of what is done at desks: alarms that are taken or are late, and doors released from afar.

Rule: see fold.py; nothing here decides, it only remembers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from controller.core.effects import Body
from controller.core.state import DoorPhase, State


def _alarm_taken(state: State, entry: Body) -> None:
    key, (by,) = f"{entry['alarm']}@{entry['place']}", entry["who"]
    state.alarms[key] = replace(state.alarms[key], taken_by=by, taken_at=entry["at"], late=False)


def _alarm_escalated(state: State, entry: Body) -> None:
    key = f"{entry['alarm']}@{entry['place']}"
    state.alarms[key] = replace(state.alarms[key], escalated=entry["count"], late=True)


def _released_remotely(state: State, entry: Body) -> None:
    """Whoever comes in was let in by these two: they opened the room, and silence none of its alarms."""
    door = state.door(entry["place"])
    state.doors[entry["place"]] = replace(
        door, phase=DoorPhase.RELEASED, until=entry["until"], moved=False, unmoved=False, remote=True
    )
    if name := entry["room"]:
        room = state.room(name)
        before = room.openers if room.session else ()
        state.rooms[name] = replace(room, openers=tuple(dict.fromkeys((*before, *entry["who"]))))


FOLDS: dict[str, Callable[[State, Body], None]] = {
    "alarm_taken": _alarm_taken,
    "alarm_escalated": _alarm_escalated,
    "released_remotely": _released_remotely,
}
