"""The shape of a site as the controller told it, and its passages.

Rule: what is not there is drawn nowhere; a name that points nowhere is dropped, never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Door:
    """One door; ``room`` is empty for the outer door of a passage."""

    name: str
    room: str
    interlock: tuple[str, ...]
    bolt: bool


@dataclass(frozen=True, slots=True)
class Cabinet:
    """One cabinet and the full names of its compartments."""

    name: str
    room: str
    compartments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Camera:
    """One camera; ``sees`` is empty for everything."""

    name: str
    sees: tuple[str, ...]
    watches: str


@dataclass(frozen=True, slots=True)
class Passage:
    """What lies between outer doors and inner doors that never open together."""

    outer: tuple[str, ...]
    inner: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """Everything a floor plan draws, in the order of the site file."""

    rooms: tuple[str, ...]
    doors: Mapping[str, Door]
    windows: Mapping[str, str]  # room by window
    cabinets: Mapping[str, Cabinet]
    readers: Mapping[str, tuple[str, str]]  # where, and on which side
    inputs: Mapping[str, tuple[str, str]]  # of what, and its role
    cameras: tuple[Camera, ...]
    passages: tuple[Passage, ...]

    def doors_of(self, room: str) -> tuple[Door, ...]:
        """Doors that lead into a room."""
        return tuple(door for door in self.doors.values() if door.room == room)

    def room_of(self, thing: str) -> str:
        """Room in which a door, window, cabinet or room of that name is; empty for none."""
        if thing in self.rooms:
            return thing
        if thing in self.doors:
            return self.doors[thing].room
        if thing in self.cabinets:
            return self.cabinets[thing].room
        return self.windows.get(thing, "")


def shape(plan: Mapping[str, Any]) -> Shape:
    """The shape out of the controller's answer to ``site`` (controller/console/site_shape.py)."""
    rooms = tuple(plan["rooms"])
    doors = {name: _door(name, one, plan) for name, one in plan["doors"].items()}
    return Shape(
        rooms=rooms,
        doors=doors,
        windows={name: one["room"] for name, one in plan["windows"].items() if one["room"] in rooms},
        cabinets={n: _cabinet(n, one) for n, one in plan["cabinets"].items() if one["room"] in rooms},
        readers={name: (one["at"], one["side"]) for name, one in plan["readers"].items()},
        inputs={name: (one["at"], one["role"]) for name, one in plan["inputs"].items()},
        cameras=tuple(Camera(n, tuple(c["sees"]), c["watches"]) for n, c in plan["cameras"].items()),
        passages=passages(doors),
    )


def _door(name: str, one: Mapping[str, Any], plan: Mapping[str, Any]) -> Door:
    room = one["room"] if one["room"] in plan["rooms"] else ""
    return Door(name, room, tuple(d for d in one["interlock"] if d in plan["doors"]), bool(one["bolt"]))


def _cabinet(name: str, one: Mapping[str, Any]) -> Cabinet:
    return Cabinet(name, one["room"], tuple(f"{name}.{short}" for short in one["compartments"]))


def passages(doors: Mapping[str, Door]) -> tuple[Passage, ...]:
    """Passages: doors tied by interlocks, if at least one of them leads into no room."""
    found: list[Passage] = []
    seen: set[str] = set()
    for door in doors.values():
        if door.room or door.name in seen:
            continue
        tied = _tied(door.name, doors)
        seen |= tied
        ordered = [one for one in doors.values() if one.name in tied]
        outer = tuple(one.name for one in ordered if not one.room)
        found.append(Passage(outer, tuple(one.name for one in ordered if one.room)))
    return tuple(found)


def _tied(first: str, doors: Mapping[str, Door]) -> set[str]:
    """Doors that are tied to one by interlocks, whichever of the two names the other."""
    found, open_ = {first}, [first]
    while open_:
        name = open_.pop()
        for other in doors.values():
            if other.name not in found and (name in other.interlock or other.name in doors[name].interlock):
                found.add(other.name)
                open_.append(other.name)
    return found
