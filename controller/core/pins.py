"""PINs typed at a reader, right, wrong and under duress.

Rule: whatever was typed, everything outside looks the same (behaviour 34 to 36).
"""

from __future__ import annotations

from controller.core import alarms, withdrawal
from controller.core.effects import Signal
from controller.core.events import PinTyped
from controller.core.people import Holder, pin_says
from controller.core.turn import Sighting, Turn
from controller.core.words import AlarmKind, Kind, Reason

MOST = 5  # people whose PIN may still be typed at one reader


def seen(turn: Turn, reader: str, holder: str, badge: str) -> None:
    """Remember whose badge was read; a PIN may be typed after the other badge of the pair, too."""
    known = [s for s in _recent(turn, reader) if s.holder != holder]
    turn.moment.last_badges[reader] = (Sighting(holder, badge, turn.at), *known[: MOST - 1])


def _recent(turn: Turn, reader: str) -> list[Sighting]:
    return [s for s in turn.moment.last_badges.get(reader, ()) if turn.at - s.at <= turn.plan.pin_ms]


def typed(turn: Turn, reading: PinTyped) -> None:
    """Check digits against the last badges at this reader; alone they open nothing."""
    recent = _recent(turn, reading.reader)
    if not recent:
        _refuse(turn, reading.reader, (), Reason.PIN_ALONE)
        return
    said = [(s, *pin_says(turn.pepper, h, reading.digits)) for s in recent if (h := _with_pin(turn, s))]
    if not said:
        turn.accept()
        return
    last, normal, duress = next((one for one in said if one[1] or one[2]), said[0])
    if duress:
        _duress(turn, reading.reader, last.holder)
    if dead := _dead(turn, last.badge):
        _refuse(turn, reading.reader, (last.holder,), dead)
    elif normal or duress:
        turn.accept()
    else:
        _wrong(turn, reading.reader, last)


def _with_pin(turn: Turn, seen_last: Sighting) -> Holder | None:
    holder = turn.state.people.get(seen_last.holder)
    return holder if holder and holder.pin else None


def _wrong(turn: Turn, reader: str, last: Sighting) -> None:
    turn.write(Kind.WRONG_PIN, reader, [last.holder], reader=reader, badge=last.badge, wrong=True)
    withdrawal.withdraw(turn, last.holder)
    turn.flash(reader, Signal.REFUSED)
    turn.deny(Reason.WRONG_PIN)
    alarms.punish(turn, reader)


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
