"""A visitor's pass is given back, or is missing; devices are handed out.

Rule: a badge that is not there is lost, and dead at once; what is not back stays written down as missing,
with what was said about it.
"""

from __future__ import annotations

from typing import Any

from controller.core import withdrawal
from controller.core.effects import Body
from controller.core.events import Asking
from controller.core.remembered_visits import Visit, VisitStatus
from controller.core.turn import Turn
from controller.core.visit_fields import LONGEST_NOTE
from controller.core.words import Kind, Reason


def give_back(turn: Turn, ask: Asking, name: str, visit: Visit) -> bool:
    """Take pass and badge back and hand the devices out; a badge that is not there is lost, and dead.

    Later again for what was missing then. Answers whether it was understood.
    """
    first = visit.status is VisitStatus.INSIDE
    back = ask.fields.get("badge_returned", None if first else not visit.badge_missing)
    lockers = _lockers(visit, ask.fields.get("devices_returned", []))
    note = ask.fields.get("reason", "")
    if not isinstance(back, bool) or lockers is None or not isinstance(note, str):
        turn.deny(Reason.NOT_UNDERSTOOD)
        return False
    kept = [one.locker for one in visit.devices if one.locker not in lockers]
    returned: Body = {"badge": visit.badge, "badge_returned": back or not (first or visit.badge_missing)}
    named = {"visit": name, "visitor": visit.visitor}
    said = {"note": note.strip()[:LONGEST_NOTE]} if note.strip() else {}
    turn.write(Kind.PASS_RETURNED, "", [ask.by], **named, **returned, lockers=lockers, kept=kept, **said)
    if first and not back and not turn.state.badges[visit.badge].blocked:
        turn.write(Kind.BADGE_BLOCKED, "", [ask.by], badge=visit.badge, person=visit.visitor)
        withdrawal.lost(turn, visit.badge)
    turn.accept(kept=kept)
    return True


def _lockers(visit: Visit, given: Any) -> list[str] | None:
    """Lockers whose things are handed out: a list of them, or true for all; None for anything else."""
    there = [one.locker for one in visit.devices]
    if given is True:
        return there
    known = isinstance(given, list) and all(isinstance(one, str) and one in there for one in given)
    return list(dict.fromkeys(given)) if known else None
