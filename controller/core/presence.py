"""Who counts as being in a room when something is opened in it, or to it.

Rule: whoever is not confirmed, or is on the way out, does not count; nothing here guesses.
"""

from __future__ import annotations

from controller.core.case import PAIR
from controller.core.plan import SitePlan
from controller.core.state import State


def staying(plan: SitePlan, state: State, room: str, at: int) -> set[str]:
    """People confirmed inside a room who have not badged out."""
    now = state.room(room)
    going = {person for door in plan.doors_of(room) for person in state.door(door.name).going(at)}
    return {*now.inside} - {*now.unconfirmed} - going


def two_stay(plan: SitePlan, state: State, room: str, at: int) -> bool:
    """Tell whether at least two people stay in a room, by a count that can be believed (behaviour 14, 39)."""
    unnamed = sum(state.door(door.name).unknown_leaver for door in plan.doors_of(room))
    return not state.room(room).unknown and len(staying(plan, state, room, at)) - unnamed >= PAIR
