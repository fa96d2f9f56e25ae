"""Places of a site: what is in a room, and the lanes of the timeline. Rule: the site file's order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from web.i18n import N_

SORTS: dict[str, str] = {
    "rooms": N_("Rooms"),
    "doors": N_("Doors"),
    "windows": N_("Windows"),
    "cabinets": N_("Cabinets"),
    "cameras": N_("Cameras"),
}
Plan = Mapping[str, Mapping[str, Any]]


def lanes(plan: Plan) -> list[tuple[str, str]]:
    """Every place that has a lane, as (sort, name)."""
    return [(sort, name) for sort in SORTS for name in plan.get(sort, {})]


def places_of_rooms(plan: Plan) -> dict[str, frozenset[str]]:
    """Place → every place in it: compartments of cabinets, readers and inputs of doors, all of a room."""
    found: dict[str, set[str]] = {name: {name} for _, name in lanes(plan)}
    for name, cabinet in plan.get("cabinets", {}).items():
        found[name] |= {f"{name}.{one}" for one in cabinet.get("compartments", ())}
    for sort in ("readers", "inputs"):
        for name, thing in plan.get(sort, {}).items():
            if thing.get("at") in found:
                found[thing["at"]].add(name)
    for sort in ("doors", "windows", "cabinets"):
        for name, thing in plan.get(sort, {}).items():
            if thing.get("room") in found:
                found[thing["room"]] |= found[name]
    for name, camera in plan.get("cameras", {}).items():
        if camera.get("watches") in found:
            found[camera["watches"]].add(name)
    return {name: frozenset(places) for name, places in found.items()}


def lane_of(plan: Plan) -> dict[str, str]:
    """Place → the lane on which it is drawn: of a reader or a compartment that of what it belongs to."""
    own = {name: name for _, name in lanes(plan)}
    for sort in ("cabinets", "windows", "doors"):
        belonging = {place: name for name in plan.get(sort, {}) for place in places_of_rooms(plan)[name]}
        own = {**belonging, **own}
    return own


def room_of(plan: Plan, place: str) -> str:
    """The room that a place is or is in; "" for none, and for a place of no room."""
    if place in plan.get("rooms", {}):
        return place
    things = places_of_rooms(plan)
    return next((room for room in plan.get("rooms", {}) if place in things.get(room, ())), "")
