"""Visits as desk and floor plan show them: ids, times, doors and things.

Rule: who a visitor is does not stand here; whoever may read the log finds the names there.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from controller.core.remembered_visits import Visit, VisitStatus
from controller.core.state import State
from controller.core.visit_known import is_blocked, lockers_in_use, visits_of

View = dict[str, Any]


def visits(state: State) -> View:
    """The visit book of these days, who may not come, and which lockers are in use.

    ``ended`` tells that the pass of a visit is dead though it was not given back yet, ``late`` that its
    time is over; instants are UTC milliseconds, ``closed`` is room time.
    """
    return {
        "book": {name: _visit(state, visit) for name, visit in state.visit_book.items()},
        "blocked": sorted({block.visitor for block in state.blocks.values()} - {""}),
        "blocked_documents": sum(":" not in key for key in state.blocks),
        "lockers": lockers_in_use(state),
    }


def _visit(state: State, visit: Visit) -> View:
    inside = [name for name, room in state.rooms.items() if visit.visitor in room.visitors]
    return {
        **asdict(visit),
        "status": visit.status.value,
        "areas": list(visit.areas),
        "devices": [asdict(one) for one in visit.devices],
        "open": visit.open,
        "ended": visit.status is VisitStatus.INSIDE and visit.visitor in state.ended_visits,
        "late": visit.status is VisitStatus.INSIDE and state.wall >= visit.ends,
        "room": inside[0] if inside else "",
        "blocked": is_blocked(state, visit.visitor),
        "visits": visits_of(state, visit.visitor),
    }
