"""PINs typed at a reader, right, wrong and under duress.

Rule: whatever was typed, everything outside looks the same (behaviour 34 to 36).
"""

from __future__ import annotations

from controller.core import alarms, withdrawal
from controller.core.events import PinTyped
from controller.core.people import Holder, pin_says
from controller.core.turn import Sighting, Turn
from controller.core.words import AlarmKind, Kind, Reason

MOST = 5  # people whose PIN may still be typed at one reader
NOBODY = Holder("")


def seen(turn: Turn, reader: str, holder: str, badge: str) -> None:
    """Remember whose badge was read; a PIN may be typed after the other badge of the pair, too."""
    known = [s for s in _recent(turn, reader) if s.holder != holder]
    turn.moment.last_badges[reader] = (Sighting(holder, badge, turn.at), *known[: MOST - 1])


def _recent(turn: Turn, reader: str) -> list[Sighting]:
    return [s for s in turn.moment.last_badges.get(reader, ()) if turn.at - s.at <= turn.plan.pin_ms]


def typed(turn: Turn, reading: PinTyped) -> None:
    """Check digits against the last badges at this reader; alone they open nothing."""
    recent = _recent(turn, reading.reader)
    said = _checked(turn, recent, reading.digits)
    if not recent:
        _refuse(turn, reading, (), Reason.PIN_ALONE)
        return
    place = next((n for n, one in enumerate(said) if any(one)), _blamed(turn, recent))
    last, (normal, duress) = recent[place], said[place]
    if duress:
        _duress(turn, reading.reader, last.holder)
    if dead := _dead(turn, last.badge):
        _refuse(turn, reading, (last.holder,), dead)
    elif normal or duress:
        turn.accept()
    else:
        _wrong(turn, reading, last)


def _checked(turn: Turn, recent: list[Sighting], digits: str) -> list[tuple[bool, bool]]:
    """What the digits are to each of the last badges; as much is computed for nobody as for five."""
    people = turn.state.people
    holders = [people.get(one.holder, NOBODY) for one in recent] + [NOBODY] * (MOST - len(recent))
    return [pin_says(turn.pepper, holder, digits) for holder in holders]


def _blamed(turn: Turn, recent: list[Sighting]) -> int:
    """Whose digits were wrong: the last badge's of somebody who has a PIN, or else the last badge's.

    Who has no PIN has none that is right, so that outside nobody learns who has one.
    """
    people = turn.state.people
    return next((n for n, one in enumerate(recent) if people.get(one.holder, NOBODY).pin), 0)


def _wrong(turn: Turn, typed_in: PinTyped, last: Sighting) -> None:
    reader = typed_in.reader
    turn.write(Kind.WRONG_PIN, reader, [last.holder], reader=reader, badge=last.badge, wrong=True)
    withdrawal.withdraw(turn, last.holder)
    turn.refused(reader, typed_in.at)
    turn.deny(Reason.WRONG_PIN)
    alarms.punish(turn, reader)


def _dead(turn: Turn, badge: str) -> Reason | None:
    """A badge that is dead or waits out its penalty tells nobody whether a PIN is right."""
    if turn.state.badges[badge].blocked:
        return Reason.BADGE_BLOCKED
    return Reason.PENALTY if turn.at < turn.state.penalties.get(badge, turn.at) else None


def _refuse(turn: Turn, typed_in: PinTyped, who: tuple[str, ...], reason: Reason) -> None:
    turn.write(Kind.REFUSED, typed_in.reader, who, reason)
    turn.refused(typed_in.reader, typed_in.at)
    turn.deny(reason)


def _duress(turn: Turn, reader: str, person: str) -> None:
    """Call for help silently; the mark is sealed."""
    at = turn.plan.readers[reader].at
    cabinet = turn.plan.cabinets.get(at)
    door = turn.plan.doors.get(at)
    room = cabinet.room if cabinet else door.room if door else ""
    turn.write(Kind.DURESS, room or at, [person], reader=reader, sealed=True)
    turn.alarm(AlarmKind.DURESS, room or at, sealed=True)
