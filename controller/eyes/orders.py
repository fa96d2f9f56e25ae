"""What the recorder is told of a room: an order in its words, and who is inside. Rule: values only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from controller.core import effects
from controller.core.plan import SitePlan
from controller.core.state import State
from recorder.messages import Said, Snapshot, Wanted

EMPTY, OCCUPIED, UNKNOWN = "empty", "occupied", "unknown"


def ordered(
    order: effects.Snapshot, site: str, keys: Sequence[str], event: float, patience_s: float
) -> Snapshot:
    """An order as the line spells it; ``event`` is its monotonic second."""
    return Snapshot(
        order.shot,
        tuple(Wanted(one.camera, one.moment) for one in dict.fromkeys(order.wanted)),
        event,
        Said(site, order.place, order.why, order.time, order.clock, order.shot),
        tuple(keys),
        patience_s,
    )


def inside(plan: SitePlan, state: State) -> Mapping[str, str]:
    """Who is registered inside, by room."""
    return {name: _inside(state, name) for name in plan.rooms}


def _inside(state: State, name: str) -> str:
    room = state.room(name)
    if room.unknown:
        return UNKNOWN
    return OCCUPIED if room.inside or room.visitors else EMPTY
