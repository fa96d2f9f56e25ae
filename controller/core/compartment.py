"""One compartment, as a table, and what its motion means for the session of its cabinet.

Rule: this file does not know who may open it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from controller.core import pair
from controller.core.effects import Secure
from controller.core.events import Level
from controller.core.plan import CabinetPlan
from controller.core.state import BoxPhase
from controller.core.turn import Turn
from controller.core.words import AlarmKind, Kind, Reason


class BoxReading(StrEnum):
    """Facts a compartment can report."""

    OPENED = "opened"
    SHUT = "shut"
    RELEASE_ENDED = "release_ended"
    RESTARTED = "restarted"


@dataclass(frozen=True, slots=True)
class BoxMove:
    """Next phase, and the Entry that says so."""

    to: BoxPhase
    entry: str = ""


L, R, O, F = BoxPhase  # noqa: E741 - the table reads as a table
TABLE: dict[tuple[BoxPhase, BoxReading], BoxMove] = {
    (L, BoxReading.OPENED): BoxMove(F, "forced"),
    (L, BoxReading.SHUT): BoxMove(L),
    (L, BoxReading.RELEASE_ENDED): BoxMove(L),
    (L, BoxReading.RESTARTED): BoxMove(L),
    (R, BoxReading.OPENED): BoxMove(O, "compartment_opened"),
    (R, BoxReading.SHUT): BoxMove(R),
    (R, BoxReading.RELEASE_ENDED): BoxMove(L, "no_opening"),
    (R, BoxReading.RESTARTED): BoxMove(L, "interrupted"),
    (O, BoxReading.OPENED): BoxMove(O),
    (O, BoxReading.SHUT): BoxMove(L, "compartment_shut"),
    (O, BoxReading.RELEASE_ENDED): BoxMove(O),
    (O, BoxReading.RESTARTED): BoxMove(O),
    (F, BoxReading.OPENED): BoxMove(F),
    (F, BoxReading.SHUT): BoxMove(L, "compartment_shut"),
    (F, BoxReading.RELEASE_ENDED): BoxMove(F),
    (F, BoxReading.RESTARTED): BoxMove(F),
}


def opened(turn: Turn, cabinet: CabinetPlan, box: str, point: str) -> None:
    """The contact of a compartment says open."""
    level = {"point": point, "level": Level.ACTIVE.value}
    move = TABLE[turn.state.compartment(box).phase, BoxReading.OPENED]
    if move.to is BoxPhase.FORCED and move.entry:
        turn.do(Secure(box))
        turn.write(Kind(move.entry), box, thing="compartment", **level)
        turn.alarm(AlarmKind.CABINET_FORCED, box)
    elif move.entry:
        first = not any(
            turn.state.compartment(cabinet.full(k)).phase is BoxPhase.OPEN for k in cabinet.compartments
        )
        session = turn.state.cabinet(cabinet.name).session
        turn.do(Secure(box))
        turn.write(Kind(move.entry), box, **level)
        if first:
            turn.write(Kind.CABINET_OPENED, cabinet.name, session.people if session else ())
    else:
        turn.write(Kind.INPUT, box, **level)


def shut(turn: Turn, cabinet: CabinetPlan, box: str, point: str) -> None:
    """The contact of a compartment says shut."""
    level = {"point": point, "level": Level.NORMAL.value}
    move = TABLE[turn.state.compartment(box).phase, BoxReading.SHUT]
    turn.write(Kind(move.entry or Kind.INPUT), box, **level)
    if move.entry:
        _finish(turn, cabinet)


def _finish(turn: Turn, cabinet: CabinetPlan) -> None:
    """End the session when nothing is open or released any more."""
    busy = {turn.state.compartment(cabinet.full(k)).phase for k in cabinet.compartments} - {BoxPhase.LOCKED}
    session = turn.state.cabinet(cabinet.name).session
    if session and not busy:
        turn.write(Kind.CABINET_CLOSED, cabinet.name, session.people)


def release_ended(turn: Turn, box: str) -> None:
    """The release of a compartment ran out and nobody opened it."""
    cabinet = turn.plan.cabinet_of(box)
    entry = TABLE[turn.state.compartment(box).phase, BoxReading.RELEASE_ENDED].entry
    turn.do(Secure(box))
    if entry:
        turn.write(Kind(entry), box)
    if cabinet:
        _finish(turn, cabinet)


def session_ended(turn: Turn, cabinet: CabinetPlan) -> None:
    """The session's time is over: what is still open is an alarm (behaviour 41)."""
    turn.write(Kind.SESSION_EXPIRED, cabinet.name)
    for short in cabinet.compartments:
        if turn.state.compartment(cabinet.full(short)).phase is BoxPhase.OPEN:
            turn.alarm(AlarmKind.CABINET_OPEN, cabinet.full(short))
    _finish(turn, cabinet)


def lock_out(turn: Turn, room: str) -> None:
    """Lock every compartment of a room that is released, and end what was being made."""
    for cabinet in turn.plan.cabinets_of(room):
        pending = turn.state.cabinet(cabinet.name).pending
        if pending:
            pair.cancel(turn, cabinet.name, pending.people, Reason.TOO_FEW_INSIDE, "cabinet")
        for short in cabinet.compartments:
            if turn.state.compartment(cabinet.full(short)).phase is BoxPhase.RELEASED:
                release_ended(turn, cabinet.full(short))
