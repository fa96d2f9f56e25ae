"""The machines do what their tables say: every reading in every phase, through the real Site."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest

from controller.core import compartment, door, pair, passage, waiting
from controller.core.compartment import BoxReading
from controller.core.door import DoorReading
from controller.core.effects import Body
from controller.core.events import Level, Witnessed
from controller.core.eye_events import PicturesTaken
from controller.core.state import BoxPhase, DoorPhase
from controller.core.turn import Turn
from tests.core.eyes import picture
from tests.core.plans import passage as two_doors
from tests.core.plans import pictured, witnessed
from tests.core.room import Room


def _forced(room: Room) -> None:
    room.open("main")


def _granted(room: Room) -> None:
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")


def _passing(room: Room) -> None:
    _granted(room)
    room.open("main")


def _held(room: Room) -> None:
    _passing(room)
    room.wait(30)


def _locked(room: Room) -> None:
    room.wait(1)


REACH = {
    DoorPhase.LOCKED: _locked,
    DoorPhase.RELEASED: _granted,
    DoorPhase.PASSING: _passing,
    DoorPhase.HELD: _held,
    DoorPhase.FORCED: _forced,
    DoorPhase.AWAITING: _granted,
}


def _let_out(room: Room) -> None:
    room.tap("main.out", "B1")


def _anew(room: Room, level: Level) -> list[Body]:
    """A cut line heals: whatever the phase, the contact reports anew."""
    room.input("main.contact", Level.CUT)
    return list(room.input("main.contact", level).entries)


def _at_once(room: Room, happens: Callable[..., None], *more: str) -> list[Body]:
    """Something that falls due later, or needs the button pressed without its release, happens now."""
    turn = Turn(room.plan, room.state, room.site.moment, b"", room.now)
    happens(turn, room.plan.doors["main"], *more)
    return turn.entries


def _cosigned(room: Room) -> list[Body]:
    return list(room.step(Witnessed(room.now, "bank", room.state.size)).entries)


def _not_cosigned(room: Room) -> list[Body]:
    turn = Turn(room.plan, room.state, room.site.moment, b"", room.now + 3_000)
    waiting.settle(turn)
    return turn.entries


def _answered(pictures: tuple[Body, ...]) -> Callable[[Room], list[Body]]:
    """The recorder answers the Snapshot that a door may wait for."""

    def happen(room: Room) -> list[Body]:
        waits = room.state.door("main").awaiting
        return list(room.step(PicturesTaken(room.now, waits.shot if waits else 1, "now", pictures)).entries)

    return happen


def _by_the_handle(room: Room) -> list[Body]:
    room.state.inputs["main.rex"] = Level.ACTIVE
    return _at_once(room, passage.opened, "main.contact")


READ: dict[DoorReading, Callable[[Room], list[Body]]] = {
    DoorReading.OPENED: lambda room: _anew(room, Level.ACTIVE),
    DoorReading.OPENED_FROM_INSIDE: _by_the_handle,
    DoorReading.SHUT: lambda room: _anew(room, Level.NORMAL),
    DoorReading.RELEASE_ENDED: lambda room: _at_once(room, passage.release_ended),
    DoorReading.EXIT_ENDED: lambda room: _at_once(room, passage.release_ended),
    DoorReading.OPEN_TOO_LONG: lambda room: _at_once(room, passage.held),
    DoorReading.RESTARTED: lambda room: list(room.restart(settle=False).entries),
    DoorReading.COSIGNED: _cosigned,
    DoorReading.NOT_COSIGNED: _not_cosigned,
    DoorReading.PICTURED: _answered((picture("door", 0),)),
    DoorReading.UNPICTURED: _answered(()),
    DoorReading.BLIND: _answered(()),
}
PLANS = {
    DoorReading.PICTURED: pictured(),
    DoorReading.UNPICTURED: pictured(room={"unpictured_opens": True}),
    DoorReading.BLIND: pictured(),
}
MOVED = {move.entry for move in door.TABLE.values() if move.entry}


@pytest.mark.parametrize("phase", DoorPhase)
@pytest.mark.parametrize("reading", DoorReading)
def test_the_site_does_what_the_doors_table_says(phase: DoorPhase, reading: DoorReading) -> None:
    room = Room(PLANS.get(reading, witnessed()) if phase is DoorPhase.AWAITING else None)
    leaving = reading is DoorReading.EXIT_ENDED and phase is DoorPhase.RELEASED
    (_let_out if leaving else REACH[phase])(room)
    assert room.state.door("main").phase is phase
    written = {e["kind"] for e in READ[reading](room)} & MOVED
    move = door.TABLE[phase, reading]
    assert room.state.door("main").phase is move.to
    assert written == ({move.entry} if move.entry else set())


def _box_released(room: Room) -> None:
    room.enter("B1", "B2")
    room.ask("open_compartment", "li", compartment="c1.a")
    room.tap("c1", "B1")
    room.tap("c1", "B2")


def _box_open(room: Room) -> None:
    _box_released(room)
    room.open("c1.a")


BOXES: dict[BoxPhase, Callable[[Room], object]] = {
    BoxPhase.LOCKED: _locked,
    BoxPhase.RELEASED: _box_released,
    BoxPhase.OPEN: _box_open,
    BoxPhase.FORCED: lambda room: room.open("c1.a"),
}


def _box_release_ends(room: Room) -> list[Body]:
    turn = Turn(room.plan, room.state, room.site.moment, b"", room.now)
    compartment.release_ended(turn, "c1.a")
    return turn.entries


def _box_reads(room: Room, level: Level) -> list[Body]:
    room.input("c1.a.contact", Level.CUT)
    return list(room.input("c1.a.contact", level).entries)


BOX_READ: dict[BoxReading, Callable[[Room], list[Body]]] = {
    BoxReading.OPENED: lambda room: _box_reads(room, Level.ACTIVE),
    BoxReading.SHUT: lambda room: _box_reads(room, Level.NORMAL),
    BoxReading.RELEASE_ENDED: _box_release_ends,
    BoxReading.RESTARTED: lambda room: list(room.restart(settle=False).entries),
}
BOX_MOVED = {move.entry for move in compartment.TABLE.values() if move.entry}


@pytest.mark.parametrize("phase", BoxPhase)
@pytest.mark.parametrize("reading", BoxReading)
def test_the_site_does_what_the_compartments_table_says(phase: BoxPhase, reading: BoxReading) -> None:
    room = Room()
    BOXES[phase](room)
    assert room.state.compartment("c1.a").phase is phase
    written = {e["kind"] for e in BOX_READ[reading](room)} & BOX_MOVED
    move = compartment.TABLE[phase, reading]
    assert room.state.compartment("c1.a").phase is move.to
    assert written == ({move.entry} if move.entry else set())


def test_a_committed_pair_ends_as_the_released_door_does() -> None:
    committed = pair.PairPhase.COMMIT
    for event, reading in (
        (pair.PairEvent.TIMEOUT, DoorReading.RELEASE_ENDED),
        (pair.PairEvent.RESTART, DoorReading.RESTARTED),
    ):
        assert pair.TABLE[committed, event].entry == door.TABLE[DoorPhase.RELEASED, reading].entry


@pytest.mark.parametrize("thing", ["main.in", "c1"])
def test_a_pair_being_made_writes_what_its_table_says(thing: str) -> None:
    room = Room()
    if thing == "c1":
        room.enter("B1", "B2")
    waiting, event = pair.PairPhase.PENDING, pair.PairEvent
    for badges, happened in (
        (["B1"], event.ACCEPTED),
        (["B1", "B1b"], event.SAME),
        (["B1", "nobody"], event.REFUSED),
        (["B1", "nobody", "nobody", "nobody"], event.TOO_MANY),
    ):
        room.wait(16)
        for badge in badges:
            room.tap(thing, badge)
        phase = waiting if len(badges) > 1 else pair.PairPhase.IDLE
        assert pair.TABLE[phase, happened].entry in room.kinds
    room.tap(thing, "B2")
    assert pair.TABLE[waiting, event.TIMEOUT].entry in {e["kind"] for e in room.wait(15).entries}
    room.tap(thing, "B2")
    assert pair.TABLE[waiting, event.CANCELLED].entry in {
        e["kind"] for e in room.ask("lockdown", "zhao", reason="a drill").entries
    }
    room.ask("lift_lockdown", "chen")
    room.tap(thing, "B2")
    assert pair.TABLE[waiting, event.RESTART].entry in {e["kind"] for e in room.restart().entries}


def test_every_input_takes_every_level_in_every_phase_of_a_door() -> None:
    for reach in REACH.values():
        room = Room(two_doors())
        reach(room)
        for point, level in product(room.plan.inputs, Level):
            room.input(point, level)
            room.input(point, level, settled=False)
        assert not any(room.is_open(lock) and not room.of("granted") for lock in room.plan.locks)
