"""PINs typed at a reader, right, wrong and under duress.

Rule: whatever was typed, everything outside looks the same (behaviour 34 to 36).
"""

from __future__ import annotations

from controller.core import access, alarms
from controller.core.effects import Signal
from controller.core.events import PinTyped
from controller.core.people import pin_says
from controller.core.turn import Turn
from controller.core.words import AlarmKind, Kind, Reason


def typed(turn: Turn, reading: PinTyped) -> None:
    """Check digits against the last badge at this reader; alone they open nothing."""
    last = turn.moment.last_badge.get(reading.reader)
    if last is None or turn.at - last[2] > turn.plan.pin_ms:
        _refuse(turn, reading.reader, (), Reason.PIN_ALONE)
        return
    holder = turn.state.people.get(last[0])
    if holder is None or not holder.pin:
        turn.accept()
        return
    normal, duress = pin_says(turn.pepper, holder, reading.digits)
    if duress:
        _duress(turn, reading.reader, holder.id)
    if dead := _dead(turn, last[1]):
        _refuse(turn, reading.reader, (holder.id,), dead)
        return
    if normal or duress:
        turn.accept()
        return
    turn.write(Kind.WRONG_PIN, reading.reader, [holder.id], reader=reading.reader, badge=last[1], wrong=True)
    access.withdraw(turn, holder.id)
    turn.flash(reading.reader, Signal.REFUSED)
    turn.deny(Reason.WRONG_PIN)
    alarms.punish(turn, reading.reader)


def _dead(turn: Turn, badge: str) -> Reason | None:
    """A badge that is dead or waits out its penalty tells nobody whether a PIN is right."""
    if turn.state.badges[badge].blocked:
        return Reason.BADGE_BLOCKED
    return Reason.PENALTY if turn.at < turn.state.penalties.get(badge, turn.at) else None


def _refuse(turn: Turn, reader: str, who: tuple[str, ...], reason: Reason) -> None:
    turn.write(Kind.REFUSED, reader, who, reason)
    turn.flash(reader, Signal.REFUSED)
    turn.deny(reason)


def _duress(turn: Turn, reader: str, person: str) -> None:
    """Call for help silently; the mark is sealed."""
    at = turn.plan.readers[reader].at
    cabinet = turn.plan.cabinets.get(at)
    door = turn.plan.doors.get(at)
    room = cabinet.room if cabinet else door.room if door else ""
    turn.write(Kind.DURESS, room or at, [person], reader=reader, sealed=True)
    turn.alarm(AlarmKind.DURESS, room or at, sealed=True)
