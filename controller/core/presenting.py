"""A card at a reader: what it is worth, and which machine it is for.

Rule: a card is looked at once, here, at every kind of reader alike; leaving is never blocked.
"""

from __future__ import annotations

from controller.core import access, alarms, cabinet, occupancy, passage, pins, withdrawal
from controller.core.events import BadgeRead
from controller.core.people import Badge
from controller.core.plan import DoorPlan, ReaderPlan, Side
from controller.core.proof import Presented, is_itself, presented
from controller.core.rules import IDENTITY, judge
from controller.core.turn import Turn
from controller.core.words import Kind, Reason


def badge(turn: Turn, read: BadgeRead) -> None:
    """A badge was presented."""
    reader = turn.plan.readers.get(read.reader)
    if reader is None:
        turn.deny(Reason.NOT_UNDERSTOOD)
    elif reader.side is Side.ENROLMENT:
        _at_the_desk(turn, read)
    else:
        _judged(turn, reader, presented(turn, read))


def _at_the_desk(turn: Turn, read: BadgeRead) -> None:
    """Where badges are made, one that is merely read opens nothing and is nowhere remembered."""
    known = turn.state.badges.get(read.badge)
    if read.fault:
        turn.deny(Reason.NOT_GENUINE)
    elif known is None or known.level != read.level:
        turn.deny(Reason.UNKNOWN_BADGE)
    else:
        turn.accept(person=known.holder, blocked=known.blocked)


def _judged(turn: Turn, reader: ReaderPlan, shown: Presented) -> None:
    believed = is_itself(turn, shown)
    credential = turn.state.badges.get(shown.of) if believed else None
    if credential:
        pins.seen(turn, shown.reader, credential.holder, shown.badge)
    else:
        turn.moment.last_badges.pop(shown.reader, None)  # a PIN typed now is not the last holder's
    twice = withdrawal.impossible(turn, shown) if believed else ""
    if twice:
        withdrawal.refuse_both(turn, shown, twice)
    door = turn.plan.doors.get(reader.at)
    if door and reader.side is Side.OUT:
        _out(turn, door, shown, twice=bool(twice))
    elif not twice:
        _in(turn, reader, door, shown)


def _out(turn: Turn, door: DoorPlan, shown: Presented, *, twice: bool) -> None:
    if twice:
        passage.let_out(turn, door, (), None, Reason.IMPOSSIBLE_TRAVEL)
    else:
        _leaves(turn, door, shown)


def _leaves(turn: Turn, door: DoorPlan, read: Presented) -> None:
    """A card at the reader inside: the way opens, whoever it is; who is not believed leaves as nobody."""
    credential = turn.state.badges.get(read.of)
    holder = turn.state.people.get(credential.holder) if credential else None
    who = (holder.id,) if holder else ()
    if reason := _not_believed(door, read, credential):
        wrong = alarms.wrong_attempt(read, reason)
        where = {"reader": read.reader, "badge": read.badge, "level": read.level}
        turn.write(Kind.REFUSED, read.reader, who, reason, **where, **read.says, **wrong)
        alarms.suspect(turn, read)
        alarms.punish(turn, read.reader)
        nobody = not who or reason in passage.NOBODY
        passage.let_out(turn, door, () if nobody else who, None, reason if nobody else "")
    else:
        passage.let_out(turn, door, who, read)
    turn.unflash(read.reader)
    turn.accept()


def _not_believed(door: DoorPlan, read: Presented, credential: Badge | None) -> Reason | None:
    if read.doubt or credential is None:
        return read.doubt or Reason.UNKNOWN_BADGE
    if read.level != credential.level or read.level not in door.levels:
        return Reason.LEVEL_TOO_LOW
    return Reason.BADGE_BLOCKED if credential.blocked else None


def _in(turn: Turn, reader: ReaderPlan, door: DoorPlan | None, shown: Presented) -> None:
    if door and reader.side is Side.CONFIRM:
        _confirm(turn, door, shown)
    elif door:
        access.badge_in(turn, door, shown)
    elif box := turn.plan.cabinets.get(reader.at):
        cabinet.badge(turn, box, shown)


def _confirm(turn: Turn, door: DoorPlan, shown: Presented) -> None:
    """A badge inside the room says who came in (behaviour 11); one that is nobody's says nothing."""
    case = access.case_of(turn, door, shown, ())
    who = (case.holder.id,) if case.holder else ()
    if reason := judge(case, IDENTITY):
        alarms.refuse(turn, shown, reason, who, "", "door")
        return
    if door.room and who:
        occupancy.confirm(turn, door.room, *who, shown.level)
    turn.accept()
