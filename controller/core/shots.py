"""Which pictures belong to an event, and who may be in them.

Rule: it asks plan and state, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from controller.core.effects import Wanted
from controller.core.eye_plan import ShotPlan
from controller.core.plan import SitePlan
from controller.core.state import State

BURST_MS = 1_000
"""Within so long the same kind at the same place is one Snapshot: the first of them."""
MOST_WANTED = 96
"""Pictures of one Snapshot: an Entry that names them all is far below its longest (65,535 bytes)."""
MOST_OPEN = 256
"""Snapshots that are waited for at once; whatever is asked for beyond is answered at once, as busy."""
MOST_SEALS = 32
"""Subjects of one Snapshot, as many as one picture is sealed for."""


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


def seals_at(plan: SitePlan, state: State, place: str, people: Iterable[str]) -> tuple[str, ...]:
    """Everybody who may be in a picture of a place: inside, at its doors, or named; sorted, each once.

    Where nobody is known it is the room's own subject, ``room:vault``, or ``site:name`` where it is no one
    room's: whatever is seen there is evidence of the room, and belongs to no person.
    """
    rooms = plan.rooms_at(place)
    there = {*people, *_inside(state, rooms), *_at_doors(plan, state, place, rooms)}
    known = sorted(p for p in there if p in state.people and not state.people[p].erased)
    nobody = f"room:{rooms[0]}" if len(rooms) == 1 else f"site:{plan.name}"
    return tuple(known[:MOST_SEALS]) or (nobody,)


def _inside(state: State, rooms: Iterable[str]) -> set[str]:
    return {p for room in rooms for p in (*state.room(room).inside, *state.room(room).visitors)}


def _at_doors(plan: SitePlan, state: State, place: str, rooms: Iterable[str]) -> set[str]:
    doors = {d.name for room in rooms for d in plan.doors_of(room)}
    doors |= {part for part in (place, place.split(".", maxsplit=1)[0]) if part in plan.doors}
    found: set[str] = set()
    for now in map(state.door, doors):
        found |= {*now.entering, *now.visiting, *now.leaving, *now.gathering}
        members = (
            *(now.pending.members if now.pending else ()),
            *(now.awaiting.members if now.awaiting else ()),
        )
        found |= {member.holder for member in members}
    return found
