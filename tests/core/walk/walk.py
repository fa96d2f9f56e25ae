"""The walk: every state of a world that the real ``Site.step`` can reach, breadth first.

Rule: there is no model here; a state is what the Site made, and a successor is what the Site makes of it.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from time import process_time

from controller.core.effects import Body, Effect
from controller.core.site import Site
from controller.core.state import BoxPhase, DoorPhase, State
from controller.core.turn import Moment
from tests.core.walk.canon import canonical
from tests.core.walk.moves import Move, Mover
from tests.core.walk.worlds import ROOM, World, beginning, plan_of

GRANTED = frozenset({DoorPhase.RELEASED, DoorPhase.AWAITING})


@dataclass(slots=True)
class Step:
    """One move and everything that came of it."""

    world: World
    before: State
    move: Move
    effects: list[Effect]
    entries: list[Body]
    after: State


Law = Callable[[Step], str | None]
StateLaw = Callable[[World, State], str | None]


@dataclass(slots=True)
class Walked:
    """What a walk has seen: states by number, how each was first reached, and every transition."""

    world: World
    numbers: dict[bytes, int] = field(default_factory=dict)
    parent: array[int] = field(default_factory=lambda: array("l"))
    how: list[str] = field(default_factory=list)
    empty: bytearray = field(default_factory=bytearray)  # of each state: nobody is inside, all is locked
    resting: bytearray = field(default_factory=bytearray)  # of each state: nothing is released or waits
    first: array[int] = field(default_factory=lambda: array("l"))  # where a state's transitions begin
    to: array[int] = field(default_factory=lambda: array("l"))
    sorts: bytearray = field(default_factory=bytearray)  # of each transition
    seconds: float = 0.0
    broken: str = ""  # the law that was broken
    end: tuple[int, str] = (0, "")  # where, and by which move

    def story(self) -> str:
        """Shortest way to what broke, one move a line."""
        return "\n".join([f"{self.world.name}: {self.broken}", *self.path(*self.end)])

    def path(self, at: int, then: str) -> list[str]:
        """Moves from the beginning to a state, and one more."""
        told = [then]
        while at:
            told.append(self.how[at])
            at = self.parent[at]
        return [f"  {n}. {words}" for n, words in enumerate(reversed(told), 1)]

    def figures(self) -> str:
        """States, transitions and seconds, for the test's output."""
        found = f"{len(self.numbers):,} states, {len(self.to):,} transitions"
        return f"{self.world.name}: {found}, {self.seconds:.1f} s of CPU"

    def add(self, form: bytes, state: State, parent: int, how: str) -> None:
        """Number a state that was not seen before."""
        self.numbers[form] = len(self.how)
        self.parent.append(parent)
        self.how.append(how)
        self.empty.append(is_empty(self.world, state))
        self.resting.append(is_resting(state))


def is_empty(world: World, state: State) -> bool:
    """Tell whether nobody is counted inside and every door is locked."""
    room = state.room(ROOM)
    gone = not room.inside or (world.coarse and room.unknown)
    return gone and all(state.door(d).phase is DoorPhase.LOCKED for d in world.doors)


def is_resting(state: State) -> bool:
    """Tell whether nothing is released, no pair is waited for and nobody waits to leave."""
    doors = all(
        d.phase not in GRANTED and d.pending is None and d.exit_waits is None for d in state.doors.values()
    )
    boxes = all(b.phase is not BoxPhase.RELEASED for b in state.compartments.values())
    return doors and boxes and all(c.pending is None for c in state.cabinets.values())


def walk(world: World, laws: tuple[Law, ...], state_laws: tuple[StateLaw, ...]) -> Walked:
    """Walk a world to closure, or to the first law that is broken."""
    seen, began = Walked(world), process_time()
    start, mover, site = beginning(world), Mover(world), Site(plan_of(world))
    seen.add(canonical(world, start), start, 0, "")
    queue = deque([start])
    while queue and not seen.broken:
        _expand(seen, queue, mover, site, laws, state_laws)
    seen.seconds = process_time() - began
    return seen


def _expand(
    seen: Walked,
    queue: deque[State],
    mover: Mover,
    site: Site,
    laws: tuple[Law, ...],
    state_laws: tuple[StateLaw, ...],
) -> None:
    """Every transition out of the next state."""
    before, number = queue.popleft(), len(seen.first)
    seen.first.append(len(seen.to))
    for move in mover(before):
        step = take(seen.world, site, before, move)
        form = canonical(seen.world, step.after)
        new = form not in seen.numbers
        if broken := _broken(step, laws, state_laws if new else ()):
            seen.broken, seen.end = broken, (number, move.words)
            return
        if new:
            seen.add(form, step.after, number, move.words)
            queue.append(step.after)
        seen.to.append(seen.numbers[form])
        seen.sorts.append(move.sort)


def take(world: World, site: Site, before: State, move: Move) -> Step:
    """Let the real Site take the events of a move, from a copy of the state."""
    site.state, site.moment = before.copy(), Moment()
    effects: list[Effect] = []
    entries: list[Body] = []
    for event in move.events:
        outcome = site.step(event)
        effects += outcome.effects
        entries += outcome.entries
    forget(site.state)
    return Step(world, before, move, effects, entries, site.state)


def forget(state: State) -> None:
    """Drop what grows for ever and is set aside in canon.py."""
    state.alarms, state.attempts, state.penalties, state.openings = {}, {}, {}, ()


def _broken(step: Step, laws: tuple[Law, ...], state_laws: tuple[StateLaw, ...]) -> str:
    """The first law that a step or its new state breaks."""
    if step.effects or step.entries:
        for law in laws:
            if said := law(step):
                return said
    for state_law in state_laws:
        if said := state_law(step.world, step.after):
            return said
    return ""
