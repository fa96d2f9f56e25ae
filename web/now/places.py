"""One place of the house: who is inside since when, its doors and cabinets, and what happened there last.

Rule: what is not told is not known; people are shown by the names that the log tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from controller.core.words import Kind
from controller.errors import IronroomError
from web.desk import site
from web.feed.row import Row
from web.i18n import translated
from web.names import name
from web.now.feed import told
from web.now.floor import discreet, floor_plan
from web.now.memory import memory
from web.plan.picture import FloorPlan
from web.plan.seen import Seen
from web.plan.shape import Shape
from web.plan.told import camera_told, compartment_told, inside, room_state, room_told, window_told
from web.plan.told_doors import door_told
from web.zones import zone

View = Mapping[str, Any]
LATEST = 10
PICTURING = frozenset({Kind.SNAPSHOT, Kind.PICTURES_TAKEN})
"""How pictures come; they stand beside what they show."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody inside: id, whether a visitor, since when (an Entry's time, "" where none tells)."""

    id: str
    visitor: bool
    since: str


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing of a place: what it is called, its states in words, whether it is not as it should be."""

    name: str
    words: tuple[str, ...]
    alarmed: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A room, or a thing that is in none; ``words`` is its state."""

    name: str
    is_room: bool
    words: tuple[str, ...]
    since: int | None
    people: tuple[Person, ...]
    doors: tuple[Thing, ...]
    windows: tuple[Thing, ...]
    cabinets: tuple[Thing, ...]
    cameras: tuple[Thing, ...]
    release: tuple[str, ...]  # doors that may be asked to be released


def place_of(view: View, wanted: str) -> Place | None:
    """A room or a thing by its name; None where the site has none of it, or has told no plan."""
    plan = floor_plan()
    if plan is None or "rooms" not in view:
        return None
    seen = _seen(plan, view)
    if wanted in plan.shape.rooms:
        return _room(seen, wanted)
    return _thing(seen, wanted)


def rooms(view: View) -> list[Thing]:
    """Every room in words, for a screen that is too narrow for a plan."""
    plan = floor_plan()
    if plan is None or "rooms" not in view:
        return []
    seen = _seen(plan, view)
    told_of = [(room, room_told(seen, room)) for room in plan.shape.rooms]
    return [Thing(room, one.words, "alarm" in one.looks) for room, one in told_of]


def latest(place: Place) -> list[Row]:
    """The newest lines of a place and what is in it."""
    names = [place.name, *(thing.name for group in _groups(place) for thing in group)]
    kept, log = memory()
    found = [entry for one in names for entry in kept.latest(log, one)]
    lines = told(sorted(found, key=lambda entry: int(entry["n"])))
    return [line for line in lines if line.kind not in PICTURING][:LATEST]


def people_inside(view: View, room: str) -> tuple[Person, ...]:
    """Who is inside a room, since when."""
    now = view.get("rooms", {}).get(room, {})
    staff, visitors = now.get("inside", ()), now.get("visitors", ())
    if not staff and not visitors:
        return ()
    since = _since(room)
    return (
        *(Person(str(one), False, since.get(str(one), "")) for one in staff),
        *(Person(str(one), True, since.get(str(one), "")) for one in visitors),
    )


def _since(room: str) -> dict[str, str]:
    """When people came in last; {} where the log cannot be read: who is inside is known without it."""
    try:
        kept, log = memory()
        return kept.entered(log, room)
    except IronroomError:
        return {}


def _room(seen: Seen, room: str) -> Place:
    shape = seen.shape
    doors = [door.name for door in shape.doors_of(room)]
    return Place(
        name=room,
        is_room=True,
        words=(*room_state(seen, room), *seen.alarms(room, within=False)),
        since=seen.thing("rooms", room).get("since"),
        people=people_inside(seen.view, room),
        doors=tuple(_door(seen, one) for one in doors),
        windows=tuple(_window(seen, one) for one, home in shape.windows.items() if home == room),
        cabinets=tuple(_boxes(seen, room)),
        cameras=tuple(_camera(seen, one) for one in _cameras(shape, room, doors)),
        release=tuple(doors),
    )


def _thing(seen: Seen, wanted: str) -> Place | None:
    """A door of a passage, a camera or a reader by itself."""
    shape = seen.shape
    door = wanted if wanted in shape.doors else shape.readers.get(wanted, ("", ""))[0]
    doors = (_door(seen, door),) if door in shape.doors else ()
    cameras = tuple(_camera(seen, one.name) for one in shape.cameras if one.name == wanted)
    if not doors and not cameras and wanted not in shape.readers:
        return None
    release = (door,) if doors else ()
    return Place(wanted, False, (), None, (), doors, (), (), cameras, release)


def _groups(place: Place) -> tuple[tuple[Thing, ...], ...]:
    return place.doors, place.windows, place.cabinets, place.cameras


def _door(seen: Seen, one: str) -> Thing:
    told_of = door_told(seen, seen.shape.doors[one])
    return Thing(one, told_of.words, "alarm" in told_of.looks)


def _window(seen: Seen, one: str) -> Thing:
    told_of = window_told(seen, one)
    return Thing(one, told_of.words, "alarm" in told_of.looks)


def _camera(seen: Seen, one: str) -> Thing:
    told_of = camera_told(seen, one)
    return Thing(one, told_of.words, "camera-bad" in told_of.looks)


def _boxes(seen: Seen, room: str) -> Iterator[Thing]:
    for cabinet in seen.shape.cabinets.values():
        if cabinet.room == room:
            for one in cabinet.compartments:
                told_of = compartment_told(seen, one)
                yield Thing(one, told_of.words, "alarm" in told_of.looks)


def _cameras(shape: Shape, room: str, doors: list[str]) -> list[str]:
    """Cameras that look at a room or at its doors; one that sees everything does."""
    near = {room, *doors}
    return [one.name for one in shape.cameras if one.watches == room or not one.sees or near & {*one.sees}]


def count_words(view: View, room: str) -> str:
    """How many are inside a room, in words; "" where nothing is told."""
    plan = floor_plan()
    if plan is None or "rooms" not in view:
        return ""
    return inside(_seen(plan, view), room)


def _seen(plan: FloorPlan, view: View) -> Seen:
    """The view with everything it takes to tell it, without silent alarms."""
    return Seen(plan.shape, discreet(view), translated, zone(str(site().get("zone", "UTC"))), name)
