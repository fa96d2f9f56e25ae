"""What lamp and sounder of each reader show, made from what is so.

Rule: a signal is never kept; it is computed from the state, and only a refusal is shown for a moment.
"""

from __future__ import annotations

from controller.core.effects import Signal
from controller.core.plan import ReaderPlan, Side
from controller.core.state import BoxPhase, Door, DoorPhase
from controller.core.turn import Turn


def shown_at(turn: Turn, reader: ReaderPlan) -> Signal:
    """Signal of a reader now."""
    flash = turn.moment.flashes.get(reader.name)
    if flash and turn.at < flash.until:
        return flash.signal
    if reader.side is Side.ENROLMENT:
        return Signal.WAIT if reader.name in turn.state.issues else Signal.IDLE
    if reader.side is Side.CABINET:
        return _cabinet(turn, reader)
    door = turn.state.door(reader.at)
    return _inside(door) if reader.side is not Side.IN else _outside(door)


def shown_from(turn: Turn, reader: str, signal: Signal) -> int:
    """Room time from which a signal is shown: a refusal as long after the card as any other."""
    flash = turn.moment.flashes.get(reader)
    return flash.shown if flash and flash.signal is signal else 0


def _outside(door: Door) -> Signal:
    if door.phase is DoorPhase.RELEASED and (door.entering or door.visiting):
        return Signal.GRANTED
    if door.pending:
        return Signal.PENDING
    waits = door.delay_until is not None or door.phase is DoorPhase.AWAITING
    return Signal.WAIT if waits else Signal.IDLE


def _inside(door: Door) -> Signal:
    if door.exit_waits is not None:
        return Signal.WAIT
    leaves = door.leaving or door.unknown_leaver
    return Signal.GRANTED if door.phase is DoorPhase.RELEASED and leaves else Signal.IDLE


def _cabinet(turn: Turn, reader: ReaderPlan) -> Signal:
    plan = turn.plan.cabinets[reader.at]
    boxes = [turn.state.compartment(plan.full(k)).phase for k in plan.compartments]
    if BoxPhase.RELEASED in boxes:
        return Signal.GRANTED
    pending = turn.state.cabinet(plan.name).pending
    if pending:
        return Signal.WAIT if pending.ready else Signal.PENDING
    return Signal.IDLE
