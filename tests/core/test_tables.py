"""The machines' tables are total: a sensor reports facts, and no fact finds a machine without an answer."""

from __future__ import annotations

from enum import StrEnum
from itertools import product
from typing import Any

import pytest

from controller.core import compartment, door, pair
from controller.core.events import Level
from controller.core.state import BoxPhase, DoorPhase
from controller.core.words import Kind
from tests.core.plans import passage
from tests.core.room import Room

MACHINES: list[tuple[dict[Any, Any], type[StrEnum], type[StrEnum]]] = [
    (door.TABLE, DoorPhase, door.DoorReading),
    (compartment.TABLE, BoxPhase, compartment.BoxReading),
    (pair.TABLE, pair.PairPhase, pair.PairEvent),
]


@pytest.mark.parametrize(("table", "phases", "readings"), MACHINES)
def test_every_phase_has_an_answer_to_every_reading_and_to_nothing_else(
    table: dict[Any, Any], phases: type[StrEnum], readings: type[StrEnum]
) -> None:
    assert set(table) == set(product(phases, readings))


@pytest.mark.parametrize(("table", "phases", "_readings"), MACHINES)
def test_every_move_leads_to_a_phase_and_says_a_stable_word(
    table: dict[Any, Any], phases: type[StrEnum], _readings: type[StrEnum]
) -> None:
    for move in table.values():
        assert move.to in phases
        assert not move.entry or move.entry in set(Kind)


@pytest.mark.parametrize(("table", "phases", "_readings"), MACHINES)
def test_no_change_of_phase_is_without_an_entry_but_the_done_pair(
    table: dict[Any, Any], phases: type[StrEnum], _readings: type[StrEnum]
) -> None:
    silent = {key for key, move in table.items() if move.to is not key[0] and not move.entry}
    assert silent <= {(pair.PairPhase.PENDING, pair.PairEvent.DONE)}


@pytest.mark.parametrize(("table", "phases", "_readings"), MACHINES)
def test_every_phase_can_be_reached_and_left(
    table: dict[Any, Any], phases: type[StrEnum], _readings: type[StrEnum]
) -> None:
    granted = {DoorPhase.RELEASED, BoxPhase.RELEASED}  # reached by a grant, which is no reading
    reached = {move.to for key, move in table.items() if move.to is not key[0]}
    left = {key[0] for key, move in table.items() if move.to is not key[0]}
    assert set(phases) == reached | (granted & set(phases)) | {next(iter(phases))}
    assert set(phases) == left


def test_a_restart_leaves_nothing_released() -> None:
    for phase in DoorPhase:
        assert door.TABLE[phase, door.DoorReading.RESTARTED].to is not DoorPhase.RELEASED
    for box in BoxPhase:
        assert compartment.TABLE[box, compartment.BoxReading.RESTARTED].to is not BoxPhase.RELEASED


def test_only_shutting_makes_an_open_door_locked() -> None:
    for phase, reading in product(DoorPhase, door.DoorReading):
        if phase in {DoorPhase.PASSING, DoorPhase.HELD, DoorPhase.FORCED}:
            locks = door.TABLE[phase, reading].to is DoorPhase.LOCKED
            assert locks is (reading is door.DoorReading.SHUT)


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
}


@pytest.mark.parametrize("phase", DoorPhase)
@pytest.mark.parametrize("reading", door.DoorReading)
def test_the_site_does_what_the_doors_table_says(phase: DoorPhase, reading: door.DoorReading) -> None:
    room = Room()
    REACH[phase](room)
    assert room.state.door("main").phase is phase
    before = len(room.entries)
    if reading is door.DoorReading.OPENED:
        room.open("main")
    elif reading is door.DoorReading.SHUT:
        room.shut("main")
    elif reading is door.DoorReading.RESTARTED:
        room.restart(settle=False)
    else:
        return  # these fall due by themselves: test_pair and the doors' tests
    move = door.TABLE[phase, reading]
    assert room.state.door("main").phase is move.to
    if move.entry:
        assert move.entry in {e["kind"] for e in room.entries[before:]}


def test_every_input_takes_every_level_in_every_phase_of_a_door() -> None:
    for reach in REACH.values():
        room = Room(passage())
        reach(room)
        for point, level in product(room.plan.inputs, Level):
            room.input(point, level)
            room.input(point, level, settled=False)
        assert not any(room.is_open(lock) and not room.of("granted") for lock in room.plan.locks)
