"""One row of the table of Askings, whether it can be signed, and the Entry that says that it was.

Rule: what an Asking does stands elsewhere; nothing here carries one out.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from controller.core import panels
from controller.core.chiefs import TWO
from controller.core.console_roles import ConsoleRole
from controller.core.events import Asking
from controller.core.plan import SitePlan
from controller.core.state import State
from controller.core.turn import Turn
from controller.core.words import Kind

CHIEF = (ConsoleRole.CHIEF,)
SIGNERS = (ConsoleRole.GUARD, ConsoleRole.CUSTODIAN, *CHIEF, ConsoleRole.INSTALLER)
"""Who may sign anything at all."""
NO_MORE: Mapping[str, Any] = MappingProxyType({})
PLACES = ("door", "room", "compartment", "cabinet", "device", "reader", "place")
"""Fields of a command that say where it is about, in the order in which they are believed."""


@dataclass(frozen=True, slots=True)
class Row:
    """One Asking: what carries it out, how many people it takes, and its fields for docs/askings.md.

    ``roles`` are those of whom each person has one, asked at the console; of none it cannot be asked there.
    ``signed`` ones take a passkey over the exact command, once two people of these roles have passkeys.
    ``own`` ones of one person take two where their field ``own`` says that it is about what the first did.
    Of the two people of a ``chief`` one one is a chief. Where a house has one chief left, a ``heirs`` one is
    signed by that chief and by anybody else who may sign: so that there can be a second chief again.
    """

    do: Callable[[Turn, Asking], None]
    people: int
    fields: str
    roles: tuple[ConsoleRole, ...] = ()
    signed: bool = False
    own: bool = False
    chief: bool = False
    heirs: bool = False

    def takes(self, fields: Mapping[str, Any]) -> int:
        """How many people it takes with these fields."""
        return TWO if self.own and fields.get("own") is True else self.people

    def of_second(self, first: Container[str], chiefs: int) -> tuple[ConsoleRole, ...]:
        """Roles of whom the second signer has one; ``first`` has the first, and ``chiefs`` are in force."""
        if self.chief and ConsoleRole.CHIEF not in first:
            return CHIEF
        return SIGNERS if self.heirs and chiefs < TWO else self.roles


def can_be_signed(state: State, at: int, row: Row) -> bool:
    """Tell whether two people who may ask for it have passkeys that count."""
    wall = at + state.offset
    holders = {key.person for key in state.passkeys.values()}
    known = [state.people[p] for p in holders if p in state.people]
    can = [h for h in known if h.in_force(wall) and {*h.roles} & {*row.roles}]
    return len(can) >= TWO and (not row.chief or any(ConsoleRole.CHIEF in h.roles for h in can))


def write_signed(
    turn: Turn, ask: Asking, fields: Mapping[str, Any], waits: Mapping[str, Any] = NO_MORE
) -> None:
    """Write down who signed what; ``waits`` is until when it waits for the second of two."""
    name = str(ask.fields.get("ask", "")) if ask.name == panels.FIRST else ask.name
    place, proof = place_of(turn.plan, name, fields), {**ask.proof, **waits}
    turn.write(Kind.COMMAND_SIGNED, place, list(filter(None, (ask.by, ask.second))), **proof)


def place_of(plan: SitePlan, ask: str, fields: Mapping[str, Any]) -> str:
    """Where a command is about: the door, room or thing that it names, "" for the whole site."""
    for name in (panels.PLACED.get(ask, ""), *PLACES):
        place = fields.get(name)
        known: tuple[Container[str], ...] = (plan.doors, plan.rooms, plan.cabinets, plan.readers, plan.locks)
        if isinstance(place, str) and any(place in one for one in known):
            return place
    return ""
