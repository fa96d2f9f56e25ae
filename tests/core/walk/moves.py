"""Everything that can happen next in a world, each with the words a story tells it by.

Rule: nothing here asks what is allowed; every badge comes to every reader, every door moves when it can.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from controller.core.events import Asking, BadgeRead, Event, InputLevel, Level, Started, TimePassed, Witnessed
from controller.core.eye_events import PicturesTaken
from controller.core.remembered import AFTER, NOW
from controller.core.state import State
from tests.core.eyes import picture
from tests.core.walk.canon import signatures
from tests.core.walk.worlds import GUARDS, ROOM, WALL, WITNESS, World, badge_of, plan_of

EVERYTHING = "the log witness cosigns everything"


class Sort(IntEnum):
    """What a move is for the questions about whole paths."""

    ANY = 0
    TIME = 1
    LEAVE = 2  # what a person who wants to get out, and the door in their hand, can do
    CRASH = 3


@dataclass(frozen=True, slots=True)
class Move:
    """Events that happen at one instant, in words."""

    words: str
    events: tuple[Event, ...]
    sort: Sort = Sort.ANY


Moves = Callable[[World, State], Iterator[Move]]


class Mover:
    """Lists the moves of a world; of people who cannot be told apart only one moves."""

    def __init__(self, world: World) -> None:
        self.world, self.plan = world, plan_of(world)
        self.kinds: list[Moves] = [MOVES[name] for name in ALWAYS]
        self.kinds += [MOVES[name] for name in MOVES if name in world.happens]
        names = [r.name for r in self.plan.readers.values()]
        outer = [r for r in names if r.startswith("outer.")]
        self.anonymous = outer if world.coarse else []  # behind the outer door is no room: any name will do
        self.personal = [r for r in names if r not in self.anonymous]

    def __call__(self, state: State) -> Iterator[Move]:
        """Every move out of a state."""
        yield from self._badges(state)
        for kind in self.kinds:
            yield from kind(self.world, state)

    def _badges(self, state: State) -> Iterator[Move]:
        one_of_each = dict(zip(signatures(self.world, state), self.world.persons, strict=True))
        first = self.world.persons[0]
        readers = [(reader, first) for reader in self.anonymous]
        readers += [(r, person) for person in one_of_each.values() for r in self.personal]
        for reader, person in readers:
            sort = Sort.LEAVE if reader.endswith(".out") else Sort.ANY
            yield Move(f"{person} badges at {reader}", (BadgeRead(state.at, reader, badge_of(person)),), sort)


def report(state: State, point: str, level: Level) -> InputLevel:
    """A level that has passed its chatter filter."""
    return InputLevel(state.at, point, level, settled=True)


def _inputs(world: World, state: State) -> Iterator[Move]:
    """Doors, bolts, compartments and fire change; after a start each may turn out to be either way."""
    for point in world.points:
        for level in (Level.NORMAL, Level.ACTIVE):
            if state.level(point) is not level:
                yield Move(f"{point} reports {level.value}", (report(state, point, level),), Sort.LEAVE)


def _press(world: World, state: State) -> Iterator[Move]:
    """Somebody inside presses the request to exit, and lets it go."""
    for door in world.doors if "held_button" not in world.happens else ():
        down, up = (report(state, f"{door}.rex", level) for level in (Level.ACTIVE, Level.NORMAL))
        yield Move(f"the request to exit of {door} is pressed", (down, up))


def _time(world: World, state: State) -> Iterator[Move]:
    yield Move("a quantum of time passes", (TimePassed(state.at + world.quantum),), Sort.TIME)


def _recount(world: World, state: State) -> Iterator[Move]:
    """Two guards count again when nobody knows; nobody, one or two of those who are not on their way."""
    if not state.room(ROOM).unknown:
        return
    longest = 0 if world.coarse else 2
    still = [p for p, sign in zip(world.persons, signatures(world, state), strict=True) if sign < 2]
    for many in range(min(len(still), longest) + 1):
        fields = {"room": ROOM, "inside": still[:many]}
        yield Move(f"two guards count {many} inside", (Asking(state.at, "recount", *GUARDS, fields),))


def _crash(world: World, state: State) -> Iterator[Move]:
    """The controller dies and starts from its log; then the inputs report what they say."""
    started = Started(state.at, state.at + WALL, "policy-1")
    again = [report(state, p, state.level(p)) for p in world.points if "lines" not in world.happens]
    yield Move("the controller crashes and starts again", (started, *again), Sort.CRASH)


def _cut(world: World, state: State) -> Iterator[Move]:
    """The line of a contact is cut."""
    for point in world.points:
        if point.endswith("contact") and state.level(point) is not Level.CUT:
            yield Move(f"the line of {point} is cut", (report(state, point, Level.CUT),))


def _lockdown(_: World, state: State) -> Iterator[Move]:
    if state.lockdown is None:
        yield Move("a guard locks down", (Asking(state.at, "lockdown", GUARDS[0]),))
    else:
        yield Move("another guard lifts the lockdown", (Asking(state.at, "lift_lockdown", GUARDS[1]),))


def _override(world: World, state: State) -> Iterator[Move]:
    for door in world.doors:
        fields = {"door": door, "reason": "furniture"}
        asking = Asking(state.at, "override_interlock", *GUARDS, fields)
        yield Move(f"two guards override the interlock for {door}", (asking,))


def _ask(world: World, state: State) -> Iterator[Move]:
    """Somebody asks for a compartment."""
    one_of_each = dict(zip(signatures(world, state), world.persons, strict=True))
    for person in one_of_each.values():
        for box in world.boxes:
            asking = Asking(state.at, "open_compartment", person, "", {"compartment": f"c1.{box}"})
            yield Move(f"{person} asks for {box}", (asking,))


def _block(world: World, state: State) -> Iterator[Move]:
    """A badge is reported lost."""
    one_of_each = dict(zip(signatures(world, state), world.persons, strict=True))
    for person in one_of_each.values():
        asking = Asking(state.at, "block_badge", GUARDS[0], "", {"badge": badge_of(person)})
        yield Move(f"the badge of {person} is blocked", (asking,))


def _end(world: World, state: State) -> Iterator[Move]:
    """All rights of a person end."""
    one_of_each = dict(zip(signatures(world, state), world.persons, strict=True))
    for person in one_of_each.values():
        asking = Asking(state.at, "end_person", GUARDS[0], "", {"person": person})
        yield Move(f"the rights of {person} end", (asking,))


def _cosign(_: World, state: State) -> Iterator[Move]:
    """The log witness answers: for everything, or for a head that was signed before the grant."""
    for door in state.doors.values():
        if door.awaiting:
            yield Move(EVERYTHING, (Witnessed(state.at, WITNESS, state.size),))
            early = Witnessed(state.at, WITNESS, door.awaiting.size - 1)
            yield Move("the log witness cosigns what was there before the grant", (early,))


def _picture(_: World, state: State) -> Iterator[Move]:
    """The recorder answers: for a grant that waits, for what came after it, or for another Snapshot."""
    waits = {door.awaiting.shot: name for name, door in state.doors.items() if door.awaiting}
    for number, shot in state.open_shots.items():
        whose = f"the grant at {waits[int(number)]}" if int(number) in waits else "another Snapshot"
        for part in shot.waits if int(number) in waits else (p for p in shot.waits if waits and p == NOW):
            there = tuple(picture(one.camera, one.moment) for one in shot.of(part))
            when = {NOW: "from before", AFTER: "from after"}[part]
            yield Move(f"pictures {when} {whose} are on disk", (_taken(state, number, part, there),))
            if part == NOW and int(number) in waits:
                yield Move(f"no picture {when} {whose} is there", (_taken(state, number, part, ()),))
                small = tuple(one | {"thumbnail": True} for one in there)
                yield Move(f"only thumbnails {when} {whose} are", (_taken(state, number, part, small),))


def _taken(state: State, number: str, part: str, pictures: tuple[dict[str, Any], ...]) -> PicturesTaken:
    return PicturesTaken(state.at, int(number), part, pictures)


def _stranger(world: World, state: State) -> Iterator[Move]:
    """A badge that nobody has."""
    for reader in plan_of(world).readers:
        yield Move(f"a stranger badges at {reader}", (BadgeRead(state.at, reader, "?"),))


def _remote(world: World, state: State) -> Iterator[Move]:
    """Two guards who are not there release a door."""
    for door in world.doors:
        fields = {"door": door, "seconds": 3, "reason": "ambulance"}
        yield Move(
            f"two guards release {door} from afar", (Asking(state.at, "release_door", *GUARDS, fields),)
        )


ALWAYS = ("inputs", "press", "time", "recount", "crash")
MOVES: dict[str, Moves] = {
    "inputs": _inputs,
    "press": _press,
    "time": _time,
    "recount": _recount,
    "crash": _crash,
    "cut": _cut,
    "lockdown": _lockdown,
    "override": _override,
    "ask": _ask,
    "block": _block,
    "end": _end,
    "stranger": _stranger,
    "cosign": _cosign,
    "picture": _picture,
    "remote": _remote,
}
