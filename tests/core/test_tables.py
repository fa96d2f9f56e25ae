"""The machines' tables are total: a sensor reports facts, and no fact finds a machine without an answer."""

from __future__ import annotations

from enum import StrEnum
from itertools import product
from typing import Any

import pytest

from controller.core import compartment, door, pair
from controller.core.door import DoorReading
from controller.core.state import BoxPhase, DoorPhase
from controller.core.words import Kind

MACHINES: list[tuple[dict[Any, Any], type[StrEnum], type[StrEnum]]] = [
    (door.TABLE, DoorPhase, DoorReading),
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
    granted = {DoorPhase.RELEASED, DoorPhase.AWAITING, BoxPhase.RELEASED}  # reached by a grant, no reading
    reached = {move.to for key, move in table.items() if move.to is not key[0]}
    left = {key[0] for key, move in table.items() if move.to is not key[0]}
    assert set(phases) == reached | (granted & set(phases)) | {next(iter(phases))}
    assert set(phases) == left


def test_a_restart_leaves_nothing_released() -> None:
    for phase in DoorPhase:
        assert door.TABLE[phase, DoorReading.RESTARTED].to is not DoorPhase.RELEASED
    for box in BoxPhase:
        assert compartment.TABLE[box, compartment.BoxReading.RESTARTED].to is not BoxPhase.RELEASED


def test_only_shutting_makes_an_open_door_locked() -> None:
    for phase, reading in product(DoorPhase, DoorReading):
        if phase in {DoorPhase.PASSING, DoorPhase.HELD, DoorPhase.FORCED}:
            locks = door.TABLE[phase, reading].to is DoorPhase.LOCKED
            assert locks is (reading is DoorReading.SHUT)
