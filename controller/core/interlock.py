"""Two doors that never open together (behaviour 28).

Rule: it looks at the other door closed and locked, as observed and as commanded; unknown is not closed.
"""

from __future__ import annotations

from controller.core.events import Level
from controller.core.plan import DoorPlan, Role, SitePlan
from controller.core.state import DoorPhase, State


def closed_and_locked(plan: SitePlan, state: State, name: str) -> bool:
    """Tell whether a door is observed closed and bolted, and not commanded free."""
    door = state.door(name)
    if door.phase is not DoorPhase.LOCKED:
        return False
    points = (*plan.inputs_of(name, Role.CONTACT), *plan.inputs_of(name, Role.BOLT))
    return all(state.level(p) is Level.NORMAL and p not in state.lost for p in points)


def free_of(plan: SitePlan, state: State, door: DoorPlan) -> bool:
    """Tell whether no interlocked door stands in the way of this one."""
    until = state.door(door.name).override_until
    if until is not None and state.at < until:
        return True
    return all(closed_and_locked(plan, state, other) for other in door.interlock)
