"""Two doors that never open together (behaviour 28).

Rule: it looks at the other door closed and locked, as observed and as commanded; unknown is not closed.
"""

from __future__ import annotations

from controller.core.events import Level
from controller.core.plan import DoorPlan, Role, SitePlan
from controller.core.state import DoorPhase, State

OPEN = frozenset({DoorPhase.PASSING, DoorPhase.HELD, DoorPhase.FORCED})


def closed_and_locked(plan: SitePlan, state: State, name: str) -> bool:
    """Tell whether a door is observed closed and bolted, and not commanded free."""
    door = state.door(name)
    if not door.bolted:
        return False
    points = (*plan.inputs_of(name, Role.CONTACT), *plan.inputs_of(name, Role.BOLT))
    doubted = state.lost | state.noisy
    return all(state.level(p) is Level.NORMAL and p not in doubted for p in points)


def free_of(plan: SitePlan, state: State, door: DoorPlan) -> bool:
    """Tell whether no interlocked door stands in the way of this one."""
    return _overridden(state, door) or all(closed_and_locked(plan, state, other) for other in door.interlock)


def beside_open(state: State, door: DoorPlan) -> bool:
    """Tell whether an interlocked door stands open beside this one; a line that is lost says nothing."""
    return not _overridden(state, door) and any(state.door(other).phase in OPEN for other in door.interlock)


def _overridden(state: State, door: DoorPlan) -> bool:
    until = state.door(door.name).override_until
    return until is not None and state.at < until
