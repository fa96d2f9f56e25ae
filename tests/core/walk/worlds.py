"""The small rooms that are walked to the last corner: their plans, their people, and how they begin.

Rule: every timer is a whole number of quanta and every event happens on a quantum, so that the space closes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from controller.core.events import Asking, InputLevel, Level, Started
from controller.core.plan import (
    CabinetPlan,
    DoorPlan,
    InputPlan,
    LogWitnesses,
    ReaderPlan,
    Role,
    RoomPlan,
    Side,
    SitePlan,
    Together,
)
from controller.core.site import Site
from controller.core.state import State

WALL = 1_772_413_200_000  # Monday 2026-03-02, 09:00 in Shanghai
ROOM, CABINET, WITNESS, CAMERA = "vault", "c1", "bank", "eye"
NEVER = 10**12  # Entries or milliseconds: what a log witness leaves undone is an alarm, and no move here
GUARDS = ("guard", "chief")  # ask for what people of the room may not: recount, lockdown, override


@dataclass(frozen=True)
class World:
    """One room to walk: who is there, what hangs at its doors, and which events happen."""

    name: str
    people: int
    doors: tuple[str, ...] = ("outer", "main")
    bolts: tuple[str, ...] = ()  # doors with a bolt sense
    boxes: tuple[str, ...] = ()
    confirm: bool = False  # who came in is confirmed by a reader inside
    happens: frozenset[str] = frozenset()  # names of moves.py beside badges, doors, exits and time
    coarse: bool = False  # fold also what no decision asks for, see canon.py
    witnessed: bool = False  # a log witness cosigns a grant before the bolt is released
    pictured: str = ""  # a picture is on disk before the bolt is released; without it "refuse" or "open"
    refusals: int = 1
    quantum: int = 1_000  # milliseconds
    quanta: dict[str, int] = field(default_factory=dict)  # timers longer than one quantum

    def __hash__(self) -> int:
        return hash(self.name)

    @cached_property
    def persons(self) -> tuple[str, ...]:
        """People of the room, all entitled alike."""
        return tuple(f"p{n}" for n in range(1, self.people + 1))

    @cached_property
    def points(self) -> tuple[str, ...]:
        """Inputs whose level is part of a state; a request to exit is let go at once unless it is held."""
        plan = plan_of(self)
        held = "held_button" in self.happens
        return tuple(p.name for p in plan.inputs.values() if held or p.role is not Role.REX)

    def millis(self, timer: str) -> int:
        """Length of a timer."""
        return self.quanta.get(timer, 1) * self.quantum


def plan_of(world: World) -> SitePlan:
    """Site of a world; a badge seen twice (33f) and lamps are left to other tests."""
    return SitePlan(
        world.name,
        digest="policy-1",
        rooms={ROOM: _room(world)},
        log_witnesses=LogWitnesses((WITNESS,) if world.witnessed else (), 1, NEVER, NEVER),
        doors={name: _door(world, name) for name in world.doors},
        cabinets={CABINET: _cabinet(world)} if world.boxes else {},
        readers={r.name: r for r in _readers(world)},
        inputs={i.name: i for i in _inputs(world)},
        cameras=(CAMERA,) if world.pictured else (),
        walk_ms=0,
        signal_ms=0,
        refusals=world.refusals,
    )


def _room(world: World) -> RoomPlan:
    return RoomPlan(
        ROOM,
        lone_ms=world.millis("lone"),
        witnessed=int(world.witnessed),
        witness_ms=world.millis("witness"),
        pictured=bool(world.pictured),
        picture_ms=world.millis("picture"),
        unpictured_opens=world.pictured == "open",
    )


def _door(world: World, name: str) -> DoorPlan:
    return DoorPlan(
        name,
        room=ROOM if name == "main" else "",
        together=Together(people=2 if name == "main" else 1, window_ms=world.millis("pair")),
        unlock_ms=world.millis("unlock"),
        held_ms=world.millis("held"),
        prealarm_ms=0,
        bolt_ms=world.millis("bolt"),
        egress_wait_ms=world.millis("egress"),
        confirm_by_reader=world.confirm and name == "main",
        interlock=tuple(other for other in world.doors if other != name),
        has_bolt=name in world.bolts,
    )


def _cabinet(world: World) -> CabinetPlan:
    pair = Together(people=2, window_ms=world.millis("pair"))
    times: dict[str, Any] = {"unlock_ms": world.millis("unlock"), "session_ms": world.millis("session")}
    return CabinetPlan(CABINET, ROOM, world.boxes, together=pair, **times)


def _readers(world: World) -> list[ReaderPlan]:
    sides = {"in": Side.IN, "out": Side.OUT}
    found = [ReaderPlan(f"{door}.{s}", door, side) for door in world.doors for s, side in sides.items()]
    if world.confirm:
        found.append(ReaderPlan("main.inside", "main", Side.CONFIRM))
    if world.boxes:
        found.append(ReaderPlan(CABINET, CABINET, Side.CABINET))
    return found


def _inputs(world: World) -> list[InputPlan]:
    found = [InputPlan(f"{door}.contact", Role.CONTACT, door) for door in world.doors]
    found += [InputPlan(f"{door}.bolt", Role.BOLT, door) for door in world.bolts]
    found += [InputPlan(f"{door}.rex", Role.REX, door) for door in world.doors]
    for box in world.boxes:
        found.append(InputPlan(f"{CABINET}.{box}.contact", Role.CONTACT, f"{CABINET}.{box}"))
    if "fire" in world.happens:
        found.append(InputPlan("fire", Role.FIRE, "fire"))
    return found


def badge_of(person: str) -> str:
    """The one badge of a person."""
    return f"badge of {person}"


def beginning(world: World) -> State:
    """The room as it stands before the first event: everybody outside, everything shut and bolted."""
    site = Site(plan_of(world))
    everybody = {p: {"badges": [badge_of(p)]} for p in world.persons} | {g: {} for g in GUARDS}
    site.step(Started(0, WALL, "policy-1"))
    site.step(Asking(0, "found", "", fields={"people": everybody}))
    for point in site.plan.inputs:
        site.step(InputLevel(0, point, Level.NORMAL, settled=True))
    return site.state
