"""An alarm's life at the guard's desk: raised, taken, acknowledged; when it is late, called out again.

Rule 1: nobody of the pair that opened the room takes or silences an alarm of it (behaviour 33c), and nobody
the alarm that calls out what they did themselves: left one chief, signed in the place of one, got a code.
Rule 2: a late alarm is called out once until somebody takes it: an empty desk does not fill the log.
Rule 3: whatever is said of duress is sealed, and who is under it learns nothing by asking (behaviour 35).
"""

from __future__ import annotations

from controller.core.causes import stands
from controller.core.console_roles import ConsoleRole, Via
from controller.core.effects import Body, Raise, Silence
from controller.core.events import Asking
from controller.core.plan import SitePlan
from controller.core.remembered import Alarm
from controller.core.turn import Turn
from controller.core.words import SILENT, AlarmKind, Kind, Reason

OUTCOMES = ("true", "false", "test", "drill")
"""What an alarm turned out to be."""
LONGEST_NOTE = 500


def take(turn: Turn, ask: Asking) -> None:
    """Take an alarm, and look after it: from now on it is this guard's to acknowledge."""
    found = _asked_for(turn, ask)
    fresh = [a for a in found if a.taken_by != ask.by or a.late]
    if reason := _not_theirs(turn, ask, found) or (None if fresh else Reason.NOTHING_TO_DO):
        turn.deny(reason)
        return
    for alarm in fresh:
        taken(turn, alarm, ask.by)
    turn.accept()


def taken(turn: Turn, alarm: Alarm, by: str, **more: str) -> None:
    """Write down who looks after an alarm from now on."""
    turn.write(Kind.ALARM_TAKEN, alarm.place, [by], alarm=alarm.kind, **more, **_seal(alarm))


def acknowledge(turn: Turn, ask: Asking) -> None:
    """Take note of an alarm: a reason, and never one of the pair that opened the room (behaviour 33c).

    At the console also what it was (``outcome``); and while its cause stands only a chief who says ``force``.
    """
    note, outcome = str(ask.fields.get("reason", ask.fields.get("note", ""))), ask.fields.get("outcome", "")
    if not note or outcome not in (OUTCOMES if ask.via != Via.BOX else ("", *OUTCOMES)):
        turn.deny(Reason.NOT_UNDERSTOOD)
        return
    found = _asked_for(turn, ask)
    unended = [a for a in found if stands(turn, a)]
    if reason := _not_theirs(turn, ask, found) or (_too_early(turn, ask) if unended else None):
        turn.deny(reason)
        return
    for alarm in found:
        what: Body = {"alarm": alarm.kind, "note": note[:LONGEST_NOTE]}
        what |= {"outcome": outcome} if outcome else {}
        what |= {"cause_stood": True} if alarm in unended else {}
        turn.write(Kind.ALARM_ACKNOWLEDGED, alarm.place, [ask.by], **what, **_seal(alarm))
        turn.do(Silence(alarm.kind, alarm.place))
    turn.accept()


def due(plan: SitePlan, alarm: Alarm) -> int | None:
    """When an alarm is called out again; None where it was, and nobody has taken it since."""
    if alarm.late:
        return None
    if alarm.taken_at is None:
        return alarm.since + plan.alarm_take_ms
    return alarm.taken_at + plan.alarm_settle_ms


def escalate(turn: Turn, *, key: str) -> None:
    """Nobody took it, or who did has not settled it: call everybody, and let another take it over."""
    alarm = turn.state.alarms[key]
    who = [alarm.taken_by] if alarm.taken_by else []
    count = alarm.escalated + 1
    turn.do(Raise(alarm.kind, alarm.place, silent=alarm.kind in SILENT))
    turn.write(
        Kind.ALARM_ESCALATED,
        alarm.place,
        who,
        Reason.TIMEOUT,
        alarm=alarm.kind,
        count=count,
        **_seal(alarm),
    )


def opened_it(turn: Turn, alarm: Alarm, person: str) -> bool:
    """Tell whether somebody opened the room of an alarm, now or when it was raised."""
    return person in alarm.openers or person in turn.openers(alarm.place)


def _asked_for(turn: Turn, ask: Asking) -> list[Alarm]:
    """Alarms that are meant; of duress nobody learns who may be standing beside the one who forces."""
    kind = str(ask.fields.get("alarm", ask.fields.get("kind", "")))
    place = str(ask.fields.get("place", ""))
    found = [a for a in turn.state.alarms.values() if a.kind == kind and place in {"", a.place}]
    return [a for a in found if a.kind != AlarmKind.DURESS or not opened_it(turn, a, ask.by)]


def _not_theirs(turn: Turn, ask: Asking, found: list[Alarm]) -> Reason | None:
    """Why these alarms are not this person's to settle."""
    if not found:
        return Reason.NOTHING_TO_DO
    if theirs := [alarm for alarm in found if opened_it(turn, alarm, ask.by)]:
        opened = any(a.kind != AlarmKind.CONSOLE or ask.by in turn.openers(a.place) for a in theirs)
        return Reason.OPENED_THE_ROOM if opened else Reason.ONESELF
    others = any(a.taken_by not in {"", ask.by} and not a.late for a in found)
    return Reason.TAKEN if others else None


def _too_early(turn: Turn, ask: Asking) -> Reason | None:
    """A cause that stands keeps its alarm at the console, unless a chief says so; the box may say so, too."""
    if ask.via == Via.BOX:
        return None
    chief = ConsoleRole.CHIEF.value in turn.state.people[ask.by].roles
    return None if chief and ask.fields.get("force") is True else Reason.CAUSE_STANDS


def _seal(alarm: Alarm) -> Body:
    return {"sealed": True} if alarm.kind == AlarmKind.DURESS else {}
