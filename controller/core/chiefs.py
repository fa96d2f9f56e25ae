"""Who may use the console now, how many chiefs there are, and whether the house signs.

Rule 1: a house signs from the moment in which two chiefs in force had passkeys, and for ever after.
Rule 2: what must be signed is then heard signed alone; losing chiefs or passkeys takes nothing of it back,
for otherwise one chief could end the other and order alone, in any two names, at the box.
"""

from __future__ import annotations

from controller.core.console_roles import ConsoleRole
from controller.core.people import Holder
from controller.core.state import State

TWO = 2


def may_sign_in(state: State, at: int, person: str) -> Holder | None:
    """Whoever may use the console: staff, in force, with a role there; None for anybody else."""
    holder = state.people.get(person)
    if holder is None or holder.visitor or not holder.roles or not holder.in_force(at + state.offset):
        return None
    return holder


def chiefs_in_force(state: State, at: int) -> int:
    """How many chiefs there are, with passkeys or without."""
    return sum(_is_chief(state, at, person) for person in state.people)


def chiefs_with_passkeys(state: State, at: int) -> int:
    """How many chiefs in force have a passkey that counts."""
    return sum(_is_chief(state, at, person) for person in {key.person for key in state.passkeys.values()})


def signs(state: State, at: int) -> bool:
    """Tell whether what must be signed is heard signed alone."""
    return state.signs or chiefs_with_passkeys(state, at) >= TWO


def remember_whether_it_signs(state: State) -> None:
    """Note in the state that the house signs; only folds call this."""
    state.signs = signs(state, state.at)


def _is_chief(state: State, at: int, person: str) -> bool:
    holder = may_sign_in(state, at, person)
    return holder is not None and ConsoleRole.CHIEF in holder.roles
