"""Who must be found in an emergency: everybody the site knows to be here. Rule: a count in doubt says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from web.now.places import people_inside
from web.now.shift import visiting

View = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody to be found: id, host of a visitor ("" for staff), where, since when (an Entry's time)."""

    id: str
    host: str
    visitor: bool
    place: str
    since: str


def expected(view: View) -> list[Called]:
    """Everybody inside a room or with a visitor's pass, each once."""
    people = view.get("people", {})
    visits = {one.visitor: one for one in visiting(view)}
    found: dict[str, Called] = {}
    for room in view.get("rooms", {}):
        for one in people_inside(view, room):
            visit = visits.get(one.id)
            host = visit.host if visit else str(people.get(one.id, {}).get("host", ""))
            found[one.id] = Called(one.id, host if one.visitor else "", one.visitor, room, one.since)
    for visitor, visit in visits.items():
        found.setdefault(visitor, Called(visitor, visit.host, True, ", ".join(visit.areas), ""))
    return [*found.values()]


def is_certain(view: View) -> bool:
    """Whether every room is known to have exactly the people that are told."""
    return all(now.get("occupancy", "unknown") != "unknown" for now in view.get("rooms", {}).values())
