"""Whether a panel at a room shows a command too. Rule: said only where it is so (controller/core/panels.py).

A panel shows a command from its first signature on, so whoever signs first has nothing to compare yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from web.desk import site

PLACED = {
    "release_door": "door",
    "override_interlock": "door",
    "change_time_lock": "door",
    "recount": "room",
    "approve_opening": "room",
    "authorise": "cabinet",
    "pair_reader": "device",
    "issue_badge": "reader",
}
"""Commands about a place, and the field that names it; a test compares it with the controller's."""


def shown_at(ask: str, fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the panels that tell of a command."""
    plan = site().get("plan", {})
    named = fields.get(PLACED.get(ask, ""))
    place = named if isinstance(named, str) else ""
    rooms = _rooms(plan, place)
    return tuple(name for name, one in plan.get("panels", {}).items() if one.get("room", "") in {"", *rooms})


def _rooms(plan: Mapping[str, Any], place: str) -> frozenset[str]:
    """Rooms that a place belongs to; what is of none belongs to all."""
    for part in (place, place.split(".", maxsplit=1)[0]):
        if part in plan.get("rooms", {}):
            return frozenset({part})
        for sort in ("doors", "cabinets", "windows", "panels"):
            if room := plan.get(sort, {}).get(part, {}).get("room"):
                return frozenset({room})
    return frozenset(plan.get("rooms", {}))
