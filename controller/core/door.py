"""One door, as a table. Rule: this file does not know who may pass, nor what a passing means for the room.

The table decides: passage.py looks up every reading here and writes the Entry that the row names.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from controller.core.state import Door, DoorPhase


class DoorReading(StrEnum):
    """Facts a door can report; none can be refused."""

    OPENED = "opened"
    OPENED_FROM_INSIDE = "opened_from_inside"  # by the handle: a request to exit is pressed, or an exit waits
    SHUT = "shut"
    RELEASE_ENDED = "release_ended"
    EXIT_ENDED = "exit_ended"  # the end of a release for leaving only
    OPEN_TOO_LONG = "open_too_long"
    RESTARTED = "restarted"
    COSIGNED = "cosigned"  # enough log witnesses have cosigned the grant
    NOT_COSIGNED = "not_cosigned"  # they were waited for long enough
    PICTURED = "pictured"  # a picture of the grant is on disk
    UNPICTURED = "unpictured"  # none came, and the room opens all the same
    BLIND = "blind"  # none came, and the room stays shut


@dataclass(frozen=True, slots=True)
class DoorMove:
    """Next phase, and the Entry that says so; no Entry where nothing changes."""

    to: DoorPhase
    entry: str = ""


L, R, P, H, F, A = DoorPhase
O, I, S, E, X, T, Z, C, N, V, U, B = DoorReading  # noqa: E741 - the table reads as a table
TABLE: dict[tuple[DoorPhase, DoorReading], DoorMove] = {
    (L, O): DoorMove(F, "forced"),  # behaviour 25
    (L, I): DoorMove(P, "opened"),  # behaviour 15: the way out is free
    (L, S): DoorMove(L),
    (L, E): DoorMove(L),
    (L, X): DoorMove(L),
    (L, T): DoorMove(L),
    (L, Z): DoorMove(L),
    (L, C): DoorMove(L),
    (L, N): DoorMove(L),
    (L, V): DoorMove(L),
    (L, U): DoorMove(L),
    (L, B): DoorMove(L),
    (R, O): DoorMove(P, "opened"),  # behaviour 24: relocks on opening
    (R, I): DoorMove(P, "opened"),
    (R, S): DoorMove(R),
    (R, E): DoorMove(L, "no_entry"),
    (R, X): DoorMove(L, "no_exit"),
    (R, T): DoorMove(R),
    (R, Z): DoorMove(L, "interrupted"),  # behaviour 12
    (R, C): DoorMove(R),
    (R, N): DoorMove(R),
    (R, V): DoorMove(R),
    (R, U): DoorMove(R),
    (R, B): DoorMove(R),
    (P, O): DoorMove(P),
    (P, I): DoorMove(P),
    (P, S): DoorMove(L, "shut"),
    (P, E): DoorMove(P),
    (P, X): DoorMove(P),
    (P, T): DoorMove(H, "held"),
    (P, Z): DoorMove(P, "interrupted"),
    (P, C): DoorMove(P),
    (P, N): DoorMove(P),
    (P, V): DoorMove(P),
    (P, U): DoorMove(P),
    (P, B): DoorMove(P),
    (H, O): DoorMove(H),
    (H, I): DoorMove(H),
    (H, S): DoorMove(L, "shut"),
    (H, E): DoorMove(H),
    (H, X): DoorMove(H),
    (H, T): DoorMove(H),
    (H, Z): DoorMove(P, "interrupted"),
    (H, C): DoorMove(H),
    (H, N): DoorMove(H),
    (H, V): DoorMove(H),
    (H, U): DoorMove(H),
    (H, B): DoorMove(H),
    (F, O): DoorMove(F),
    (F, I): DoorMove(F),
    (F, S): DoorMove(L, "shut"),
    (F, E): DoorMove(F),
    (F, X): DoorMove(F),
    (F, T): DoorMove(F),
    (F, Z): DoorMove(F),
    (F, C): DoorMove(F),
    (F, N): DoorMove(F),
    (F, V): DoorMove(F),
    (F, U): DoorMove(F),
    (F, B): DoorMove(F),
    (A, O): DoorMove(F, "forced"),  # nothing is released yet
    (A, I): DoorMove(P, "opened"),
    (A, S): DoorMove(A),
    (A, E): DoorMove(L, "no_entry"),  # the grant is taken back
    (A, X): DoorMove(L, "no_entry"),
    (A, T): DoorMove(A),
    (A, Z): DoorMove(L, "pending_lost"),
    (A, C): DoorMove(R, "log_witnessed"),
    (A, N): DoorMove(R, "unwitnessed_opening"),
    (A, V): DoorMove(R, "grant_pictured"),
    (A, U): DoorMove(R, "unpictured_opening"),
    (A, B): DoorMove(L, "no_entry"),
}


def ended(now: Door) -> DoorReading:
    """What the end of a release is called: for entering, or for leaving only."""
    entering = now.entering or now.visiting or now.remote
    return DoorReading.RELEASE_ENDED if entering else DoorReading.EXIT_ENDED
