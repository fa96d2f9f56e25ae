"""Laws of every state: alone, cabinets, open doors and what waits for a time: I2, I3, I4, I5 and I10.

Rule: as in invariants.py; a law answers None, or one sentence about what it saw.
"""

from __future__ import annotations

from controller.core.state import BoxPhase, DoorPhase, State
from tests.core.walk.facts import (
    OPEN,
    TWO,
    ahead,
    confirmed,
    staying,
)
from tests.core.walk.worlds import CABINET, ROOM, World


def alone(_: World, state: State) -> str | None:
    """I3: fewer than two confirmed inside, but somebody: the timer runs, or the guard was called."""
    room = state.room(ROOM)
    if not room.inside or room.unknown or len(confirmed(state)) >= TWO:
        return None
    if room.lone_at is not None and state.at < room.lone_at:
        return None
    return None if room.lone_raised else f"{room.inside} inside, and nobody watches"


def cabinets_need_two(_: World, state: State) -> str | None:
    """I4: no compartment stays released with fewer than two confirmed who stay inside."""
    free = [name for name, box in state.compartments.items() if box.phase is BoxPhase.RELEASED]
    if free and (state.room(ROOM).unknown or len(staying(state)) < TWO):
        return f"{free} released with {sorted(staying(state))} inside"
    return None


def nothing_beside_an_open_door(world: World, state: State) -> str | None:
    """I2: while a door stands open, no other is released for entering, except by fire or override."""
    for name in world.doors:
        door = state.door(name)
        if door.phase is not DoorPhase.RELEASED or state.fire or door.leaving or door.unknown_leaver:
            continue
        opened = [other for other in world.doors if other != name and state.door(other).phase in OPEN]
        until = door.override_until
        if opened and not (until is not None and state.at < until):
            return f"{name} released for entering while {opened[0]} stands open"
    return None


def times_are_bounded(world: World, state: State) -> str | None:
    """I10: what waits for a time waits for a time to come, and for no longer than its setting."""
    for name, door in state.doors.items():
        if door.phase is DoorPhase.RELEASED and not ahead(door.until, state.at, world.millis("unlock")):
            return f"{name} released until {door.until} at {state.at}"
        if door.pending and not ahead(door.pending.deadline, state.at, world.millis("pair")):
            return f"a pair waits at {name} beyond its deadline"
        waits = door.exit_waits is not None and door.phase is not DoorPhase.RELEASED
        if waits and state.at - (door.exit_waits or 0) >= world.millis("egress"):
            return f"somebody waits at {name} beyond the limit"
    for name, box in state.compartments.items():
        if box.phase is BoxPhase.RELEASED and not ahead(box.until, state.at, world.millis("unlock")):
            return f"{name} released until {box.until} at {state.at}"
    pending = state.cabinet(CABINET).pending
    if pending and not ahead(pending.deadline, state.at, world.millis("pair")):
        return "a pair waits at the cabinet beyond its deadline"
    return None


def grants_wait_no_longer(world: World, state: State) -> str | None:
    """I10: a grant waits for log witnesses and pictures no longer than the room's limits."""
    limits = [("witness", world.witnessed), ("picture", bool(world.pictured))]
    for name, door in state.doors.items():
        for limit, asked in limits if door.awaiting else ():
            until = getattr(door.awaiting, {"witness": "deadline", "picture": "picture_until"}[limit])
            if asked and not ahead(until, state.at, world.millis(limit)):
                return f"a grant waits at {name} beyond its limit"
    return None


def locked_means_nobody_passes(world: World, state: State) -> str | None:
    """Nobody is on the way through a locked door, unless somebody waits there to leave."""
    for name in world.doors:
        door = state.door(name)
        passing = door.entering or door.visiting or door.leaving or door.unknown_leaver
        if door.phase is DoorPhase.LOCKED and passing and door.exit_waits is None:
            return f"{passing} on the way through {name}, which is locked"
    return None


def who_waits_keeps_a_name(world: World, state: State) -> str | None:
    """I5: who waits to leave is still known by name, or known to be unknown."""
    for name in world.doors:
        door = state.door(name)
        if door.exit_waits is not None and not door.leaving and not door.unknown_leaver:
            return f"somebody waits at {name}, and nobody knows who"
    return None
