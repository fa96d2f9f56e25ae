"""Which pictures belong to an event, and who may be in them.

Rule: it asks plan and state, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from controller.core.effects import Body, Wanted
from controller.core.eye_plan import ShotPlan
from controller.core.plan import SitePlan
from controller.core.state import Door, State
from controller.core.words import AlarmKind, Kind

BURST_MS = 1_000
"""Within so long the same kind at the same place is one Snapshot: the first of them."""
STANDING_MS, BREAKING_MS = 60_000, 10_000
"""So long after its last Snapshot an alarm that still stands is photographed again; one of iron sooner."""
BREAKING = frozenset({AlarmKind.FORCED, AlarmKind.CABINET_FORCED, AlarmKind.WINDOW_OPEN, AlarmKind.INTRUSION})
"""Alarms of iron that gives way and of movement: each time it is another deed, and takes more than a card."""
MOST_WANTED = 96
"""Pictures of one Snapshot: an Entry that names them all is far below its longest (65,535 bytes)."""
MOST_OPEN = 256
"""Snapshots that are waited for at once; whatever is asked for beyond is answered at once, as busy."""
MOST_SEALS = 32
"""Subjects of one Snapshot, as many as one picture is sealed for."""
BY_CHOICE = frozenset(
    {Kind.REFUSED, Kind.OPENED, Kind.ENTERED, Kind.LEFT, Kind.CABINET_OPENED, Kind.COMPARTMENT_OPENED}
)
"""Entries that are photographed only where the site says so; of what is refused only badges and PINs."""


def wanted_at(plan: SitePlan, place: str, why: str) -> tuple[Wanted, ...]:
    """Pictures of an event by the site's choice for its kind; those nearest to it, if they are too many."""
    shot = plan.shots.get(why, ShotPlan())
    cameras = [c for c in plan.cameras if c in shot.cameras] if shot.cameras else cameras_at(plan, place)
    moments = sorted(set(shot.moments), key=lambda moment: (abs(moment), moment))
    nearest = [Wanted(camera, moment) for moment in moments for camera in cameras]
    return tuple(sorted(nearest[:MOST_WANTED], key=lambda one: one.moment))


def cameras_at(plan: SitePlan, place: str) -> list[str]:
    """Cameras that see a place, or the room it belongs to."""
    there = {place, place.split(".", maxsplit=1)[0], *plan.rooms_at(place)}
    views = plan.views
    return [c for c in plan.cameras if c not in views or not views[c].sees or there & {*views[c].sees}]


def believed(state: State, camera: str) -> bool:
    """Tell whether what a camera shows counts as a picture of a grant: a covered one shows nothing."""
    return state.cameras.get(camera, "back") == "back"


def again_ms(alarm: AlarmKind) -> int:
    """After how long an alarm that stands is photographed again."""
    return BREAKING_MS if alarm in BREAKING else STANDING_MS


def chosen(plan: SitePlan, entry: Body) -> bool:
    """Tell whether the site has an Entry photographed that is not photographed everywhere."""
    return entry["kind"] in plan.shots and entry["kind"] in BY_CHOICE and "asking" not in entry


def named_in(entry: Body) -> list[str]:
    """Who has moved by an Entry; nobody by a refusal, whoever was refused."""
    return [] if entry["kind"] == Kind.REFUSED else [*entry.get("who", ()), *entry.get("visitors", ())]


def covered(
    plan: SitePlan, state: State, at: int, key: str, seals: Iterable[str], people: Iterable[str]
) -> bool:
    """Tell whether the last Snapshot of the same kind at the same place, ``kind@place``, shows this too.

    It does within ``BURST_MS``, unless it is not sealed for somebody who was let in or out since. Only
    they count: whoever is refused, or waits for a second person, makes no picture more. So there is one
    a second, and one more at most for each who is let in or out.
    """
    before, place = state.pictured.get(key), key.partition("@")[2]
    if before is None or at >= before + BURST_MS:
        return False
    rooms = plan.rooms_at(place)
    moved = {*people, *_inside(state, rooms), *_passing(_doors_at(plan, state, place, rooms))}
    return not moved & {*seals} - {*state.pictured_for.get(key, ())}


def seals_at(
    plan: SitePlan, state: State, place: str, people: Iterable[str], seen: Iterable[str] = ()
) -> tuple[str, ...]:
    """Everybody who may be in a picture of a place: inside, at its doors, seen or named; sorted, each once.

    Those whom the event names, ``people``, come first where there are more than ``MOST_SEALS``. Where
    nobody is known it is the room's own subject, ``room:vault``, or ``site:name`` where it is no one room's:
    whatever is seen there is evidence of the room, and belongs to no person.

    It is fixed at the event. Whoever only comes in during the moments after it may be in those pictures
    without their being sealed for that person; erasing that person leaves them readable.
    """
    rooms, named = plan.rooms_at(place), {*people}
    doors = _doors_at(plan, state, place, rooms)
    there = {*named, *seen, *_inside(state, rooms), *_passing(doors), *_waiting(doors)}
    known = [p for p in there if p in state.people and not state.people[p].erased]
    first = sorted(known, key=lambda p: (p not in named, p))[:MOST_SEALS]
    nobody = f"room:{rooms[0]}" if len(rooms) == 1 else f"site:{plan.name}"
    return tuple(sorted(first)) or (nobody,)


def _inside(state: State, rooms: Iterable[str]) -> set[str]:
    return {p for room in rooms for p in (*state.room(room).inside, *state.room(room).visitors)}


def _doors_at(plan: SitePlan, state: State, place: str, rooms: Iterable[str]) -> list[Door]:
    doors = {d.name for room in rooms for d in plan.doors_of(room)}
    doors |= {part for part in (place, place.split(".", maxsplit=1)[0]) if part in plan.doors}
    return [state.door(name) for name in doors]


def _passing(doors: Iterable[Door]) -> set[str]:
    """Who was let in or out, and may still be in the door."""
    return {p for now in doors for p in (*now.entering, *now.visiting, *now.leaving, *now.gathering)}


def _waiting(doors: Iterable[Door]) -> set[str]:
    """Who has badged, and waits for another person or for the bolt."""
    waits = [party for now in doors for party in (now.pending, now.awaiting) if party is not None]
    return {member.holder for party in waits for member in party.members}
