"""One door, as a table. Rule: this file does not know who may pass, nor what a passing means for the room."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from controller.core.state import DoorPhase


class DoorReading(StrEnum):
    """Facts a door can report; none can be refused."""

    OPENED = "opened"
    SHUT = "shut"
    RELEASE_ENDED = "release_ended"
    OPEN_TOO_LONG = "open_too_long"
    RESTARTED = "restarted"


@dataclass(frozen=True, slots=True)
class DoorMove:
    """Next phase, and the Entry that says so; no Entry where nothing changes."""

    to: DoorPhase
    entry: str = ""


L, R, P, H, F = DoorPhase
O, S, E, T, Z = DoorReading  # noqa: E741 - the table reads as a table
TABLE: dict[tuple[DoorPhase, DoorReading], DoorMove] = {
    (L, O): DoorMove(F, "forced"),  # behaviour 25
    (L, S): DoorMove(L),
    (L, E): DoorMove(L),
    (L, T): DoorMove(L),
    (L, Z): DoorMove(L),
    (R, O): DoorMove(P, "opened"),  # behaviour 24: relocks on opening
    (R, S): DoorMove(R),
    (R, E): DoorMove(L, "no_entry"),  # or no_exit, by direction
    (R, T): DoorMove(R),
    (R, Z): DoorMove(L, "interrupted"),  # behaviour 12
    (P, O): DoorMove(P),
    (P, S): DoorMove(L, "shut"),
    (P, E): DoorMove(P),
    (P, T): DoorMove(H, "held"),
    (P, Z): DoorMove(P, "interrupted"),
    (H, O): DoorMove(H),
    (H, S): DoorMove(L, "shut"),
    (H, E): DoorMove(H),
    (H, T): DoorMove(H),
    (H, Z): DoorMove(P, "interrupted"),
    (F, O): DoorMove(F),
    (F, S): DoorMove(L, "shut"),
    (F, E): DoorMove(F),
    (F, T): DoorMove(F),
    (F, Z): DoorMove(F),
}
