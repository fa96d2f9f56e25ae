"""Where a visitor may be, as people say it: in rooms. A visit names doors; a room stands for those into it.

Rule: what may be passed is the controller's to judge; here it is only chosen and said.
The outer door of a passage leads into no room: it goes with every room behind it, and stands by itself only
where there is none. Names come as the site file has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from web.desk import site

View = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Area:
    """A room, or a door that leads into none; its ``own`` doors, and those ``before`` it."""

    name: str
    own: tuple[str, ...]
    before: tuple[str, ...] = ()


def areas(view: View) -> list[Area]:
    """What can be chosen, in the order of the site file."""
    doors = _doors(view)
    found = [_room(room, doors) for room in site().get("plan", {}).get("rooms", {})]
    rooms = [one for one in found if one.own]
    covered = {door for one in rooms for door in (*one.own, *one.before)}
    return [*rooms, *(Area(door, (door,)) for door in doors if door not in covered)]


def doors_of(chosen: Iterable[str], view: View, host: str = "") -> list[str]:
    """The doors of what was chosen, as far as the host may pass them."""
    wanted = {*chosen}
    doors = [
        door
        for one in areas(view)
        if wanted & {one.name, *one.own}
        for door in _meant(one, wanted, view, host)
    ]
    return list(dict.fromkeys(doors))


def said(doors: Iterable[str], view: View) -> list[str]:
    """The rooms that doors lead into, and doors that lead into none."""
    known, there = areas(view), {*doors}
    found = [one.name for one in known if there & {*one.own}]
    covered = {door for one in known for door in (*one.own, *one.before)}
    return [*found, *sorted(there - covered)]


def _meant(one: Area, wanted: set[str], view: View, host: str) -> list[str]:
    own = one.own if one.name in wanted else tuple(door for door in one.own if door in wanted)
    theirs = view.get("people", {}).get(host, {}).get("doors")
    may = [door for door in own if theirs is None or door in theirs]
    return [*one.before, *(may or own)]


def _room(room: str, doors: Mapping[str, Mapping[str, Any]]) -> Area:
    own = tuple(name for name, door in doors.items() if door.get("room") == room)
    beside = (name for door in own for name in doors[door].get("interlock", ()))
    before = tuple(name for name in dict.fromkeys(beside) if name in doors and not doors[name].get("room"))
    return Area(room, own, before)


def _doors(view: View) -> dict[str, Mapping[str, Any]]:
    drawn = site().get("plan", {}).get("doors", {})
    return {door: drawn.get(door, {}) for door in view.get("doors", {})}
